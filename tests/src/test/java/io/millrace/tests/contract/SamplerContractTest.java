package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.sample.DiffusionSpec;
import io.millrace.core.sample.EstimatorSpec;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.ParticleMethods;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.spec.Spec;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every estimator with every diffusion against every check. */
class SamplerContractTest {
  private static final String MINI_BATCH = "mini-batch";

  /** The golden case that replays a rule; a rule without one is not in the registries. */
  private static final Map<String, String> GOLDEN =
      Map.ofEntries(
          Map.entry("sgld", "sgld_poly"),
          Map.entry("psgld", "psgld"),
          Map.entry("sghmc", "sghmc"),
          Map.entry("myula", "myula"),
          Map.entry("mirror-langevin", "mirror_langevin_entropic"),
          Map.entry("mini-batch", "sgld_poly"),
          Map.entry("control-variate", "sgld_cv"),
          Map.entry("svrg", "svrg_ld"),
          Map.entry("saga", "saga_ld"),
          Map.entry("full", "myula"),
          Map.entry("svgd", "svgd"),
          Map.entry("msvgd", "msvgd_dirichlet"));

  @TestFactory
  Stream<DynamicNode> contract() {
    return Estimators.ALL.stream().flatMap(e -> Diffusions.ALL.stream().map(d -> checks(e, d)));
  }

  private static DynamicNode checks(EstimatorSpec estimator, DiffusionSpec diffusion) {
    boolean draws = estimator.hypers().stream().anyMatch(h -> h.name().equals(MINI_BATCH));
    Sampler sampler =
        new Sampler(
            estimator.build(draws ? Map.of(MINI_BATCH, 1.0) : Map.of()), diffusion.build(Map.of()));
    String name = estimator.id() + " with " + diffusion.id();
    return DynamicContainer.dynamicContainer(
        name,
        Arrays.stream(SamplerCheck.values())
            .map(
                check ->
                    DynamicTest.dynamicTest(
                        name + " " + check.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        () -> check.run(sampler))));
  }

  @Test
  void everyRuleHasAGoldenCase() throws IOException {
    Set<String> cases = new HashSet<>();
    try (var in = getClass().getResourceAsStream("/golden/federated/langevin_variants.json")) {
      new ObjectMapper()
          .readTree(in)
          .get("cases")
          .forEach(c -> cases.add(c.get("name").textValue()));
    }
    Stream.of(Diffusions.ALL, Estimators.ALL, ParticleMethods.ALL)
        .flatMap(List::stream)
        .map(Spec::id)
        .forEach(id -> assertThat(cases).as("golden case of %s", id).contains(GOLDEN.get(id)));
  }
}

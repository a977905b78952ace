package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.OptimizerSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every optimizer of the catalog against every check. */
class OptimizerContractTest {
  private final Map<String, Set<OptimizerCheck>> passed = new HashMap<>();

  @TestFactory
  Stream<DynamicNode> contract() {
    return Stream.concat(
        Optimizers.ALL.stream().map(this::checks),
        Stream.of(DynamicTest.dynamicTest("covers the whole catalog", this::coversTheCatalog)));
  }

  private DynamicNode checks(OptimizerSpec spec) {
    return DynamicContainer.dynamicContainer(
        spec.id(),
        Arrays.stream(OptimizerCheck.values())
            .map(
                check ->
                    DynamicTest.dynamicTest(
                        spec.id() + " " + check.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        () -> {
                          check.run(spec);
                          passed.computeIfAbsent(spec.id(), k -> new TreeSet<>()).add(check);
                        })));
  }

  private void coversTheCatalog() {
    Set<String> all = Optimizers.ALL.stream().map(OptimizerSpec::id).collect(Collectors.toSet());
    long covered =
        all.stream()
            .filter(
                id -> passed.getOrDefault(id, Set.of()).size() == OptimizerCheck.values().length)
            .count();
    System.out.println("covered " + covered + " of " + Optimizers.ALL.size());
    assertThat(covered).isEqualTo(Optimizers.ALL.size()).isPositive();
  }
}

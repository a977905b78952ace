package io.millrace.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.spec.Hyper;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OptimizersTest {
  /** The gradient is what it is, wherever it is taken. */
  private record Fixed(double... g) implements Objective {
    @Override
    public ParamLayout layout() {
      return ParamLayout.vector(g.length);
    }

    @Override
    public double value(double[] theta) {
      throw new IllegalStateException("not asked for");
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      System.arraycopy(g, 0, out, 0, g.length);
    }
  }

  private static double[] oneStep(
      String id, Map<String, Double> values, double[] start, double... g) {
    Optimizers.Configured c = Optimizers.configure(id, values);
    OptimizerRun run = new OptimizerRun(c.optimizer(), start);
    run.step(new Fixed(g), c.learningRate());
    return run.theta();
  }

  @Test
  void everyFaultOfAConfigurationIsListed() {
    assertThatThrownBy(() -> Optimizers.configure("adam", Map.of("beta1", 1.5, "b1", 0.9)))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.faults())
                    .hasSize(2)
                    .anySatisfy(
                        f -> assertThat(f).isEqualTo("adam.beta1 = 1.5; must lie in [0, 1)"))
                    .anySatisfy(
                        f ->
                            assertThat(f).startsWith("adam has no hyperparameter 'b1'; it has [")));
    assertThatThrownBy(() -> Optimizers.configure("adamm", Map.of()))
        .hasMessageContaining("no optimizer 'adamm'; known: [sgd, ");
  }

  @Test
  void namesInTheCatalogAreUniqueAndPartsDoNotShadowOptimizers() {
    for (OptimizerSpec spec : Optimizers.ALL) {
      assertThat(Optimizers.hypers(spec).stream().map(Hyper::name)).doesNotHaveDuplicates();
      assertThat(Optimizers.configure(spec.id(), Map.of()).values())
          .containsEntry("learning-rate", spec.defaultLearningRate())
          .hasSize(spec.hypers().size() + 1);
    }
    assertThat(Optimizers.ALL.stream().map(OptimizerSpec::id)).doesNotHaveDuplicates();
    assertThat(Schedules.ALL.stream().map(ScheduleSpec::id)).doesNotHaveDuplicates();
  }

  @Test
  void aPartIsInUseWhenItsHyperparameterIsNamed() {
    assertThat(Optimizers.configure("sgd", Map.of()).optimizer()).isNotInstanceOf(Chain.class);
    Optimizers.Configured c = Optimizers.configure("sgd", Map.of("clip-norm", 1.0));
    assertThat(c.optimizer()).isInstanceOf(Chain.class);
    assertThat(c.values()).containsEntry("clip-norm", 1.0).doesNotContainKey("clip-value");
  }

  @Test
  void clippingByNormScalesTheWholeGradientAndOnlyWhenItIsLonger() {
    Map<String, Double> values = Map.of("learning-rate", 1.0, "clip-norm", 5.0);
    assertThat(oneStep("sgd", values, new double[2], 6, 8)).containsExactly(-3, -4);
    assertThat(oneStep("sgd", values, new double[2], 0.3, 0.4)).containsExactly(-0.3, -0.4);
  }

  @Test
  void clippingByValueActsOnEachComponent() {
    Map<String, Double> values = Map.of("learning-rate", 1.0, "clip-value", 0.5);
    assertThat(oneStep("sgd", values, new double[3], 3, -4, 0.25))
        .containsExactly(-0.5, 0.5, -0.25);
  }

  @Test
  void decoupledDecayOnSgdEqualsCoupledDecay() {
    double[] start = {1, -2};
    double[] coupled =
        oneStep("sgd", Map.of("learning-rate", 0.5, "weight-decay", 0.25), start, 1, 1);
    double[] decoupled =
        oneStep("sgd", Map.of("learning-rate", 0.5, "decoupled-weight-decay", 0.25), start, 1, 1);
    assertThat(decoupled).containsExactly(coupled);
  }

  @Test
  void adamWithDecoupledDecayIsAdamW() {
    double[] start = {1, -2};
    double[] parts = oneStep("adam", Map.of("decoupled-weight-decay", 0.01), start, 1, 1);
    assertThat(parts).containsExactly(oneStep("adamw", Map.of(), start, 1, 1));
  }

  @Test
  void theElasticNetSetsSmallParametersToZeroAndShrinksTheRest() {
    Map<String, Double> values =
        Map.of("learning-rate", 1.0, "proximal-l1", 0.5, "proximal-l2", 1.0);
    assertThat(oneStep("sgd", values, new double[] {0.4, -2.5}, 0, 0)).containsExactly(0, -1);
    assertThat(oneStep("sgd", values, new double[] {Double.NaN}, 0)).containsExactly(Double.NaN);
  }

  @Test
  void aChainPromisesWhatItsWeakestPartDoes() {
    assertThat(sparse("sgd", Map.of())).isEqualTo(SparseSupport.EXACT);
    assertThat(sparse("sgd", Map.of("clip-norm", 1.0))).isEqualTo(SparseSupport.EXACT);
    assertThat(sparse("sgd", Map.of("weight-decay", 0.1))).isEqualTo(SparseSupport.LAZY);
    assertThat(sparse("sgd", Map.of("proximal-l1", 0.1))).isEqualTo(SparseSupport.LAZY);
    assertThat(sparse("adam", Map.of())).isEqualTo(SparseSupport.LAZY);
    assertThat(sparse("ftrl_proximal", Map.of("l1", 1.0))).isEqualTo(SparseSupport.EXACT);
  }

  private static SparseSupport sparse(String id, Map<String, Double> values) {
    return Optimizers.configure(id, values).optimizer().sparse();
  }

  @Test
  void ftrlStartedElsewhereThanAtZeroContinuesFromThere() {
    Map<String, Double> values = Map.of("learning-rate", 0.5, "l1", 0.1, "l2", 0.2);
    double[] start = {0.75, -1.5};
    assertThat(oneStep("ftrl_proximal", values, start, 0, 0)).containsExactly(start);
    // A gradient that is almost nothing must not lose the start value.
    double[] moved = oneStep("ftrl_proximal", values, start, 1e-12, -1e-12);
    assertThat(moved[0]).isCloseTo(0.75, within(1e-9));
    assertThat(moved[1]).isCloseTo(-1.5, within(1e-9));
  }

  @Test
  void momentumZeroIsSgd() {
    double[] start = {1, -2};
    assertThat(oneStep("momentum", Map.of("momentum", 0.0, "learning-rate", 0.1), start, 3, 4))
        .containsExactly(oneStep("sgd", Map.of("learning-rate", 0.1), start, 3, 4));
  }

  @Test
  void onlyPlainSgdIsADescentAndNothingElse() {
    for (OptimizerSpec spec : Optimizers.ALL) {
      Optimizer optimizer = Optimizers.configure(spec.id(), Map.of()).optimizer();
      assertThat(optimizer.onlyDescends()).as(spec.id()).isEqualTo(spec.id().equals("sgd"));
    }
    assertThat(Map.of("weight-decay", 0.1, "clip-norm", 1.0, "proximal-l1", 0.1))
        .allSatisfy(
            (name, value) ->
                assertThat(
                        Optimizers.configure("sgd", Map.of(name, value)).optimizer().onlyDescends())
                    .as(name)
                    .isFalse());
  }

  @Test
  void theBlocksOfAnOptimizerDependOnlyOnValuesDeclaredStructural() {
    for (OptimizerSpec spec : Optimizers.ALL) {
      List<String> byDefault = blocks(spec, Map.of());
      for (Hyper h : spec.hypers().stream().filter(h -> !h.structural()).toList()) {
        Stream.of(0.0, 0.5, 1.0)
            .filter(h.range()::contains)
            .forEach(v -> assertThat(blocks(spec, Map.of(h.name(), v))).isEqualTo(byDefault));
      }
    }
  }

  private static List<String> blocks(OptimizerSpec spec, Map<String, Double> values) {
    Optimizer optimizer = Optimizers.configure(spec.id(), values).optimizer();
    var schema = OptimizerRun.schema(optimizer, ParamLayout.vector(3));
    return IntStream.range(0, schema.size())
        .mapToObj(i -> schema.name(i) + ":" + schema.length(i))
        .toList();
  }
}

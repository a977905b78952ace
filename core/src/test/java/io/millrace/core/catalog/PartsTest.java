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
import io.millrace.core.optim.SparseSupport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Penalties, averaging and noise around an optimizer. */
class PartsTest {
  /** Half the squared distance to a point; flat in some coordinates. */
  private record Bowl(double[] centre, double[] steepness) implements Objective {
    @Override
    public ParamLayout layout() {
      return ParamLayout.vector(centre.length);
    }

    @Override
    public double value(double[] theta) {
      throw new IllegalStateException("not asked for");
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      for (int i = 0; i < out.length; i++) {
        out[i] = steepness[i] * (theta[i] - centre[i]);
      }
    }
  }

  private static final Bowl BOWL =
      new Bowl(new double[] {1, -2, 0.5, 3}, new double[] {1, 0.5, 2, 0});
  private static final Bowl FLAT = new Bowl(new double[1], new double[1]);

  private static OptimizerRun run(String id, Map<String, Double> values, double... start) {
    Optimizer optimizer = Optimizers.configure(id, values).optimizer();
    return new OptimizerRun(optimizer, ParamLayout.vector(start.length), start, 7);
  }

  private static double shrunk(Map<String, Double> values, double rate, double x) {
    OptimizerRun run = run("sgd", values, x);
    run.step(FLAT, rate);
    return run.theta()[0];
  }

  @Test
  void scadAndMcpTakeTheirClosedForms() {
    Map<String, Double> scad = Map.of("scad-lambda", 1.0, "scad-a", 3.7);
    assertThat(shrunk(scad, 1, 0.9)).isZero();
    assertThat(shrunk(scad, 1, -1.5)).isEqualTo(-0.5);
    assertThat(shrunk(scad, 1, 3)).isCloseTo((2.7 * 3 - 3.7) / 1.7, within(1e-15));
    assertThat(shrunk(scad, 1, -5)).isEqualTo(-5);
    Map<String, Double> mcp = Map.of("mcp-lambda", 1.0, "mcp-gamma", 3.0);
    assertThat(shrunk(mcp, 1, -0.9)).isZero();
    assertThat(shrunk(mcp, 1, 2)).isCloseTo(1.5, within(1e-15));
    assertThat(shrunk(mcp, 1, -3.5)).isEqualTo(-3.5);
    assertThat(shrunk(mcp, 12, 5.9)).isZero();
    assertThat(shrunk(mcp, 12, 6.1)).isEqualTo(6.1);
    for (Map<String, Double> values : List.of(scad, mcp)) {
      assertThat(shrunk(values, 0.1, Double.NaN)).isNaN();
      assertThat(shrunk(values, 10, Double.NaN)).isNaN();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.5, 1, 1.9, 2.7, 3, 4, 20})
  void theProximalStepHasTheLeastCostOnAGrid(double rate) {
    double l = 0.8;
    double a = 3.7;
    double c = 3;
    DoubleUnaryOperator scad =
        x ->
            x <= l
                ? l * x
                : x <= a * l
                    ? (2 * a * l * x - x * x - l * l) / (2 * (a - 1))
                    : l * l * (a + 1) / 2;
    DoubleUnaryOperator mcp = x -> x <= c * l ? l * x - x * x / (2 * c) : c * l * l / 2;
    for (int k = 0; k <= 400; k++) {
      double z = k * 0.03;
      leastCost(scad, rate, z, shrunk(Map.of("scad-lambda", l, "scad-a", a), rate, z));
      leastCost(mcp, rate, z, shrunk(Map.of("mcp-lambda", l, "mcp-gamma", c), rate, z));
    }
  }

  private static void leastCost(DoubleUnaryOperator p, double rate, double z, double x) {
    assertThat(x).isNotNegative();
    double found = (x - z) * (x - z) / 2 + rate * p.applyAsDouble(x);
    double best = Double.POSITIVE_INFINITY;
    for (int j = 0; j <= 1300; j++) {
      double y = j * 0.01;
      best = Math.min(best, (y - z) * (y - z) / 2 + rate * p.applyAsDouble(y));
    }
    assertThat(found).isLessThanOrEqualTo(best + 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 5", "3, 0", "8, 4"})
  void thePublishedPointIsTheAverageWorkedOutNaively(int gamma, int from) {
    Map<String, Double> values =
        Map.of("averaging-gamma", (double) gamma, "averaging-from", (double) from);
    for (String id : List.of("sgd", "adam")) {
      double[] start = {0, 0, 0, 4};
      OptimizerRun run = run(id, values, start);
      double[] published = new double[4];
      double[] average = start.clone();
      run.publish(published);
      assertThat(published).containsExactly(start);
      for (int t = 1; t <= 60; t++) {
        run.step(BOWL, 0.3);
        run.publish(published);
        int n = t - from;
        double share = n <= 0 ? 1 : (1.0 + gamma) / (n + gamma);
        for (int i = 0; i < 4; i++) {
          average[i] += share * (run.theta()[i] - average[i]);
          assertThat(published[i]).isCloseTo(average[i], within(1e-12));
        }
      }
      assertThat(published).isNotEqualTo(run.theta());
      assertThat(published[3]).isEqualTo(4);
    }
  }

  @Test
  void averagingDoesNotDisturbTheSteps() {
    OptimizerRun plain = run("adam", Map.of("scad-lambda", 0.1), 0, 0, 0, 4);
    OptimizerRun averaged =
        run("adam", Map.of("scad-lambda", 0.1, "averaging-gamma", 8.0), 0, 0, 0, 4);
    for (int t = 0; t < 20; t++) {
      plain.step(BOWL, 0.1);
      averaged.step(BOWL, 0.1);
    }
    assertThat(averaged.theta()).containsExactly(plain.theta());
  }

  @Test
  void onlyOneMayChooseThePublishedPoint() {
    for (OptimizerSpec spec : Optimizers.ALL) {
      boolean own = Optimizers.configure(spec.id(), Map.of()).optimizer().publishesAnotherPoint();
      if (own) {
        assertThatThrownBy(() -> Optimizers.configure(spec.id(), Map.of("averaging-gamma", 0.0)))
            .isInstanceOf(ConfigException.class)
            .hasMessageContaining("publishes a point of its own");
      } else {
        assertThat(
                Optimizers.configure(spec.id(), Map.of("averaging-gamma", 0.0))
                    .optimizer()
                    .publishesAnotherPoint())
            .isTrue();
      }
    }
  }

  @Test
  void noiseRepeatsPerStepDiffersBetweenStepsAndFades() {
    Map<String, Double> values = Map.of("gradient-noise", 0.3, "gradient-noise-decay", 2.0);
    int n = 2000;
    Bowl none = new Bowl(new double[n], new double[n]);
    double[] first = noise(values, none, 0);
    assertThat(noise(values, none, 0)).containsExactly(first);
    double[] later = noise(values, none, 9);
    assertThat(later).doesNotContain(first);
    assertThat(variance(first)).isCloseTo(0.3, within(0.04));
    assertThat(variance(later)).isCloseTo(0.003, within(0.0004));
  }

  private static double[] noise(Map<String, Double> values, Bowl f, long steps) {
    OptimizerRun run = run("sgd", values, new double[f.centre().length]);
    run.state().setSteps(steps);
    run.step(f, 1);
    return run.theta().clone();
  }

  private static double variance(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v * v;
    }
    return sum / x.length;
  }

  @Test
  void aCopyContinuesBitForBitWithEveryPartInUse() {
    Map<String, Double> values = new HashMap<>();
    Parts.ALL.forEach(p -> p.hypers().forEach(h -> values.put(h.name(), h.def())));
    values.putAll(
        Map.of("gradient-noise", 0.1, "scad-lambda", 0.05, "mcp-lambda", 0.05, "clip-norm", 2.0));
    values.put("averaging-gamma", 3.0);
    OptimizerRun run = run("adam", values, 0, 0, 0, 4);
    for (int t = 0; t < 11; t++) {
      run.step(BOWL, 0.1);
    }
    OptimizerRun copy = run.copy();
    double[] published = new double[4];
    double[] again = new double[4];
    for (int t = 0; t < 11; t++) {
      run.step(BOWL, 0.1);
      copy.step(BOWL, 0.1);
      run.publish(published);
      copy.publish(again);
      assertThat(again).containsExactly(published);
      assertThat(copy.theta()).containsExactly(run.theta());
    }
  }

  @Test
  void whatSparseMiniBatchesMeanIsStated() {
    assertThat(sparse(Map.of("averaging-from", 3.0))).isEqualTo(SparseSupport.EXACT);
    assertThat(sparse(Map.of("mcp-lambda", 0.1))).isEqualTo(SparseSupport.LAZY);
    assertThat(sparse(Map.of("scad-lambda", 0.1))).isEqualTo(SparseSupport.LAZY);
    assertThat(sparse(Map.of("gradient-noise", 0.1))).isEqualTo(SparseSupport.DENSE_ONLY);
    assertThat(sparse(Map.of("gradient-noise", 0.0))).isEqualTo(SparseSupport.EXACT);
  }

  private static SparseSupport sparse(Map<String, Double> values) {
    return Optimizers.configure("sgd", values).optimizer().sparse();
  }
}

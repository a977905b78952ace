package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published, worked out anew from the sequences that the papers define. */
class PublishedPointTest {
  private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

  private final Target target = Target.all().get(0);
  private final int n = target.start().length;
  private final double[] published = new double[n];

  private OptimizerRun run(String id) {
    Optimizer optimizer = Optimizers.configure(id, Map.of()).optimizer();
    return new OptimizerRun(optimizer, target.start());
  }

  /** x_t = (1 - c) x + c z with c = 1/t at a constant rate; y lies beta of the way from z to x. */
  @ParameterizedTest
  @CsvSource({"schedulefree_sgd, 0.3", "schedulefree_adamw, 0.05"})
  void scheduleFreePublishesTheAverageOfItsBaseSequence(String id, double rate) {
    OptimizerRun run = run(id);
    double[] x = target.start();
    for (int t = 1; t <= 30; t++) {
      run.step(target, rate);
      run.publish(published);
      double[] z = run.state().block("z");
      for (int i = 0; i < n; i++) {
        x[i] += (z[i] - x[i]) / t;
        assertThat(published[i]).isCloseTo(x[i], ROUNDING);
        assertThat(run.theta()[i]).isCloseTo(0.9 * x[i] + 0.1 * z[i], ROUNDING);
      }
    }
  }

  /**
   * avg_t = sum over s of theta_s weighted by a polynomial in s: c = 9 / (t + 8) as a recursion.
   */
  @ParameterizedTest
  @ValueSource(strings = {"dog", "ldog"})
  void dogPublishesThePolynomialAverageOfItsParameters(String id) {
    OptimizerRun run = run(id);
    double[] average = new double[n];
    for (int t = 1; t <= 30; t++) {
      run.step(target, 1);
      run.publish(published);
      double c = 9.0 / (t + 8);
      for (int i = 0; i < n; i++) {
        average[i] += c * (run.theta()[i] - average[i]);
        assertThat(published[i]).isCloseTo(average[i], ROUNDING);
      }
    }
  }

  @Test
  void adogPublishesTheGradientStepFromItsParameters() {
    OptimizerRun run = run("adog");
    double[] g = new double[n];
    for (int t = 0; t < 30; t++) {
      double[] before = run.theta().clone();
      target.gradient(before, g);
      run.step(target, 1);
      run.publish(published);
      for (int i = 0; i < n; i++) {
        assertThat(published[i]).isCloseTo(before[i] - run.stepSize() * g[i], ROUNDING);
      }
    }
  }

  /** Without a penalty: the gradient step from the point between what was published and x. */
  @Test
  void theNonconvexMethodPublishesTheStepFromBetweenItsSequences() {
    Optimizer optimizer = Optimizers.configure("nonconvex_ag", Map.of("lambda", 0.0)).optimizer();
    OptimizerRun run = new OptimizerRun(optimizer, target.start());
    double[] g = new double[n];
    double[] middle = new double[n];
    for (int t = 0; t < 30; t++) {
      run.publish(published);
      double[] before = run.theta().clone();
      double[] last = published.clone();
      run.step(target, 0.05);
      double alpha = run.state().block("pace")[0];
      Arrays.setAll(middle, i -> (1 - alpha) * last[i] + alpha * before[i]);
      target.gradient(middle, g);
      run.publish(published);
      for (int i = 0; i < n; i++) {
        assertThat(published[i]).isCloseTo(middle[i] - 0.05 * g[i], ROUNDING);
        assertThat(run.theta()[i]).isCloseTo(before[i] - 0.05 / alpha * g[i], ROUNDING);
      }
    }
  }

  /** Between its copies: where the loss is convex, the worst of them is never better. */
  @Test
  void theRateMixturePublishesItsCopiesByWeight() {
    OptimizerRun run = run("rate_mixture");
    List<double[]> copies =
        Stream.of("theta", "follower-2", "follower-3", "settler-1", "settler-2", "settler-3")
            .map(run.state()::block)
            .toList();
    double[] weights = run.state().block("weights");
    for (int t = 0; t < 30; t++) {
      run.step(target, 1);
      run.publish(published);
      assertThat(DoubleStream.of(weights).sum()).isCloseTo(1, ROUNDING);
      assertThat(DoubleStream.of(weights).min().orElseThrow()).isNotNegative();
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
          sum += weights[k] * copies.get(k)[i];
        }
        assertThat(published[i]).isCloseTo(sum, ROUNDING);
      }
      double worst = copies.stream().mapToDouble(target::value).max().orElseThrow();
      assertThat(target.value(published)).isLessThanOrEqualTo(worst);
    }
    assertThat(weights).isNotEqualTo(new double[] {1 / 6., 1 / 6., 1 / 6., 1 / 6., 1 / 6., 1 / 6.});
  }

  /** Coordinates that a mini-batch does not touch are averaged all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adagrad"})
  void averagingOnTouchedCoordinatesEqualsAveragingOnAll(String id) {
    Optimizer optimizer =
        Optimizers.configure(id, Map.of("averaging-gamma", 3.0, "averaging-from", 2.0)).optimizer();
    double[] start = {1, -1, 0, 2, 0.5};
    OptimizerRun dense = new OptimizerRun(optimizer, start);
    PackedRun packed = new PackedRun(optimizer, start);
    Gradients f = new Gradients(start.length);
    for (int t = 0; t < 30; t++) {
      for (int i = 0; i < start.length; i++) {
        f.g[i] = (t + i) % (i + 2) == 0 ? Math.sin(t + i + 1) : 0;
      }
      dense.step(f, 0.1);
      packed.step(f.g, 0.1);
      for (int b = 0; b < dense.state().schema().size(); b++) {
        assertThat(packed.state().block(b)).containsExactly(dense.state().block(b));
      }
    }
    double[] average = new double[start.length];
    dense.publish(average);
    assertThat(average).isNotEqualTo(dense.theta());
  }
}

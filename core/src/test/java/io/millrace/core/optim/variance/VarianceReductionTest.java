package io.millrace.core.optim.variance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.rng.PhiloxDraws;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Variance-reduced methods against other rules that they equal in a special case. */
class VarianceReductionTest {
  private static final double[] START = {0.5, -0.25, 0.125, 1};

  /** Curvatures differ by coordinate; each step has noise of its own. */
  private static final class Noisy implements Objective {
    final ParamLayout layout =
        new ParamLayout(
            List.of(new ParamLayout.Block("a", 3, 1, 0), new ParamLayout.Block("b", 1, 1, 3)));
    private final PhiloxDraws draws = new PhiloxDraws(5, "noisy");
    private final double scale;

    Noisy(double scale) {
      this.scale = scale;
    }

    Noisy at(long step) {
      draws.at(step);
      return this;
    }

    @Override
    public ParamLayout layout() {
      return layout;
    }

    @Override
    public double value(double[] theta) {
      throw new IllegalStateException("not asked by these methods");
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      for (int i = 0; i < out.length; i++) {
        // Noise in the slope as well: two points of one mini-batch do not cancel it wholly.
        out[i] = scale * ((i + 1 + 0.1 * draws.normal(4 + i)) * theta[i] + draws.normal(i));
      }
    }
  }

  private static OptimizerRun run(String id, Map<String, Double> hypers) {
    Optimizer optimizer = Optimizers.configure(id, hypers).optimizer();
    return new OptimizerRun(optimizer, new Noisy(1).layout, START, 3);
  }

  /** One step of descent, along the gradient of step t in the coordinates of a block. */
  private static void descend(double[] theta, Noisy f, long t, ParamLayout.Block block) {
    double[] g = new double[theta.length];
    f.at(t).gradient(theta, g);
    for (int i = block.offset(); i < block.offset() + block.size(); i++) {
      theta[i] -= 0.1 * g[i];
    }
  }

  private static void descend(double[] theta, Noisy f, long t) {
    f.layout.blocks().forEach(block -> descend(theta, f, t, block));
  }

  @Test
  void pageThatAlwaysTakesALargeBatchOfOneMiniBatchIsDescent() {
    OptimizerRun page = run("page", Map.of("p", 1.0, "anchor-steps", 1.0));
    Noisy f = new Noisy(1);
    double[] expected = START.clone();
    for (int t = 0; t < 9; t++) {
      page.step(f.at(t), 0.1);
      descend(expected, f, t);
      assertThat(page.theta()).isEqualTo(expected);
    }
  }

  @Test
  void svrgWithAFreshAnchorIsDescentOnTheLargeBatch() {
    OptimizerRun svrg = run("svrg", Map.of("m", 1.0, "anchor-steps", 1.0));
    Noisy f = new Noisy(1);
    double[] expected = START.clone();
    for (int t = 0; t < 18; t += 2) {
      svrg.step(f.at(t), 0.1);
      assertThat(svrg.theta()).isEqualTo(expected);
      svrg.step(f.at(t + 1), 0.1);
      descend(expected, f, t);
      assertThat(svrg.theta()).isEqualTo(expected);
    }
  }

  @Test
  void cyclicBlocksWithLargeBatchesOnlyAreDescentBlockByBlock() {
    OptimizerRun cyclic = run("cyclic_block_vr", Map.of("p", 1.0, "anchor-steps", 1.0));
    Noisy f = new Noisy(1);
    double[] expected = START.clone();
    for (int t = 0; t < 9; t++) {
      cyclic.step(f.at(t), 0.1);
      descend(expected, f, t, f.layout.blocks().get(t % 2));
      assertThat(cyclic.theta()).isEqualTo(expected);
    }
  }

  @Test
  void streamingSvrgOfEqualStagesIsSvrg() {
    OptimizerRun streaming =
        run(
            "streaming_svrg",
            Map.of(
                "stage-lengths", 3.0,
                "stage-lengths-increment", 0.0,
                "anchor-batch-sizes", 4.0,
                "anchor-batch-sizes-increment", 0.0));
    OptimizerRun svrg = run("svrg", Map.of("m", 3.0, "anchor-steps", 4.0));
    Noisy f = new Noisy(1);
    for (int t = 0; t < 40; t++) {
      streaming.step(f.at(t), 0.1);
      svrg.step(f.at(t), 0.1);
      assertThat(streaming.theta()).isEqualTo(svrg.theta());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"page", "svrg", "spider_normalized", "cyclic_block_vr"})
  void theParametersRestWhileALargeBatchIsCollected(String id) {
    OptimizerRun run = run(id, Map.of("anchor-steps", 4.0));
    Noisy f = new Noisy(1);
    for (int t = 0; t < 3; t++) {
      run.step(f.at(t), 0.1);
      assertThat(run.theta()).isEqualTo(START);
    }
    for (int t = 3; t < 12; t++) {
      run.step(f.at(t), 0.1);
    }
    assertThat(run.theta()).isNotEqualTo(START);
  }

  @Test
  void theCollectedBatchIsTheMeanOfItsMiniBatches() {
    OptimizerRun page = run("page", Map.of("anchor-steps", 4.0));
    Noisy f = new Noisy(1);
    double[] expected = START.clone();
    double[] g = new double[START.length];
    for (int t = 0; t < 4; t++) {
      page.step(f.at(t), 0.1);
      f.gradient(START, g);
      for (int i = 0; i < g.length; i++) {
        expected[i] -= 0.1 * g[i] / 4;
      }
    }
    for (int i = 0; i < g.length; i++) {
      assertThat(page.theta()[i]).isCloseTo(expected[i], within(1e-15));
    }
  }

  @Test
  void marsWithoutCorrectionAndWithoutClippingIsAdamW() {
    Map<String, Double> hypers = Map.of("beta1", 0.8, "beta2", 0.9, "weight-decay", 0.1);
    OptimizerRun adam = run("adamw", hypers);
    Map<String, Double> off = new HashMap<>(hypers);
    off.put("gamma", 0.0);
    OptimizerRun mars = run("mars_adamw", off);
    OptimizerRun exact = run("mars_adamw_exact", off);
    Noisy f = new Noisy(0.01);
    for (int t = 0; t < 30; t++) {
      adam.step(f.at(t), 0.01);
      mars.step(f.at(t), 0.01);
      exact.step(f.at(t), 0.01);
    }
    assertThat(exact.theta()).isEqualTo(mars.theta());
    for (int i = 0; i < START.length; i++) {
      assertThat(mars.theta()[i]).isCloseTo(adam.theta()[i], within(1e-12));
    }
  }

  @Test
  void marsClipsEachTensorByItself() {
    // A steep gradient: both tensors are clipped to norm 1, the second has one coordinate.
    OptimizerRun lion = run("mars_lion", Map.of("beta1", 0.0, "gamma", 0.0));
    lion.step(new Noisy(1000).at(0), 0.1);
    double[] m = lion.state().block("m");
    assertThat(Math.sqrt(m[0] * m[0] + m[1] * m[1] + m[2] * m[2])).isCloseTo(1, within(1e-12));
    assertThat(Math.abs(m[3])).isCloseTo(1, within(1e-12));
  }

  @Test
  void stormThatForgetsAtOnceStepsAlongTheGradient() {
    OptimizerRun storm = run("storm", Map.of("c", 1e12));
    Noisy f = new Noisy(1);
    double[] theta = START.clone();
    double[] g = new double[theta.length];
    double sum = 1;
    for (int t = 0; t < 9; t++) {
      storm.step(f.at(t), 1);
      f.gradient(theta, g);
      for (double x : g) {
        sum += x * x;
      }
      for (int i = 0; i < theta.length; i++) {
        theta[i] -= 0.3 / Math.cbrt(sum) * g[i];
        assertThat(storm.theta()[i]).isCloseTo(theta[i], within(1e-12));
      }
    }
  }
}

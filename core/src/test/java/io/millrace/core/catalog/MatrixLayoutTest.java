package io.millrace.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.Rows;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.LinearObjective;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelObjective;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.rng.PhiloxDraws;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Optimizers on a model as a learner lays it out: a matrix of weights and a vector of biases. */
class MatrixLayoutTest {
  private static final int WIDTH = 5;
  private static final int CLASSES = 3;
  private static final Set<Oracle> OFFERED =
      EnumSet.of(
          Oracle.VALUE,
          Oracle.GRADIENT,
          Oracle.HESSIAN_VECTOR,
          Oracle.PER_SAMPLE_GRADIENT,
          Oracle.LAYER,
          Oracle.LAYER_CURVATURE);
  private static final ParamLayout LAYOUT =
      new ParamLayout(
          List.of(
              new ParamLayout.Block("weights", WIDTH, CLASSES, 0),
              new ParamLayout.Block("bias", CLASSES, 1, WIDTH * CLASSES)));

  /** Softmax on drawn rows, each there {@code copies} times. */
  private static LinearObjective objective(int rows, int copies) {
    Loss loss = Losses.spec("softmax").make().make(CLASSES, 1);
    PhiloxDraws draws = new PhiloxDraws(20261120, "matrix-layout");
    Rows batch = new Rows(true);
    for (int copy = 0; copy < copies; copy++) {
      for (int r = 0; r < rows; r++) {
        draws.at(r);
        batch.beginRow();
        int best = 0;
        for (int j = 0; j < WIDTH; j++) {
          batch.add(draws.normal(j));
          best = j < CLASSES && draws.normal(j) > draws.normal(best) ? j : best;
        }
        batch.endRow(best, 1);
      }
    }
    LinearObjective f = new LinearObjective(loss);
    f.aim(batch, null, batch.value(), WIDTH, LAYOUT);
    return f;
  }

  @Test
  void everyOptimizerLearnsSeveralClasses() {
    LinearObjective f = objective(30, 1);
    double[] start = new double[LAYOUT.size()];
    double atStart = f.value(start);
    int tried = 0;
    for (OptimizerSpec spec : Optimizers.ALL) {
      Optimizer optimizer = Optimizers.configure(spec.id(), Map.of()).optimizer();
      if (!OFFERED.containsAll(optimizer.needs())) {
        continue;
      }
      tried++;
      double least = Double.POSITIVE_INFINITY;
      for (double rate : new double[] {1, 0.1, 0.01, 0.001}) {
        OptimizerRun run = new OptimizerRun(optimizer, LAYOUT, start, 1);
        for (int t = 0; t < 300; t++) {
          run.step(f, rate);
        }
        double[] published = new double[start.length];
        run.publish(published);
        double value = f.value(published);
        least = Double.isNaN(value) ? least : Math.min(least, value);
      }
      assertThat(least).as(spec.id()).isLessThan(0.7 * atStart);
    }
    assertThat(tried).isGreaterThan(20);
  }

  /** The step depends on the mean over the rows; their number decides which system is solved. */
  @Test
  void gaussNewtonStepsAreTheSameFromTheSmallAndTheLargeSystem() {
    Optimizer egn = Optimizers.configure("egn", Map.of("damp", 0.1)).optimizer();
    double[] start = new double[LAYOUT.size()];
    for (int i = 0; i < start.length; i++) {
      start[i] = 0.1 * (i % 7 - 3);
    }
    OptimizerRun bySamples = new OptimizerRun(egn, LAYOUT, start, 1);
    OptimizerRun byParameters = new OptimizerRun(egn, LAYOUT, start, 1);
    LinearObjective few = objective(4, 1);
    LinearObjective many = objective(4, 5);
    assertThat(few.samples() * CLASSES).isLessThan(LAYOUT.size());
    assertThat(many.samples() * CLASSES).isGreaterThan(LAYOUT.size());
    for (int t = 0; t < 5; t++) {
      bySamples.step(few, 1);
      byParameters.step(many, 1);
      assertThat(bySamples.theta()).containsExactly(byParameters.theta(), within(1e-10));
    }
    assertThat(few.value(bySamples.theta())).isLessThan(few.value(start));
  }

  /**
   * A step of length 1 from 0 of a network with squared loss solves the system that the definition
   * gives, J being taken by finite differences.
   */
  @Test
  void gaussNewtonStepsOfANetworkSolveTheDefinition() {
    double damp = 0.3;
    Optimizer egn = Optimizers.configure("egn", Map.of("damp", damp)).optimizer();
    Loss loss = Losses.spec("squared").make().make(0, 1);
    Architecture network = Models.make(ModelOptions.mlp("tanh", 3, 2), loss);
    ParamLayout layout = network.layout(WIDTH);
    int d = layout.size();
    double[] start = new double[d];
    network.initialize(start, WIDTH, new PhiloxDraws(7, "egn"));
    for (int rows : new int[] {4, d + 3}) {
      Rows batch = new Rows(true);
      PhiloxDraws draws = new PhiloxDraws(8, "rows");
      for (int r = 0; r < rows; r++) {
        draws.at(r);
        batch.beginRow();
        for (int j = 0; j < WIDTH; j++) {
          batch.add(draws.normal(j));
        }
        batch.endRow(draws.normal(WIDTH), 1);
      }
      ModelObjective f = network.objective(ScalarBackend.INSTANCE.kernels());
      f.aim(batch, null, batch.value(), WIDTH, layout);
      double[] g = new double[d];
      f.gradient(start, g);
      double[][] j = new double[rows][d];
      double[] raw = new double[1];
      double h = 1e-6;
      for (int i = 0; i < d; i++) {
        double[] moved = start.clone();
        for (int side = 1; side >= -1; side -= 2) {
          moved[i] = start[i] + side * h;
          for (int r = 0; r < rows; r++) {
            f.outputs(moved, WIDTH, null, batch.value(), batch.start(r), batch.end(r), raw);
            j[r][i] += side * raw[0] / (2 * h);
          }
        }
      }
      OptimizerRun run = new OptimizerRun(egn, layout, start, 1);
      run.step(f, 1);
      for (int i = 0; i < d; i++) {
        double left = damp * (start[i] - run.theta()[i]);
        for (int r = 0; r < rows; r++) {
          double along = 0;
          for (int k = 0; k < d; k++) {
            along += j[r][k] * (start[k] - run.theta()[k]);
          }
          left += j[r][i] * along / rows;
        }
        assertThat(left).isCloseTo(g[i], within(1e-7));
      }
    }
  }
}

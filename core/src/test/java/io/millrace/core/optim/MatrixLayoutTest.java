package io.millrace.core.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.model.LinearObjective;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.Rows;
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
    Loss loss = Losses.loss("softmax").make().make(CLASSES, 1);
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
    f.aim(batch, null, batch.value(), WIDTH * CLASSES, LAYOUT);
    return f;
  }

  @Test
  void everyOptimizerLearnsSeveralClasses() {
    LinearObjective f = objective(30, 1);
    double[] start = new double[LAYOUT.size()];
    double atStart = f.value(start);
    int tried = 0;
    for (OptimizerSpec spec : Catalog.OPTIMIZERS) {
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
}

package io.millrace.core.sample.estimator;

import io.millrace.core.optim.Slots;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.Estimator;
import io.millrace.core.sample.EstimatorSpec;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.Shard;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * SAGA-LD: an estimate corrected by a table of one gradient per row. Dubey, Reddi, Poczos, Smola,
 * Xing, Williamson, "Variance Reduction in Stochastic Gradient Langevin Dynamics", NIPS 2016,
 * Algorithm 1.
 *
 * <pre>
 * 1/f [ sum_i w_i tab_i + N/n sum_{i in B} (g_i(theta) - tab_i) ]
 * then tab_i &lt;- g_i(theta) for every i in B
 * </pre>
 *
 * <p>The table begins with the gradients where a chain comes to a client for the first time. A row
 * drawn twice counts twice and is written once. Deviations from the paper: none for one client.
 * Memory (N + 1) d for each chain at each client, so for few rows; n gradients of a row. Immutable.
 */
public final class Saga implements Estimator {
  public static final EstimatorSpec SPEC =
      new EstimatorSpec(
          "saga",
          1,
          new Source(
              "Dubey, Reddi, Poczos, Smola, Xing, Williamson, Variance Reduction in Stochastic"
                  + " Gradient Langevin Dynamics, NIPS 2016",
              Source.Confidence.MEMORY),
          List.of(BatchSize.SIZE),
          Saga::new);

  private static final String TABLE = "table";
  private static final String SUM = "sum";

  private final int size;

  Saga(HyperValues values) {
    size = (int) values.get(BatchSize.SIZE);
  }

  @Override
  public void declareSlots(int parameters, int rows, Slots.Declaration slots) {
    slots.block(TABLE, (long) rows * parameters);
    slots.elementwise(SUM);
  }

  @Override
  public void initialize(Shard shard, double[] theta, Slots slots) {
    double[] table = slots.get(TABLE);
    double[] sum = slots.get(SUM);
    double[] g = new double[theta.length];
    Arrays.fill(sum, 0);
    for (int i = 0; i < shard.likelihood().rows(); i++) {
      Arrays.fill(g, 0);
      shard.likelihood().addRowGradient(theta, i, 1, g);
      System.arraycopy(g, 0, table, i * g.length, g.length);
      double power = shard.likelihood().power(i);
      for (int k = 0; k < g.length; k++) {
        sum[k] += power * g[k];
      }
    }
  }

  @Override
  public void estimate(
      Shard shard, double[] theta, Slots slots, LocalStep step, double[] out, double[] meanRow) {
    Arrays.fill(meanRow, 0);
    Likelihood likelihood = shard.likelihood();
    if (likelihood.rows() == 0) {
      return;
    }
    int d = theta.length;
    double[] table = slots.get(TABLE);
    double[] sum = slots.get(SUM);
    double[] drawn = step.workspace().array("drawn", size * d);
    double[] change = step.workspace().array("change", d);
    double[] g = step.workspace().array("row", d);
    Draws draws = step.draws().fork(Purpose.MINI_BATCH);
    Arrays.fill(change, 0);
    for (int k = 0; k < size; k++) {
      int i = likelihood.draw(draws, k);
      Arrays.fill(g, 0);
      likelihood.addRowGradient(theta, i, 1, g);
      System.arraycopy(g, 0, drawn, k * d, d);
      for (int j = 0; j < d; j++) {
        change[j] += g[j] - table[i * d + j];
        meanRow[j] += g[j] / size;
      }
    }
    double scale = likelihood.mass() / size;
    for (int j = 0; j < d; j++) {
      out[j] += (sum[j] + scale * change[j]) / shard.share();
    }
    for (int k = 0; k < size; k++) {
      int i = likelihood.draw(draws, k);
      enter(i, likelihood.power(i), drawn, k * d, table, sum);
    }
  }

  private static void enter(
      int row, double power, double[] drawn, int from, double[] table, double[] sum) {
    int at = row * sum.length;
    for (int j = 0; j < sum.length; j++) {
      sum[j] += power * (drawn[from + j] - table[at + j]);
      table[at + j] = drawn[from + j];
    }
  }
}

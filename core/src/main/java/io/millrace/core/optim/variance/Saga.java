package io.millrace.core.optim.variance;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * SAGA: steps corrected by a table of one gradient per sample. Defazio, Bach, Lacoste-Julien,
 * "SAGA: A Fast Incremental Gradient Method With Support for Non-Strongly Convex Composite
 * Objectives", arXiv:1407.0202, Section 2, without proximal step.
 *
 * <pre>
 * i drawn from the n samples held, g_i = gradient of sample i at theta
 * theta &lt;- theta - lr (g_i - tab_i + avg)
 * avg   &lt;- avg + (g_i - tab_i) / n,   tab_i &lt;- g_i
 * </pre>
 *
 * <p>The paper's data set is finite. A stream's is a window of the samples that came last: until it
 * is full every sample enters it, then every {@code refresh} steps one of the mini-batch takes the
 * place of the oldest. It enters with its gradient at theta in the table, as in the paper, where
 * the table holds those at the start point; or, with {@code table-init-zeros}, with zeros. So a
 * step learns from a mini-batch only what enters the window. Deviations from the paper: that; avg
 * follows the table by increments, so it carries their roundings.
 *
 * <p>Memory {@code size (2d + 1) + d}: {@code size} samples and as many gradients; at the default
 * size and d = 1000 about 1 MB per key. One gradient of one sample per step, two where a sample
 * enters, about 6d flops. Needs a model that can store samples; see {@link Oracle#STORED_SAMPLE}.
 * Immutable.
 */
public final class Saga implements Optimizer {
  static final Hyper REFRESH =
      new Hyper(
          "refresh",
          1,
          Range.integers(0, 1e9),
          "steps from one replaced sample to the next; 0: those held first stay");

  static final Hyper ZEROS =
      new Hyper(
          "table-init-zeros",
          0,
          Range.flag(),
          "1: a sample enters with zeros in the table; 0: with its gradient at that point");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "saga",
          1,
          new Source(
              "Defazio, Bach, Lacoste-Julien, SAGA: A Fast Incremental Gradient Method With"
                  + " Support for Non-Strongly Convex Composite Objectives, arXiv:1407.0202",
              Source.Confidence.DERIVED),
          0.05,
          List.of(SampleWindow.SIZE, REFRESH, ZEROS),
          Saga::new);

  private static final String TABLE = "table";
  private static final String MEAN = "avg";

  /** Index of the draw for the sample stepped on. */
  private static final int STEP = 0;

  /** Index of the draw for the sample that enters. */
  private static final int ENTRY = 1;

  private final long refresh;
  private final boolean zeros;
  private final SampleWindow window;

  Saga(HyperValues values) {
    refresh = (long) values.get(REFRESH);
    zeros = values.flag(ZEROS);
    window = new SampleWindow(values);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.STORED_SAMPLE);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    window.declareSlots(layout, slots);
    slots.block(TABLE, (long) window.size() * layout.size());
    slots.elementwise(MEAN);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] table = slots.get(TABLE);
    double[] avg = slots.get(MEAN);
    double[] g = context.workspace().array("g", theta.length);
    Draws draws = context.draws().fork(Purpose.MINI_BATCH);
    if (window.count(slots) < window.size()) {
      for (int s = 0; s < f.samples() && window.count(slots) < window.size(); s++) {
        enter(f, s, theta, slots, g);
      }
    } else if (refresh > 0 && slots.nextStep() % refresh == 0) {
      enter(f, draws.index(ENTRY, f.samples()), theta, slots, g);
    }
    int n = window.count(slots);
    int i = draws.index(STEP, n);
    SampleWindow.gradient(f, theta, i, slots, g);
    double lr = context.learningRate();
    int row = i * theta.length;
    for (int k = 0; k < theta.length; k++) {
      double change = g[k] - table[row + k];
      theta[k] -= lr * (change + avg[k]);
      avg[k] += change / n;
      table[row + k] = g[k];
    }
  }

  /** A sample takes a free place or that of the oldest; avg stays the mean of the table. */
  private void enter(Objective f, int sample, double[] theta, Slots slots, double[] g) {
    double[] table = slots.get(TABLE);
    double[] avg = slots.get(MEAN);
    int before = window.count(slots);
    int place = window.put(f, sample, slots);
    int n = window.count(slots);
    if (zeros) {
      Arrays.fill(g, 0);
    } else {
      SampleWindow.gradient(f, theta, place, slots, g);
    }
    double kept = (double) before / n;
    int row = place * theta.length;
    for (int k = 0; k < theta.length; k++) {
      avg[k] = avg[k] * kept + (g[k] - table[row + k]) / n;
      table[row + k] = g[k];
    }
  }

  /** The mean of the table moves every coordinate at every step. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

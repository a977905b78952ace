package io.millrace.bench.dictionary;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.orthogonal.Recovery;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.state.LearnerState;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;

/**
 * How well the orthogonal method finds a random orthogonal dictionary from noiseless signals {@code
 * y = D0 x}, x Bernoulli-Gaussian with share theta of non-zeros, in batches of 2 N.
 */
final class OrthogonalRecovery {
  private static final int SIZE = 30;
  private static final double THETA = 0.1;
  private static final int BATCH = 2 * SIZE;
  private static final String KEY = "recovery";

  private final String schedule;
  private final int batches;

  /**
   * A run.
   *
   * @param error {@link Recovery#error} at each of the marks
   * @param microsPerBatch CPU time of the learning calls
   */
  record Found(double[] error, double microsPerBatch) {}

  OrthogonalRecovery(String schedule, int batches) {
    this.schedule = schedule;
    this.batches = batches;
  }

  /** Batches after which the error is taken. */
  List<Integer> marks() {
    return List.of(100, 500, batches).stream().filter(m -> m <= batches).distinct().toList();
  }

  Found run(long seed) {
    DictionaryLearner learner =
        new DictionaryLearner(
            DictionaryOptions.of(SIZE, SIZE)
                .withMethod("orthogonal", Map.of("schedule", schedule)));
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, KEY);
    Workspace workspace = new Workspace();
    PhiloxDraws draws = new PhiloxDraws(seed, "signals");
    double[] truth = truth(draws.fork(Purpose.INITIALIZATION));
    double[] error = new double[marks().size()];
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Rows rows = learner.newRows();
    long cpu = 0;
    for (int t = 1; t <= batches; t++) {
      draw(truth, draws.at(t), rows);
      long before = threads.getCurrentThreadCpuTime();
      learner.learn(rows, state, KEY, workspace);
      cpu += threads.getCurrentThreadCpuTime() - before;
      int mark = marks().indexOf(t);
      if (mark >= 0) {
        error[mark] = Recovery.error(truth, dictionary(learner, state, workspace), SIZE);
      }
    }
    return new Found(error, cpu / 1e3 / batches);
  }

  private static double[] dictionary(
      DictionaryLearner learner, LearnerState state, Workspace workspace) {
    double[] d = new double[SIZE * SIZE];
    learner.publish(
        state,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            // Only the atoms are of interest.
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            if (name.equals("dictionary")) {
              System.arraycopy(data, 0, d, 0, d.length);
            }
          }
        },
        workspace);
    return d;
  }

  /** A random orthogonal matrix: Q of a Gaussian one. */
  private static double[] truth(Draws draws) {
    double[] normal = new double[SIZE * SIZE];
    for (int i = 0; i < normal.length; i++) {
      normal[i] = draws.normal(i);
    }
    double[] q = new double[normal.length];
    ScalarBackend.INSTANCE.kernels().qr(SIZE, SIZE, normal, q, new double[normal.length]);
    return q;
  }

  private static void draw(double[] truth, Draws draws, Rows rows) {
    Draws on = draws.fork(Purpose.SCHEDULE);
    Draws size = draws.fork(Purpose.PERTURBATION);
    double[] x = new double[BATCH * SIZE];
    for (int i = 0; i < x.length; i++) {
      x[i] = on.coin(i, THETA) ? size.normal(i) : 0;
    }
    double[] y = new double[x.length];
    Kernels kernels = ScalarBackend.INSTANCE.kernels();
    kernels.gemm(
        1,
        kernels.left(x, BATCH, SIZE),
        kernels.right(truth, SIZE, SIZE),
        0,
        kernels.into(y, BATCH, SIZE));
    rows.clear();
    for (int r = 0; r < BATCH; r++) {
      rows.beginRow();
      int at = rows.extend(SIZE);
      System.arraycopy(y, r * SIZE, rows.value(), at, SIZE);
      rows.endRow(Double.NaN, 1);
    }
  }
}

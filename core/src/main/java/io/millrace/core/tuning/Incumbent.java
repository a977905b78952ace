package io.millrace.core.tuning;

import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/**
 * The best trial so far: of those with the most resource, the one of least loss; the earlier one
 * among equals. Losses that are not finite never get here.
 */
final class Incumbent {
  private static final String POINT = "incumbent-point";
  private static final String FIGURES = "incumbent";

  /** Slots of {@link #FIGURES}. The number of the configuration is kept plus one: 0 is none. */
  private static final int RESOURCE = 0;

  private static final int LOSS = 1;
  private static final int CONFIG_PLUS_ONE = 2;
  private static final int SLOTS = 3;

  private Incumbent() {}

  static StateSchema.Builder declare(StateSchema.Builder blocks, int dimension) {
    return blocks.block(FIGURES, SLOTS).block(POINT, dimension);
  }

  static void offer(LearnerState state, Trial trial, double loss) {
    double[] best = state.block(FIGURES);
    boolean better =
        best[CONFIG_PLUS_ONE] == 0
            || trial.resource() > best[RESOURCE]
            || trial.resource() == best[RESOURCE] && loss < best[LOSS];
    if (better && Double.isFinite(loss)) {
      best[RESOURCE] = trial.resource();
      best[LOSS] = loss;
      best[CONFIG_PLUS_ONE] = trial.config() + 1.0;
      double[] point = state.block(POINT);
      System.arraycopy(trial.point(), 0, point, 0, point.length);
    }
  }

  static int config(LearnerState state) {
    return (int) state.block(FIGURES)[CONFIG_PLUS_ONE] - 1;
  }

  static void point(LearnerState state, double[] out) {
    double[] point = state.block(POINT);
    System.arraycopy(point, 0, out, 0, point.length);
  }
}

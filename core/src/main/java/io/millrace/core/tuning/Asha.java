package io.millrace.core.tuning;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.core.state.StateSchema.Type;
import java.util.List;

/**
 * Asynchronous successive halving: the choice for streams, because it never waits. On every call
 * the best configuration that has not gone on yet and is among the best {@code floor(size / eta)}
 * of the highest rung possible goes on; where there is none, a new one starts. Li, Jamieson,
 * Rostamizadeh, Gonina, Hardt, Recht, Talwalkar, "A System for Massively Parallel Hyperparameter
 * Tuning", arXiv:1810.05934, Algorithm 2.
 *
 * <p>Deviations from the paper: at most {@code max-configs} configurations start, since state is
 * bounded. Memory n (d + 2 rungs); a trial costs 2 n comparisons per rung.
 */
public final class Asha extends AbstractTuner {
  static final Hyper RUNGS =
      Hyper.structural(
          "rungs", 4, Range.integers(1, 30), "rungs, the lowest and the highest included");
  static final Hyper RESOURCE =
      new Hyper("resource", 1, Range.positive(), "resource of the lowest rung");
  static final Hyper MAX_CONFIGS =
      Hyper.structural(
          "max-configs", 256, Range.integers(1, 100_000), "configurations that start at most");

  public static final TunerSpec SPEC =
      new TunerSpec(
          "asha",
          1,
          new Source(
              "Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht, Talwalkar, A System for Massively"
                  + " Parallel Hyperparameter Tuning, arXiv:1810.05934, Algorithm 2",
              Source.Confidence.DERIVED),
          false,
          List.of(Halving.ETA, RUNGS, RESOURCE, MAX_CONFIGS),
          Asha::new);

  private static final String POINTS = "points";
  private static final String LOSSES = "losses";
  private static final String STATUS = "status";
  private static final String STARTED = "started";

  /** Values of {@link #STATUS}, by rung and configuration; 0: not yet there. */
  private static final long OUT = 1;

  private static final long REPORTED = 2;
  private static final long PROMOTED = 3;

  private final int eta;
  private final int rungs;
  private final double resource;
  private final int most;
  private final StateSchema schema;

  private Asha(TunerSettings settings) {
    super(SPEC, settings);
    eta = (int) settings.values().get(Halving.ETA);
    rungs = (int) settings.values().get(RUNGS);
    resource = settings.values().get(RESOURCE);
    most = (int) settings.values().get(MAX_CONFIGS);
    schema =
        blocks()
            .block(POINTS, (long) most * dimension())
            .block(LOSSES, (long) rungs * most)
            .block(STATUS, Type.LONGS, (long) rungs * most)
            .block(STARTED, Type.LONGS, 1)
            .build();
  }

  @Override
  public StateSchema schema() {
    return schema;
  }

  @Override
  public void initialize(LearnerState state) {
    // Starts from zeros.
  }

  @Override
  public boolean next(LearnerState state, Draws draws, Trial out, Workspace workspace) {
    double[] points = state.block(POINTS);
    for (int rung = rungs - 2; rung >= 0; rung--) {
      int config = promotable(state, rung);
      if (config >= 0) {
        state.longs(STATUS)[rung * most + config] = PROMOTED;
        hand(state, config, rung + 1, out);
        System.arraycopy(points, config * dimension(), out.point(), 0, dimension());
        return true;
      }
    }
    long[] started = state.longs(STARTED);
    if (started[0] == most) {
      return false;
    }
    int config = (int) started[0]++;
    uniform(draws, out.point());
    System.arraycopy(out.point(), 0, points, config * dimension(), dimension());
    hand(state, config, 0, out);
    return true;
  }

  private void hand(LearnerState state, int config, int rung, Trial out) {
    out.set(config, rung, resource * StrictMath.pow(eta, rung));
    state.longs(STATUS)[rung * most + config] = OUT;
    count(state);
  }

  /**
   * The best of a rung that has not gone on, where it is among the best {@code floor(size/eta)}.
   */
  private int promotable(LearnerState state, int rung) {
    long[] status = state.longs(STATUS);
    double[] losses = state.block(LOSSES);
    int from = rung * most;
    int to = from + (int) state.longs(STARTED)[0];
    int best = -1;
    int size = 0;
    for (int i = from; i < to; i++) {
      size += status[i] >= REPORTED ? 1 : 0;
      if (status[i] == REPORTED && (best < 0 || losses[i] < losses[best])) {
        best = i;
      }
    }
    if (best < 0 || Double.isInfinite(losses[best])) {
      return -1;
    }
    int before = 0;
    for (int i = from; i < to; i++) {
      boolean better = losses[i] < losses[best] || losses[i] == losses[best] && i < best;
      before += status[i] >= REPORTED && better ? 1 : 0;
    }
    return before < size / eta ? best - from : -1;
  }

  @Override
  public boolean report(
      LearnerState state, Trial trial, double loss, double[] constraints, Workspace workspace) {
    int config = trial.config();
    int rung = trial.rung();
    if (config < 0 || config >= most || rung < 0 || rung >= rungs) {
      return false;
    }
    long[] status = state.longs(STATUS);
    int at = rung * most + config;
    if (status[at] != OUT) {
      return false;
    }
    status[at] = REPORTED;
    state.block(LOSSES)[at] = counted(loss);
    Incumbent.offer(state, trial, loss);
    return true;
  }

  @Override
  public boolean finished(LearnerState state) {
    if (state.longs(STARTED)[0] < most) {
      return false;
    }
    for (int rung = 0; rung < rungs - 1; rung++) {
      if (promotable(state, rung) >= 0) {
        return false;
      }
    }
    for (long status : state.longs(STATUS)) {
      if (status == OUT) {
        return false;
      }
    }
    return true;
  }

  /** All but those at the highest rung may yet go on. */
  @Override
  public boolean continues(LearnerState state, int config) {
    return state.longs(STATUS)[(rungs - 1) * most + config] < REPORTED && !finished(state);
  }
}

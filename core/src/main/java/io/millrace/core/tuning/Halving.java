package io.millrace.core.tuning;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.core.state.StateSchema.Type;
import java.util.Arrays;
import java.util.List;

/**
 * Successive halving, bracket after bracket: all configurations of a rung run, the best of them go
 * on to the next rung, the others stop. Trials of one rung may run side by side; the next rung
 * waits for all of them. Configurations are uniform in the box, or evenly spread where there is one
 * parameter, and numbered through all brackets. Memory n (d + 2) for the largest bracket; closing a
 * rung costs n^2 comparisons.
 */
final class Halving extends AbstractTuner {
  static final Hyper ETA =
      Hyper.structural(
          "eta",
          3,
          Range.integers(2, 64),
          "one in so many goes on, with so many times the resource");

  static final Hyper EVEN =
      new Hyper(
          "even",
          0,
          Range.flag(),
          "1: a single parameter's values are spread evenly over the bracket, both ends included; 0:"
              + " they are drawn");

  private static final String POINTS = "points";
  private static final String LOSSES = "losses";
  private static final String ALIVE = "alive";
  private static final String PLACE = "place";

  /** Slots of {@link #PLACE}. */
  private static final int BRACKET = 0;

  private static final int RUNG = 1;
  private static final int SIZE = 2;
  private static final int HANDED = 3;
  private static final int REPORTED = 4;
  private static final int SLOTS = 5;

  private final List<Bracket> brackets;
  private final boolean even;

  /** Number of the first configuration of each bracket; one more entry for the end. */
  private final int[] first;

  private final StateSchema schema;

  Halving(TunerSpec spec, TunerSettings settings, List<Bracket> brackets) {
    super(spec, settings);
    this.brackets = brackets;
    even = settings.values().flag(EVEN);
    if (even && dimension() > 1) {
      throw new ConfigException(
          spec.id()
              + ".even = 1; must be 0 because there are "
              + dimension()
              + " parameters, and even is how one is spread");
    }
    first = new int[brackets.size() + 1];
    int most = 0;
    for (int i = 0; i < brackets.size(); i++) {
      int n = brackets.get(i).configs();
      first[i + 1] = Math.addExact(first[i], n);
      most = Math.max(most, n);
    }
    schema =
        blocks()
            .block(POINTS, (long) most * dimension())
            .block(LOSSES, most)
            .block(ALIVE, Type.LONGS, most)
            .block(PLACE, Type.LONGS, SLOTS)
            .build();
  }

  @Override
  public StateSchema schema() {
    return schema;
  }

  @Override
  public void initialize(LearnerState state) {
    begin(state);
  }

  /** All configurations of the present bracket are alive, and at its lowest rung. */
  private void begin(LearnerState state) {
    long[] place = state.longs(PLACE);
    int bracket = (int) place[BRACKET];
    place[RUNG] = 0;
    place[SIZE] = bracket < brackets.size() ? brackets.get(bracket).configs() : 0;
    place[HANDED] = 0;
    place[REPORTED] = 0;
    long[] alive = state.longs(ALIVE);
    for (int i = 0; i < place[SIZE]; i++) {
      alive[i] = i;
    }
    Arrays.fill(state.block(LOSSES), Double.NaN);
  }

  @Override
  public boolean next(LearnerState state, Draws draws, Trial out, Workspace workspace) {
    long[] place = state.longs(PLACE);
    if (place[HANDED] == place[SIZE]) {
      return false;
    }
    int bracket = (int) place[BRACKET];
    int rung = (int) place[RUNG];
    int index = (int) state.longs(ALIVE)[(int) place[HANDED]];
    out.set(first[bracket] + index, rung, brackets.get(bracket).resource(rung));
    double[] points = state.block(POINTS);
    int at = index * dimension();
    if (rung == 0) {
      if (even) {
        out.point()[0] = place[SIZE] == 1 ? 0.5 : index / (place[SIZE] - 1.0);
      } else {
        uniform(draws, out.point());
      }
      System.arraycopy(out.point(), 0, points, at, dimension());
    } else {
      System.arraycopy(points, at, out.point(), 0, dimension());
    }
    place[HANDED]++;
    count(state);
    return true;
  }

  @Override
  public boolean report(
      LearnerState state, Trial trial, double loss, double[] constraints, Workspace workspace) {
    long[] place = state.longs(PLACE);
    int bracket = (int) place[BRACKET];
    if (bracket == brackets.size() || trial.rung() != place[RUNG]) {
      return false;
    }
    int index = trial.config() - first[bracket];
    int position = Arrays.binarySearch(state.longs(ALIVE), 0, (int) place[HANDED], index);
    double[] losses = state.block(LOSSES);
    if (position < 0 || !Double.isNaN(losses[position])) {
      return false;
    }
    losses[position] = counted(loss);
    Incumbent.offer(state, trial, loss);
    place[REPORTED]++;
    if (place[REPORTED] == place[SIZE]) {
      closeRung(state, brackets.get(bracket));
    }
    return true;
  }

  private void closeRung(LearnerState state, Bracket bracket) {
    long[] place = state.longs(PLACE);
    if (place[RUNG] == bracket.rungs() - 1) {
      place[BRACKET]++;
      begin(state);
      return;
    }
    place[RUNG]++;
    int keep = bracket.configs((int) place[RUNG]);
    int size = (int) place[SIZE];
    long[] alive = state.longs(ALIVE);
    double[] losses = state.block(LOSSES);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (better(losses, size, i) < keep) {
        alive[kept++] = alive[i];
      }
    }
    place[SIZE] = kept;
    place[HANDED] = 0;
    place[REPORTED] = 0;
    Arrays.fill(losses, Double.NaN);
  }

  /**
   * How many of the first {@code n} come before number i: less loss, or as much and a lower index.
   */
  private static int better(double[] losses, int n, int i) {
    int count = 0;
    for (int j = 0; j < n; j++) {
      if (losses[j] < losses[i] || losses[j] == losses[i] && j < i) {
        count++;
      }
    }
    return count;
  }

  @Override
  public boolean finished(LearnerState state) {
    return state.longs(PLACE)[BRACKET] == brackets.size();
  }

  @Override
  public boolean continues(LearnerState state, int config) {
    long[] place = state.longs(PLACE);
    int bracket = (int) place[BRACKET];
    if (config < first[bracket] || finished(state)) {
      return false;
    }
    int index = config - first[bracket];
    return config >= first[bracket + 1]
        || Arrays.binarySearch(state.longs(ALIVE), 0, (int) place[SIZE], index) >= 0;
  }
}

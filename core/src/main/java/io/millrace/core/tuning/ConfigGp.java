package io.millrace.core.tuning;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.core.state.StateSchema.Type;
import java.util.List;

/**
 * Constrained Bayesian optimization by lower confidence bounds of Gaussian processes. Xu, Jiang,
 * Svetozarevic, Jones, "Constrained Efficient Global Optimization of Expensive Black-box
 * Functions", arXiv:2211.00162, Algorithm 1 (CONFIG).
 *
 * <pre>
 * next = argmin mean_f - beta sd_f   subject to   mean_gi - beta sd_gi &lt;= 0
 * </pre>
 *
 * <p>Where no candidate may meet the constraints, the problem is declared infeasible and the search
 * ends. Deviations from the paper: the argmin is over candidates, uniform in the box and drawn anew
 * for every trial; the first trials are uniform; losses are centred and scaled, and constraints
 * scaled, by what has been seen, unless {@code standardize} is 0; beyond {@code capacity} the point
 * that the others tell most about is forgotten. Memory {@code capacity (d + 1 + constraints)}; a
 * trial costs n^2 per candidate and n^3 / 3, since the factor is made again from the points.
 */
public final class ConfigGp extends AbstractTuner {
  static final Hyper BETA =
      new Hyper("beta", 2, Range.nonNegative(), "standard deviations below the mean");
  static final Hyper LENGTHSCALE =
      new Hyper("lengthscale", 0.3, Range.closed(1e-3, 1e3), "of the kernel, in widths of the box");
  static final Hyper SIGNAL =
      new Hyper(
          "signal-variance", 1, Range.closed(1e-4, 1e4), "of the kernel, at a point with itself");
  static final Hyper NOISE =
      new Hyper("noise-variance", 0.01, Range.closed(1e-8, 1e8), "of a loss, in the same unit");
  static final Hyper INITIAL =
      new Hyper(
          "initial", 5, Range.integers(1, 10_000), "uniform trials before the model is asked");
  static final Hyper CANDIDATES =
      new Hyper("candidates", 512, Range.integers(1, 100_000), "points compared per trial");
  static final Hyper CAPACITY =
      Hyper.structural("capacity", 256, Range.integers(2, 512), "points that the model keeps");
  static final Hyper STANDARDIZE =
      new Hyper("standardize", 1, Range.flag(), "centre and scale what the model is given");

  public static final TunerSpec SPEC =
      new TunerSpec(
          "config-gp",
          1,
          new Source(
              "Xu, Jiang, Svetozarevic, Jones, Constrained Efficient Global Optimization of"
                  + " Expensive Black-box Functions, arXiv:2211.00162, Algorithm 1",
              Source.Confidence.DERIVED),
          true,
          List.of(BETA, LENGTHSCALE, SIGNAL, NOISE, INITIAL, CANDIDATES, CAPACITY, STANDARDIZE),
          ConfigGp::new);

  private static final String POINTS = "points";
  private static final String LOSSES = "losses";
  private static final String CONSTRAINTS = "constraints";
  private static final String PLACE = "place";

  /** Slots of {@link #PLACE}. */
  private static final int HELD = 0;

  /** Whether no candidate could meet the constraints. */
  private static final int INFEASIBLE = 1;

  private static final int SLOTS = 2;

  /** Target of the process of the loss; those of constraints follow. */
  private static final int LOSS = 0;

  private final HyperValues values;
  private final int capacity;
  private final StateSchema schema;

  /**
   * A choice among candidates.
   *
   * @param index of the candidate; -1 where none may meet the constraints
   * @param feasible candidates that may
   * @param bound lower confidence bound of the loss there; of all figures NaN where there is none
   * @param mean of the loss, in the unit of the model
   * @param deviation standard deviation, likewise
   * @param worstConstraint largest lower confidence bound of a constraint; NaN without constraints
   */
  public record Choice(
      int index,
      int feasible,
      double bound,
      double mean,
      double deviation,
      double worstConstraint) {}

  private ConfigGp(TunerSettings settings) {
    super(SPEC, settings);
    values = settings.values();
    capacity = (int) values.get(CAPACITY);
    schema =
        blocks()
            .block(POINTS, (long) capacity * dimension())
            .block(LOSSES, capacity)
            .block(CONSTRAINTS, (long) capacity * constraints())
            .block(PLACE, Type.LONGS, SLOTS)
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
    long[] place = state.longs(PLACE);
    if (place[INFEASIBLE] != 0) {
      return false;
    }
    int trial = (int) state.steps();
    if (trial < values.get(INITIAL) || place[HELD] == 0) {
      uniform(draws, out.set(trial, 0, 1).point());
      count(state);
      return true;
    }
    int n = (int) values.get(CANDIDATES);
    int d = dimension();
    double[] candidates = workspace.atLeast("config-gp.candidates", n * d);
    Draws uniforms = draws.fork(Purpose.INITIALIZATION);
    for (int i = 0; i < n * d; i++) {
      candidates[i] = uniforms.uniform(i);
    }
    Choice choice = choose(state, candidates, n, workspace);
    if (choice.index() < 0) {
      place[INFEASIBLE] = 1;
      return false;
    }
    System.arraycopy(candidates, choice.index() * d, out.set(trial, 0, 1).point(), 0, d);
    count(state);
    return true;
  }

  /**
   * The best of given candidates; changes nothing.
   *
   * @param candidates [n x d], not modified
   */
  public Choice choose(LearnerState state, double[] candidates, int n, Workspace workspace) {
    GaussianProcess process = process(state, workspace);
    double beta = values.get(BETA);
    int best = -1;
    int feasible = 0;
    double least = 0;
    for (int i = 0; i < n; i++) {
      double deviation = process.at(candidates, i * dimension());
      if (worstConstraint(process, beta * deviation) > 0) {
        continue;
      }
      feasible++;
      double bound = process.mean(LOSS) - beta * deviation;
      if (best < 0 || bound < least) {
        best = i;
        least = bound;
      }
    }
    if (best < 0) {
      return new Choice(-1, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    double deviation = process.at(candidates, best * dimension());
    return new Choice(
        best,
        feasible,
        least,
        process.mean(LOSS),
        deviation,
        worstConstraint(process, beta * deviation));
  }

  /** The largest lower bound of a constraint; NaN, which exceeds nothing, without any. */
  private double worstConstraint(GaussianProcess process, double margin) {
    double worst = Double.NaN;
    for (int c = 0; c < constraints(); c++) {
      double bound = process.mean(LOSS + 1 + c) - margin;
      worst = c == 0 ? bound : Math.max(worst, bound);
    }
    return worst;
  }

  private GaussianProcess process(LearnerState state, Workspace workspace) {
    GaussianProcess process =
        workspace.object("config-gp.process", GaussianProcess.class, GaussianProcess::new);
    int n = (int) state.longs(PLACE)[HELD];
    process.fit(
        state.block(POINTS),
        n,
        dimension(),
        values.get(LENGTHSCALE),
        values.get(SIGNAL),
        values.get(NOISE));
    process.targets(1 + constraints());
    double[] losses = state.block(LOSSES);
    double shift = values.flag(STANDARDIZE) ? mean(losses, n) : 0;
    process.observe(LOSS, losses, 0, shift, scale(losses, 0, n, shift));
    double[] constraints = state.block(CONSTRAINTS);
    for (int c = 0; c < constraints(); c++) {
      int at = c * capacity;
      process.observe(LOSS + 1 + c, constraints, at, 0, scale(constraints, at, n, 0));
    }
    return process;
  }

  private static double mean(double[] x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += x[i];
    }
    return n == 0 ? 0 : sum / n;
  }

  /** Root mean square about a centre; 1 where that is zero, or where nothing is scaled. */
  private double scale(double[] x, int at, int n, double centre) {
    double squares = 0;
    for (int i = at; i < at + n; i++) {
      squares += (x[i] - centre) * (x[i] - centre);
    }
    double root = Math.sqrt(squares / Math.max(1, n));
    return values.flag(STANDARDIZE) && root > 0 && Double.isFinite(root) ? root : 1;
  }

  /** Losses that are not finite tell where not to look, but the model has no number for them. */
  @Override
  public boolean report(
      LearnerState state, Trial trial, double loss, double[] constraints, Workspace workspace) {
    if (trial.config() >= state.steps()) {
      return false;
    }
    if (!Double.isFinite(loss) || !finite(constraints)) {
      return true;
    }
    long[] place = state.longs(PLACE);
    if (place[HELD] == capacity) {
      forget(state, process(state, workspace).leastMissed());
    }
    int at = (int) place[HELD];
    System.arraycopy(trial.point(), 0, state.block(POINTS), at * dimension(), dimension());
    state.block(LOSSES)[at] = loss;
    boolean met = true;
    for (int c = 0; c < constraints(); c++) {
      state.block(CONSTRAINTS)[c * capacity + at] = constraints[c];
      met &= constraints[c] <= 0;
    }
    place[HELD]++;
    if (met) {
      Incumbent.offer(state, trial, loss);
    }
    return true;
  }

  private boolean finite(double[] constraints) {
    for (int c = 0; c < constraints(); c++) {
      if (!Double.isFinite(constraints[c])) {
        return false;
      }
    }
    return true;
  }

  /** Point k goes; those after it move up. */
  private void forget(LearnerState state, int k) {
    long[] place = state.longs(PLACE);
    int left = (int) place[HELD] - 1 - k;
    int d = dimension();
    double[] points = state.block(POINTS);
    System.arraycopy(points, (k + 1) * d, points, k * d, left * d);
    double[] losses = state.block(LOSSES);
    System.arraycopy(losses, k + 1, losses, k, left);
    double[] constraints = state.block(CONSTRAINTS);
    for (int c = 0; c < constraints(); c++) {
      int at = c * capacity + k;
      System.arraycopy(constraints, at + 1, constraints, at, left);
    }
    place[HELD]--;
  }

  /** Whether the constraints were found impossible to meet. */
  @Override
  public boolean finished(LearnerState state) {
    return state.longs(PLACE)[INFEASIBLE] != 0;
  }

  @Override
  public boolean continues(LearnerState state, int config) {
    return false;
  }
}

package io.millrace.core.tuning;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.List;

/**
 * The (1+1) evolution strategy with the one-fifth success rule. Rechenberg, "Evolutionsstrategie",
 * 1973; the step size as in Hansen, Arnold, Auger, "Evolution Strategies", Springer Handbook of
 * Computational Intelligence, 2015.
 *
 * <pre>
 * y = x + sigma z,  z ~ N(0, I);   x &lt;- y where f(y) &lt;= f(x)
 * sigma &lt;- sigma exp((1{f(y) &lt;= f(x)} - 1/5) / (4/5 damping))
 * </pre>
 *
 * <p>Starts in the middle of the box, whose loss is that of the first trial. Deviations from the
 * paper: points are brought back into the box entry by entry. Memory 2 d; one trial at a time.
 */
public final class OnePlusOneEs extends AbstractTuner {
  static final Hyper SIGMA =
      new Hyper("sigma", 0.3, Range.positive(), "step size at the start, in widths of the box");
  static final Hyper DAMPING =
      new Hyper(
          "damping", 3, Range.positive(), "successes in a row that make the step e times as long");

  public static final TunerSpec SPEC =
      new TunerSpec(
          "one-plus-one-es",
          1,
          new Source(
              "Rechenberg, Evolutionsstrategie, 1973; Hansen, Arnold, Auger, Evolution Strategies,"
                  + " Springer Handbook of Computational Intelligence, 2015",
              Source.Confidence.MEMORY),
          false,
          List.of(SIGMA, DAMPING),
          OnePlusOneEs::new);

  private static final String PARENT = "x";
  private static final String FIGURES = "figures";

  /** Slots of {@link #FIGURES}. */
  private static final int LOSS = 0;

  private static final int STEP = 1;

  /** Whether a trial is out. */
  private static final int OUT = 2;

  private static final int SLOTS = 3;

  private static final double TARGET = 0.2;

  private final double sigma;
  private final double damping;
  private final StateSchema schema;

  private OnePlusOneEs(TunerSettings settings) {
    super(SPEC, settings);
    sigma = settings.values().get(SIGMA);
    damping = settings.values().get(DAMPING);
    schema = blocks().block(PARENT, dimension()).block(FIGURES, SLOTS).build();
  }

  @Override
  public StateSchema schema() {
    return schema;
  }

  @Override
  public void initialize(LearnerState state) {
    Arrays.fill(state.block(PARENT), 0.5);
    state.block(FIGURES)[STEP] = sigma;
  }

  @Override
  public boolean next(LearnerState state, Draws draws, Trial out, Workspace workspace) {
    double[] figures = state.block(FIGURES);
    if (figures[OUT] != 0) {
      return false;
    }
    double[] x = state.block(PARENT);
    double[] y = out.set((int) state.steps(), 0, 1).point();
    boolean first = state.steps() == 0;
    Draws z = draws.fork(Purpose.PERTURBATION);
    for (int i = 0; i < y.length; i++) {
      y[i] = first ? x[i] : clamp(x[i] + figures[STEP] * z.normal(i));
    }
    figures[OUT] = 1;
    count(state);
    return true;
  }

  @Override
  public boolean report(
      LearnerState state, Trial trial, double loss, double[] constraints, Workspace workspace) {
    double[] figures = state.block(FIGURES);
    if (figures[OUT] == 0 || trial.config() != state.steps() - 1) {
      return false;
    }
    Incumbent.offer(state, trial, loss);
    double f = counted(loss);
    boolean first = trial.config() == 0;
    boolean success = first || f <= figures[LOSS];
    if (success) {
      figures[LOSS] = f;
      double[] x = state.block(PARENT);
      System.arraycopy(trial.point(), 0, x, 0, x.length);
    }
    if (!first) {
      figures[STEP] *= StrictMath.exp(((success ? 1 : 0) - TARGET) / ((1 - TARGET) * damping));
    }
    figures[OUT] = 0;
    return true;
  }

  @Override
  public boolean continues(LearnerState state, int config) {
    return false;
  }
}

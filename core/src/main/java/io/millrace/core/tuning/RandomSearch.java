package io.millrace.core.tuning;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.List;

/**
 * Random search: every trial is a new configuration, uniform in the box. What any other method has
 * to beat. Bergstra, Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13, 2012.
 *
 * <p>Deviations from the paper: none. Memory d. A loss is taken as often as it is reported.
 */
public final class RandomSearch extends AbstractTuner {
  public static final TunerSpec SPEC =
      new TunerSpec(
          "random-search",
          1,
          new Source(
              "Bergstra, Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13, 2012",
              Source.Confidence.DERIVED),
          false,
          List.of(),
          RandomSearch::new);

  private final StateSchema schema;

  private RandomSearch(TunerSettings settings) {
    super(SPEC, settings);
    schema = blocks().build();
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
    uniform(draws, out.set((int) state.steps(), 0, 1).point());
    count(state);
    return true;
  }

  @Override
  public boolean report(
      LearnerState state, Trial trial, double loss, double[] constraints, Workspace workspace) {
    if (trial.config() >= state.steps()) {
      return false;
    }
    Incumbent.offer(state, trial, loss);
    return true;
  }

  @Override
  public boolean continues(LearnerState state, int config) {
    return false;
  }
}

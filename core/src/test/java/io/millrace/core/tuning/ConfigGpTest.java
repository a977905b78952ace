package io.millrace.core.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigGpTest {
  private final Workspace workspace = new Workspace();
  private final PhiloxDraws draws = new PhiloxDraws(2, "config");
  private Tuner tuner;
  private LearnerState state;

  private void start(int constraints, Map<String, Double> values) {
    tuner = Tuners.spec("config-gp").make(1, constraints, values);
    state = new LearnerState(tuner.schema());
    tuner.initialize(state);
  }

  /** Loss falls to the right, the constraint {@code x <= limit} stops it. */
  private int run(int trials, double limit) {
    Trial trial = new Trial(1);
    int done = 0;
    while (done < trials && tuner.next(state, draws.at(state.steps()), trial, workspace)) {
      double x = trial.point()[0];
      tuner.report(state, trial, 1000 - 100 * x, new double[] {x - limit}, workspace);
      done++;
    }
    return done;
  }

  @Test
  void comesToTheEdgeOfTheConstraintWhereTheBestPointIs() {
    start(1, Map.of("noise-variance", 1e-4));
    assertThat(run(40, 0.6)).isEqualTo(40);
    double[] points = state.block("points");
    assertThat(Arrays.stream(points, 30, 40).average().orElseThrow()).isBetween(0.58, 0.62);
    double[] best = new double[1];
    tuner.incumbentPoint(state, best);
    assertThat(best[0]).as("the best that met it").isBetween(0.4, 0.6);
  }

  @Test
  void declaresAProblemInfeasibleThatIs() {
    start(1, Map.of());
    assertThat(run(60, -0.5)).isBetween(5, 59);
    assertThat(tuner.finished(state)).isTrue();
    assertThat(tuner.incumbent(state)).isEqualTo(-1);
  }

  @Test
  void forgetsThePointThatTheOthersTellMostAbout() {
    start(0, Map.of("capacity", 4.0, "initial", 5.0, "standardize", 0.0));
    double[] seen = {0.0, 0.48, 1.0, 0.52, 0.25};
    Trial trial = new Trial(1);
    for (int i = 0; i < seen.length; i++) {
      tuner.next(state, draws.at(state.steps()), trial, workspace);
      trial.point()[0] = seen[i];
      tuner.report(state, trial, i, new double[0], workspace);
    }
    // 0.48 and 0.52 tell about each other; what is left of them and the others keeps its loss.
    assertThat(state.block("points")).containsExactly(0.0, 1.0, 0.52, 0.25);
    assertThat(state.block("losses")).containsExactly(0, 2, 3, 4);
  }
}

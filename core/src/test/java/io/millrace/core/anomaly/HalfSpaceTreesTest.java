package io.millrace.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learner.EventLearner;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfSpaceTreesTest {
  private static final int WIDTH = 5;

  private static EventLearner learner(Map<String, Double> hypers) {
    InputSpec input =
        new InputSpec(InputSpec.Kind.DENSE, WIDTH, 0, InputSpec.Target.NONE, List.of(), WIDTH);
    LearnerSetup setup =
        LearnerSetup.of(HalfSpaceTrees.SPEC.id(), input).withHyperparameters(hypers);
    return HalfSpaceTrees.SPEC.make().make(LearnerForm.of(HalfSpaceTrees.SPEC, setup));
  }

  /** Three clusters that move; every fiftieth row is uniform. */
  private static void load(Rows rows, int t, Random random) {
    rows.clear();
    rows.beginRow();
    double around = 0.25 * (1 + random.nextInt(3)) + 0.1 * Math.sin(t / 1000.0);
    for (int j = 0; j < WIDTH; j++) {
      double v = t % 50 == 49 ? random.nextDouble() : around + 0.03 * random.nextGaussian();
      rows.add(v);
    }
    rows.endRow(Double.NaN, 1);
  }

  @Test
  void rowsFarFromAllOthersScoreHighAndAlarmsAreAsManyAsTheQuantileSays() {
    EventLearner learner = learner(Map.of("alarm-quantile", 0.96));
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "k");
    Rows rows = learner.newRows();
    Outcome out = new Outcome();
    Workspace workspace = new Workspace();
    Random random = new Random(3);
    List<Double> odd = new ArrayList<>();
    List<Double> usual = new ArrayList<>();
    int alarms = 0;
    int events = 6000;
    for (int t = 0; t < events; t++) {
      load(rows, t, random);
      learner.learnOne(rows, state, "k", out, workspace);
      if (t < 250) {
        assertThat(out.scoreCount).isZero();
      } else {
        assertThat(out.scores[0]).isBetween(0.0, 1.0);
        (t % 50 == 49 ? odd : usual).add(out.scores[0]);
        alarms += out.scores[1] > 0 ? 1 : 0;
        assertThat(t < 500 && out.scores[1] > 0).as("alarm before there is a quantile").isFalse();
      }
    }
    long above = 0;
    for (double o : odd) {
      above += usual.stream().filter(u -> u < o).count();
    }
    assertThat(above / ((double) odd.size() * usual.size())).isGreaterThan(0.96);
    assertThat(alarms).isBetween(events / 50, events / 12);
    assertThat(state.bytes()).isBetween(100_000L, 110_000L);
  }

  @Test
  void anotherKeyHasOtherTreesAndTheSameKeyTheSame() {
    EventLearner learner = learner(Map.of("window", 50.0));
    double[][] scores = new double[3][];
    String[] keys = {"a", "b", "a"};
    for (int k = 0; k < keys.length; k++) {
      LearnerState state = new LearnerState(learner.schema());
      learner.initialize(state, keys[k]);
      Rows rows = learner.newRows();
      Outcome out = new Outcome();
      Random random = new Random(5);
      Workspace workspace = new Workspace();
      for (int t = 0; t < 80; t++) {
        load(rows, t, random);
        learner.learnOne(rows, state, keys[k], out, workspace);
      }
      scores[k] = out.scores.clone();
    }
    assertThat(scores[2]).isEqualTo(scores[0]);
    assertThat(scores[1]).isNotEqualTo(scores[0]);
  }
}

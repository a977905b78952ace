package io.millrace.bench.drift;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.monitor.DriftWatch;
import io.millrace.core.monitor.Monitor;
import io.millrace.core.monitor.MonitorOptions;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a reaction to a drift is worth: logistic regression by plain descent on ten normal features,
 * six of whose ten weights change their sign every 2,000 events; one label in twenty is wrong. Loss
 * and errors are those of the 2,000 events after each change.
 */
final class ReactionTable {
  private static final int DIMENSION = 10;
  private static final int TURNED = 6;
  private static final int PERIOD = 2000;
  private static final int EVENTS = 10_000;
  private static final double WRONG = 0.05;
  private static final int NEAR = 500;

  private final int streams;

  ReactionTable(int streams) {
    this.streams = streams;
  }

  /** A detector and a reaction, at a learning rate. */
  Map<String, Object> row(String detector, String reaction, double rate) {
    InputSpec input =
        new InputSpec(
            InputSpec.Kind.DENSE,
            DIMENSION,
            1,
            InputSpec.Target.CLASS,
            List.of("0", "1"),
            DIMENSION);
    SupervisedLearner learner =
        new SupervisedLearner(
            SupervisedOptions.builder(input, "logistic")
                .scaling(Scaling.NONE)
                .optimizer("sgd", Map.of("learning-rate", rate))
                .build());
    Monitor monitor =
        new MonitorOptions(
                List.of(),
                Map.of(),
                Map.of(),
                detector,
                Map.of(),
                Map.of("reaction", reaction),
                List.of(),
                1)
            .build(input, learner.probabilities());
    double loss = 0;
    double errors = 0;
    double near = 0;
    for (int s = 0; s < streams; s++) {
      double[] sums = run(learner, monitor, s);
      loss += sums[0];
      errors += sums[1];
      near += sums[2];
    }
    double changes = (double) streams * (EVENTS / PERIOD - 1);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("detector", detector);
    row.put("reaction", reaction);
    row.put("learning-rate", rate);
    row.put("loss-after-change", loss / (changes * PERIOD));
    row.put("error-after-change", errors / (changes * PERIOD));
    row.put("error-in-500", near / (changes * NEAR));
    return row;
  }

  private static double[] run(SupervisedLearner learner, Monitor monitor, int stream) {
    Workspace workspace = new Workspace();
    Monitor.Scratch scratch = monitor.newScratch(workspace);
    LearnerState model = started(learner);
    LearnerState background = null;
    LearnerState watched = new LearnerState(monitor.schema());
    PhiloxDraws draws = new PhiloxDraws(3, "reaction-" + stream);
    double[] weights = new double[DIMENSION];
    for (int j = 0; j < DIMENSION; j++) {
      weights[j] = draws.fork(Purpose.MODEL).normal(j);
    }
    Rows row = learner.newRows();
    Outcome outcome = new Outcome();
    double[] sums = new double[3];
    for (int i = 0; i < EVENTS; i++) {
      if (i > 0 && i % PERIOD == 0) {
        for (int j = 0; j < TURNED; j++) {
          weights[j] = -weights[j];
        }
      }
      row.clear();
      row.beginRow();
      double z = 0;
      for (int j = 0; j < DIMENSION; j++) {
        double x = draws.normal((long) i * DIMENSION + j);
        z += weights[j] * x;
        row.add(x);
      }
      boolean wrong = draws.fork(Purpose.SCHEDULE).coin(i, WRONG);
      double label = z > 0 != wrong ? 1 : 0;
      row.endRow(label, 1);
      learner.predict(row, 0, model, outcome, workspace);
      if (i >= PERIOD) {
        sums[0] += outcome.loss;
        sums[1] += 1 - outcome.correct;
        sums[2] += i % PERIOD < NEAR ? 1 - outcome.correct : 0;
      }
      DriftWatch.Happening happening = monitor.take(watched, learner, outcome, label, "", scratch);
      switch (monitor.react(watched, happening)) {
        case RESET -> model = started(learner);
        case BEGIN -> background = started(learner);
        case SWAP -> {
          model = background;
          background = null;
        }
        case GIVE_UP -> background = null;
        default -> {
          // The model goes on.
        }
      }
      OnlineLearner now = monitor.boosts() ? learner.faster(monitor.rateFactor(watched)) : learner;
      now.learn(row, model, "", workspace);
      if (background != null) {
        learner.learn(row, background, "", workspace);
      }
    }
    return sums;
  }

  private static LearnerState started(SupervisedLearner learner) {
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "");
    return state;
  }
}

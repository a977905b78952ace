package io.millrace.client;

import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Scoring features with a supervised model. */
final class Scoring extends Usage {
  private final Loss loss;
  private final List<String> classes;

  Scoring(Map<String, String> config) {
    this(config, SupervisedLearner.forScoring(config));
  }

  private Scoring(Map<String, String> config, SupervisedLearner learner) {
    super(config, learner, learner.options().input());
    SupervisedOptions options = learner.options();
    this.classes = options.input().classes();
    this.loss = Losses.spec(options.loss()).make().make(classes.size(), options.lossParameter());
  }

  /** What the last prediction says. */
  Score read(Scratch scratch) {
    requireFinite(scratch.outcome.raw, scratch.outcome.rawCount, scratch.rows);
    requireFinite(scratch.outcome.scores, scratch.outcome.scoreCount, scratch.rows);
    double[] values = Arrays.copyOf(scratch.outcome.scores, scratch.outcome.scoreCount);
    return new Score(values, classes, loss.classOf(values));
  }
}

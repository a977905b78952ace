package io.millrace.client;

import io.millrace.core.catalog.Learners;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learner.EventLearner;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.model.Models;
import io.millrace.core.supervised.SupervisedLearner;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scoring features with a model of a `learn` job. */
final class Scoring extends Usage {
  private final OnlineLearner learner;
  private final List<String> classes;

  private Scoring(Map<String, String> config, OnlineLearner learner, InputSpec input) {
    super(config, learner, input);
    this.learner = learner;
    this.classes = input.classes();
  }

  /** Scoring as the configuration says, whatever the learner. */
  static Scoring of(Map<String, String> config) {
    Optional<LearnerSpec> spec = Learners.find(config.getOrDefault(Models.KIND, ""));
    if (spec.isPresent()) {
      EventLearner learner = EventLearner.forScoring(spec.get(), config);
      return new Scoring(config, learner, learner.input());
    }
    SupervisedLearner learner = SupervisedLearner.forScoring(config);
    return new Scoring(config, learner, learner.options().input());
  }

  /** What the last prediction says. */
  Score read(Scratch scratch) {
    requireFinite(scratch.outcome.raw, scratch.outcome.rawCount, scratch.rows);
    requireFinite(scratch.outcome.scores, scratch.outcome.scoreCount, scratch.rows);
    double[] values = Arrays.copyOf(scratch.outcome.scores, scratch.outcome.scoreCount);
    return new Score(values, classes, learner.classOf(scratch.outcome));
  }
}

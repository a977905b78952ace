package io.millrace.client;

import io.millrace.core.features.FeatureEncoder;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StateException;
import io.millrace.core.learn.SupervisedLearner;
import io.millrace.core.learn.SupervisedOptions;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.Rows;
import io.millrace.core.optim.Workspace;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/**
 * What scoring needs that does not depend on a model's version: the learner built from its
 * configuration, and scratch for as many threads as score at once. Thread-safe.
 */
final class Scoring {
  private final Map<String, String> config;
  private final SupervisedLearner learner;
  private final Loss loss;
  private final List<String> classes;
  private final Queue<Scratch> free = new ConcurrentLinkedQueue<>();

  private static final class Scratch {
    final FeatureEncoder encoder;
    final Rows rows;
    final Outcome outcome = new Outcome();
    final Workspace workspace = new Workspace();

    Scratch(SupervisedLearner learner) {
      encoder = new FeatureEncoder(learner.options().input());
      rows = encoder.newRows();
    }
  }

  /**
   * Scoring for models of one configuration.
   *
   * @throws StateException if this build cannot score such a model
   */
  Scoring(Map<String, String> config) {
    this.config = Map.copyOf(config);
    this.learner = SupervisedLearner.forScoring(this.config);
    SupervisedOptions options = learner.options();
    this.classes = options.input().classes();
    this.loss = Losses.loss(options.loss()).make().make(classes.size(), options.lossParameter());
  }

  boolean fits(Map<String, String> other) {
    return config.equals(other);
  }

  LearnerState state(PublishedModel published) {
    LearnerState state = new LearnerState(learner.schema());
    learner.warmStart(state, published);
    return state;
  }

  /**
   * Predicts one row.
   *
   * @param add puts the features into the rows
   */
  Score score(LearnerState state, BiConsumer<FeatureEncoder, Rows> add) {
    Scratch scratch = free.poll();
    if (scratch == null) {
      scratch = new Scratch(learner);
    }
    try {
      scratch.rows.clear();
      add.accept(scratch.encoder, scratch.rows);
      learner.predict(scratch.rows, 0, state, scratch.outcome, scratch.workspace);
      double[] values = Arrays.copyOf(scratch.outcome.scores, scratch.outcome.scoreCount);
      return new Score(values, classes, loss.classOf(values));
    } finally {
      free.add(scratch);
    }
  }
}

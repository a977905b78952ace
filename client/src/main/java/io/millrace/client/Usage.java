package io.millrace.client;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.FeatureEncoder;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.sample.posterior.PosteriorForm;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What using a model needs that does not depend on its version: the learner built from its
 * configuration, and scratch for as many threads as use it at once. Thread-safe.
 */
abstract class Usage {
  private final Map<String, String> config;
  private final OnlineLearner learner;
  private final InputSpec input;
  private final Queue<Scratch> free = new ConcurrentLinkedQueue<>();

  /** What one thread needs for one call. */
  static final class Scratch {
    final FeatureEncoder encoder;
    final Rows rows;
    final Outcome outcome = new Outcome();
    final Workspace workspace = new Workspace();

    /** One draw of a posterior as a model of its own, and the scores of all; else null. */
    LearnerState draw;

    double[] scores;

    Scratch(InputSpec input) {
      encoder = new FeatureEncoder(input);
      rows = encoder.newRows();
    }
  }

  Usage(Map<String, String> config, OnlineLearner learner, InputSpec input) {
    this.config = lasting(config);
    this.learner = learner;
    this.input = input;
  }

  /**
   * The usage of a model, whatever its family.
   *
   * @throws io.millrace.core.state.StateException if this build cannot use such a model
   */
  static Usage of(Map<String, String> config) {
    Map<String, String> own = Map.copyOf(config);
    if (Posterior.suits(own)) {
      return Posterior.of(own);
    }
    return own.containsKey("dictionary.method") ? new Coding(own) : Scoring.of(own);
  }

  final boolean fits(Map<String, String> other) {
    return config.equals(lasting(other));
  }

  /** What using a model depends on: not what is said about one version of a posterior. */
  private static Map<String, String> lasting(Map<String, String> config) {
    if (!Posterior.suits(config)) {
      return config;
    }
    Map<String, String> lasting = new TreeMap<>(config);
    lasting.keySet().removeIf(n -> n.startsWith(PosteriorForm.PREFIX));
    lasting.put(PosteriorForm.RELIABLE, "");
    return lasting;
  }

  /** The state that questions are asked of; see {@link OnlineLearner#read}. */
  LearnerState state(PublishedModel published, long mostBytes) {
    return learner.read(published, mostBytes);
  }

  /** Answers for the only row of the scratch. */
  void answer(LearnerState state, Scratch scratch) {
    learner.predict(scratch.rows, 0, state, scratch.outcome, scratch.workspace);
  }

  /**
   * Refuses an answer that is no number, which only features of a size that no arithmetic holds
   * lead to: the model itself is finite.
   *
   * @throws IllegalArgumentException naming the answer and the largest feature
   */
  static void requireFinite(double[] answer, int n, Rows rows) {
    if (Vectors.allFinite(answer, n)) {
      return;
    }
    double largest = 0;
    for (int i = rows.start(0); i < rows.end(0); i++) {
      largest = Math.max(largest, Math.abs(rows.value()[i]));
    }
    throw new IllegalArgumentException(
        "features as large as "
            + largest
            + " give "
            + Arrays.toString(Arrays.copyOf(answer, n))
            + ", which is no answer; bring them to the range the model has learned from");
  }

  /**
   * Predicts one row.
   *
   * @param add puts the features into the rows
   * @param read what of it is wanted
   */
  final <T> T predict(
      LearnerState state, BiConsumer<FeatureEncoder, Rows> add, Function<Scratch, T> read) {
    Scratch scratch = free.poll();
    if (scratch == null) {
      scratch = new Scratch(input);
    }
    try {
      scratch.rows.clear();
      add.accept(scratch.encoder, scratch.rows);
      String unfit = learner.unfit(scratch.rows, 0);
      if (unfit != null) {
        throw new IllegalArgumentException(unfit);
      }
      answer(state, scratch);
      return read.apply(scratch);
    } finally {
      free.add(scratch);
    }
  }
}

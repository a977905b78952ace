package io.millrace.operators.learner;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.operators.handler.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The learners of a stage: the configured one and, where there are any, the candidates for its
 * place. One of them serves: its model is published, and its predictions are the key's.
 */
final class Lanes {
  private final Lane base;
  private final List<Lane> all;
  private final Map<String, Lane> byName = new HashMap<>();
  private final WarmStart warmStart;

  /**
   * Lanes.
   *
   * @param all the configured learner's first
   */
  Lanes(List<Lane> all, WarmStart warmStart) {
    this.all = List.copyOf(all);
    this.base = all.get(0);
    this.warmStart = warmStart;
    all.forEach(lane -> byName.put(lane.name, lane));
  }

  /** The configured learner alone. */
  static Lanes of(OnlineLearner learner, WarmStart warmStart) {
    Lane only = new Lane(0, CandidateOptions.BASE, LearnerHandler.MODEL, -1, learner);
    return new Lanes(List.of(only), warmStart);
  }

  /** All of them, by number. */
  List<Lane> all() {
    return all;
  }

  /** The configured learner's. */
  Lane base() {
    return base;
  }

  /** A lane by its name; null: there is none. */
  Lane named(String name) {
    return byName.get(name);
  }

  /** The lane that serves a key. */
  Lane serving(Key key) {
    String champion = key.journal().champion;
    if (champion == null) {
      return base;
    }
    Lane lane = byName.get(champion);
    if (lane == null) {
      throw new StateException(
          "key '"
              + key.name()
              + "' is served by candidate '"
              + champion
              + "', which the job does not have; configure it under candidates as it was, or start"
              + " without the savepoint (warm-start.file takes a published model)");
    }
    return lane;
  }

  /** The learner that serves a key, under the hyperparameters in force. */
  OnlineLearner learner(Key key) {
    return serving(key).variants.of(key);
  }

  /** The model that serves a key, to be looked at. */
  LearnerState read(Key key) {
    return key.read(serving(key).model);
  }

  /**
   * Puts a lane's fresh model to its start: the learner's own, or the published model that new keys
   * start from. One of another form than the configured learner's has its own.
   */
  void start(Key key, Lane lane, LearnerState state) {
    OnlineLearner learner = lane.learner();
    learner.initialize(state, key.name());
    WarmStart.Start from = lane.isOfForm(base) ? warmStart.of(key.name()) : null;
    if (from == null) {
      return;
    }
    try {
      learner.warmStart(state, from.model());
    } catch (StateException e) {
      throw new StateException(
          "key '" + key.name() + "' cannot start from '" + from.parent() + "': " + e.getMessage(),
          e);
    }
    key.journal().parent = from.parent();
  }
}

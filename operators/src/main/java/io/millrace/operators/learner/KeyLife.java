package io.millrace.operators.learner;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.operators.control.BroadcastControls;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Begin and end of keys. A key begins with its first usable example. It ends when its event time
 * leaps by more than the time to live: the next example then begins it anew, whether or not a timer
 * has freed the memory in between.
 */
public final class KeyLife {
  /** Asks for a call when the watermark passes a time; for the key being handled. */
  interface Timers {
    void register(long time);
  }

  private final Learners learners;
  private final WarmStart warmStart;
  private final int dedupeWindow;
  private final long ttl;
  private final BroadcastControls broadcast;
  private final Timers timers;
  private final SnapshotPublisher snapshots;
  private final DeadLetterOffice deadLetters;
  private final LearnerMetrics metrics;

  KeyLife(
      LearnerOptions options,
      Learners learners,
      BroadcastControls broadcast,
      Timers timers,
      SnapshotPublisher snapshots,
      DeadLetterOffice deadLetters,
      LearnerMetrics metrics) {
    this.learners = learners;
    this.warmStart = options.warmStart();
    this.dedupeWindow = options.dedupeWindow();
    this.ttl = options.ttl() == null ? 0 : options.ttl().toMillis();
    this.broadcast = broadcast;
    this.timers = timers;
    this.snapshots = snapshots;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
  }

  /** A new key, at its start. */
  KeyState begin(String key, long eventTime) {
    OnlineLearner learner = learners.base();
    KeyState s = new KeyState();
    s.algorithm = learner.algorithm();
    s.stateVersion = learner.stateVersion();
    s.eventTime = eventTime;
    s.timeAtSnapshot = eventTime;
    broadcast.inherit(s);
    start(s, key);
    if (dedupeWindow > 0) {
      s.recent = new IdWindow(dedupeWindow);
    }
    setTimer(s);
    metrics.keysCreated.inc();
    return s;
  }

  /** Puts the model to its start: the learner's own, or the published model it starts from. */
  private void start(KeyState s, String key) {
    OnlineLearner learner = learners.base();
    s.learner = new LearnerState(learner.schema());
    learner.initialize(s.learner, key);
    WarmStart.Start from = warmStart.of(key);
    if (from != null) {
      try {
        learner.warmStart(s.learner, from.model());
      } catch (StateException e) {
        throw new StateException(
            "key '" + key + "' cannot start from '" + from.parent() + "': " + e.getMessage(), e);
      }
      s.parent = from.parent();
    }
  }

  /**
   * A model put back to its start. Versions, counters, hyperparameters, waiting examples and
   * remembered ids stay; progressive validation begins anew, as it judges the model.
   */
  public void reset(KeyState s, String key) {
    abandon(s, s.heldCount());
    s.held = null;
    s.total.clear();
    s.window.clear();
    start(s, key);
  }

  /**
   * A state that has come from the backend, brought up to this build and configuration.
   *
   * @throws StateException if the learner cannot take it
   */
  void adopt(KeyState s, String key) {
    OnlineLearner learner = learners.base();
    if (s.learner.schema() != learner.schema() || s.stateVersion != learner.stateVersion()) {
      upgrade(s, key, learner);
    }
    int window = s.recent == null ? 0 : s.recent.window();
    if (window != dedupeWindow) {
      long[] hashes = s.recent == null ? new long[0] : s.recent.hashes();
      s.recent = dedupeWindow == 0 ? null : IdWindow.of(dedupeWindow, hashes);
    }
  }

  private static void upgrade(KeyState s, String key, OnlineLearner learner) {
    LearnerState state = s.learner;
    if (s.stateVersion != learner.stateVersion()) {
      try {
        state = learner.upgrade(s.stateVersion, state);
      } catch (StateException e) {
        throw new StateException("state of '" + key + "': " + e.getMessage(), e);
      }
    }
    if (state.schema() != learner.schema()) {
      if (!state.schema().equals(learner.schema())) {
        throw new StateException(
            "state of '"
                + key
                + "' has blocks "
                + state.schema()
                + ", '"
                + learner.algorithm()
                + "' expects "
                + learner.schema()
                + "; configure the learner as it was");
      }
      List<double[]> blocks = new ArrayList<>();
      for (int i = 0; i < state.schema().size(); i++) {
        blocks.add(state.block(i));
      }
      long steps = state.steps();
      state = LearnerState.of(learner.schema(), blocks);
      state.setSteps(steps);
    }
    s.learner = state;
    s.stateVersion = learner.stateVersion();
  }

  /** Whether an event at this time finds the key at its end. */
  boolean over(KeyState s, long eventTime) {
    return ttl > 0 && eventTime - s.eventTime > ttl;
  }

  /** Ends a key: what waits in it becomes dead letters, its model is taken back. */
  void end(KeyState s, String key) {
    if (s.pending != null) {
      s.pending.forEach(
          (id, p) ->
              deadLetters.send(
                  p.example(),
                  key,
                  s,
                  Reason.LABEL_EXPIRED,
                  deadLetters.address(p.example(), s)
                      + ": no label came for '"
                      + id
                      + "' before key '"
                      + key
                      + "' was forgotten after state.ttl"));
    }
    abandon(s, s.heldCount());
    snapshots.retract(s, key);
    metrics.keysForgotten.inc();
  }

  /** Counts labelled examples that are forgotten without having been learned from. */
  void abandon(KeyState s, int examples) {
    s.abandoned += examples;
    metrics.examplesAbandoned.inc(examples);
  }

  /**
   * The timer's call.
   *
   * @return whether the key is at its end
   */
  boolean timerFired(KeyState s, long time) {
    if (s.timerAt != time) {
      return false; // of an earlier life of the key
    }
    if (ttl > 0 && s.eventTime + ttl <= time) {
      return true;
    }
    setTimer(s);
    return false;
  }

  /** Sees to it that a timer stands, after one has been lost or the time to live has changed. */
  void setTimerIfNone(KeyState s) {
    if (ttl > 0 && s.timerAt == KeyState.NO_TIMER) {
      setTimer(s);
    }
  }

  private void setTimer(KeyState s) {
    if (ttl == 0) {
      s.timerAt = KeyState.NO_TIMER;
      return;
    }
    s.timerAt = s.eventTime + ttl;
    timers.register(s.timerAt);
  }
}

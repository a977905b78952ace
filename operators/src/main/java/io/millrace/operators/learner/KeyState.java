package io.millrace.operators.learner;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that is kept about a key: what it has learned, and the journal of how. Mutable; its
 * holder is the state backend, so no reference outlives the handling of a record (or of a bundle).
 * Written by {@link KeyStateCodec} only.
 */
public final class KeyState {
  /** {@link #timerAt}: no timer stands. */
  public static final long NO_TIMER = Long.MIN_VALUE;

  /** Algorithm whose blocks {@link #learner} holds. */
  public String algorithm;

  /** Version of those blocks. */
  public int stateVersion;

  public LearnerState learner;

  /** Version of the last snapshot; 0: there was none. */
  public long version;

  /** Examples predicted. */
  public long predicted;

  /** Examples learned from. */
  public long learned;

  /** Events of this key that became dead letters since it exists. */
  public long deadLetters;

  /** Steps that were not taken because they would have made the model non-finite. */
  public long rollbacks;

  /** Labelled examples not learned from because the key was paused. */
  public long skipped;

  /** Labelled examples forgotten with an unfinished mini-batch, at a reset. */
  public long abandoned;

  /** Progressive validation since the start, or the last reset. */
  public final Score total = new Score();

  /** Progressive validation since the last metric record. */
  public final Score window = new Score();

  /** {@link #predicted} at the last metric record. */
  public long predictedAtMetric;

  /** Largest event time of an example or label. */
  public long eventTime;

  /** Largest event time learned from. */
  public long learnedTime = Long.MIN_VALUE;

  /** {@link #learned} at the last snapshot. */
  public long learnedAtSnapshot;

  /** {@link #learnedTime} at the last snapshot; before the first, the time of the first event. */
  public long timeAtSnapshot;

  /** Parts of the last even and the last odd version; 0: never in parts. */
  public final int[] parts = new int[2];

  /** Control events taken. */
  public long controlEpoch;

  public boolean paused;

  /** When the timer that forgets this key fires. */
  public long timerAt = NO_TIMER;

  /** key@version of the snapshot this key was started from, or empty. */
  public String parent = "";

  /** Hyperparameters set by control events; null: none. */
  public TreeMap<String, Double> overrides;

  /** Last sequence number per origin of control events; null: none. */
  public LinkedHashMap<String, Long> origins;

  /** Unfinished mini-batch; null: empty. */
  public List<HeldExample> held;

  /** Examples that wait for a label, by id, in order of arrival; null: none. */
  public LinkedHashMap<String, PendingExample> pending;

  /** Ids seen of late; null: none. */
  public IdWindow recent;

  /** Learner under {@link #overrides}; derived, not state. */
  OnlineLearner inForce;

  private String[] topics = {};
  private int positions;
  private int[] positionTopic = {};
  private int[] positionPartition = {};
  private long[] positionOffset = {};

  /** Sums of progressive validation. */
  public static final class Score {
    /** Examples with a finite loss. */
    public long scored;

    /** Of those, examples whose class was judged. */
    public long judged;

    public long correct;
    public double lossSum;

    public void clear() {
      scored = 0;
      judged = 0;
      correct = 0;
      lossSum = 0;
    }

    private void set(Score o) {
      scored = o.scored;
      judged = o.judged;
      correct = o.correct;
      lossSum = o.lossSum;
    }
  }

  /** Takes note that the model covers an offset. */
  public void covers(int topic, int partition, long offset) {
    for (int i = 0; i < positions; i++) {
      if (positionTopic[i] == topic && positionPartition[i] == partition) {
        positionOffset[i] = Math.max(positionOffset[i], offset);
        return;
      }
    }
    if (positions == positionTopic.length) {
      int size = Math.max(2, 2 * positions);
      positionTopic = Arrays.copyOf(positionTopic, size);
      positionPartition = Arrays.copyOf(positionPartition, size);
      positionOffset = Arrays.copyOf(positionOffset, size);
    }
    positionTopic[positions] = topic;
    positionPartition[positions] = partition;
    positionOffset[positions++] = offset;
  }

  /** Number of input positions. */
  public int positions() {
    return positions;
  }

  /** Topic of a position, an index into the key's topic names. */
  public int positionTopic(int i) {
    return positionTopic[i];
  }

  public int positionPartition(int i) {
    return positionPartition[i];
  }

  public long positionOffset(int i) {
    return positionOffset[i];
  }

  /**
   * The key's own index of a topic. A key remembers topics by name, because the job's list of
   * topics may be another one after a restart.
   */
  public int topic(String name) {
    for (int i = 0; i < topics.length; i++) {
      if (topics[i].equals(name)) {
        return i;
      }
    }
    topics = Arrays.copyOf(topics, topics.length + 1); // copies of a state share the old array
    topics[topics.length - 1] = name;
    return topics.length - 1;
  }

  /** Name of a topic by the key's own index. */
  public String topicName(int topic) {
    return topics[topic];
  }

  /** Number of topics the key has seen. */
  public int topics() {
    return topics.length;
  }

  /** Labelled examples that wait for their mini-batch to fill. */
  public int heldCount() {
    return held == null ? 0 : held.size();
  }

  /** Examples that wait for their label. */
  public int pendingCount() {
    return pending == null ? 0 : pending.size();
  }

  /** The hyperparameters have changed. */
  public void forgetInForce() {
    inForce = null;
  }

  /** A copy that shares nothing which ever changes. */
  public KeyState copy() {
    KeyState c = new KeyState();
    c.algorithm = algorithm;
    c.stateVersion = stateVersion;
    c.learner = learner.copy();
    c.version = version;
    c.predicted = predicted;
    c.learned = learned;
    c.deadLetters = deadLetters;
    c.rollbacks = rollbacks;
    c.skipped = skipped;
    c.abandoned = abandoned;
    c.total.set(total);
    c.window.set(window);
    c.predictedAtMetric = predictedAtMetric;
    c.eventTime = eventTime;
    c.learnedTime = learnedTime;
    c.learnedAtSnapshot = learnedAtSnapshot;
    c.timeAtSnapshot = timeAtSnapshot;
    c.parts[0] = parts[0];
    c.parts[1] = parts[1];
    c.controlEpoch = controlEpoch;
    c.paused = paused;
    c.timerAt = timerAt;
    c.parent = parent;
    c.overrides = overrides == null ? null : new TreeMap<>(overrides);
    c.origins = copy(origins);
    c.held = held == null ? null : new ArrayList<>(held);
    c.pending = copy(pending);
    c.recent = recent == null ? null : recent.copy();
    c.inForce = inForce;
    c.topics = topics;
    c.positions = positions;
    c.positionTopic = positionTopic.clone();
    c.positionPartition = positionPartition.clone();
    c.positionOffset = positionOffset.clone();
    return c;
  }

  private static <V> LinkedHashMap<String, V> copy(Map<String, V> map) {
    return map == null ? null : new LinkedHashMap<>(map);
  }
}

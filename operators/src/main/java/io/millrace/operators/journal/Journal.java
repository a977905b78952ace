package io.millrace.operators.journal;

import java.util.Arrays;
import java.util.TreeMap;

/**
 * What every family keeps about a key beside its own numbers: which model this is and how often it
 * was published, which input it covers, what orders it follows, its clock, what waits. Mutable; its
 * holder is the state backend, so no reference outlives the handling of an event (or of a bundle).
 * Written by {@link JournalCodec} only.
 */
public final class Journal {
  /** {@link #timerAt}: no timer stands. */
  public static final long NO_TIMER = Long.MIN_VALUE;

  /** {@link #home}: no event has come from the topic that says so. */
  public static final int NO_HOME = -1;

  /** Origins of orders remembered per key. */
  static final int ORIGINS = 256;

  /** {@link #eventTime}: the key has not begun; only early events wait. */
  public static final long NOT_BEGUN = Long.MIN_VALUE;

  /** Of the run in which the key began; see docs/adr/0008. */
  public long incarnation;

  /** Version of the last snapshot; 0: there was none. */
  public long version;

  /** Records under the part keys of slot 0, deltas among them; 0: there are none. */
  public int evenParts;

  /** Records under the part keys of slot 1, deltas among them; 0: there are none. */
  public int oddParts;

  /** Slot of the last full snapshot: 0 or 1, the other one than that before. */
  public int slot;

  /** Deltas since the last full snapshot. */
  public int deltas;

  /**
   * Fingerprint of the configuration and the provenance that the last snapshot had, which a delta
   * does not repeat; 0: not known, no delta can follow.
   */
  public long described;

  /** {@link #learned} at the last snapshot. */
  public long learnedAtSnapshot;

  /** {@link #learnedTime} at the last snapshot; before the first, the time of the first event. */
  public long timeAtSnapshot;

  /** key@version of the snapshot this key was started from, or empty. */
  public String parent = "";

  /**
   * Name of the candidate whose model serves in place of the configured one; null: that one does.
   */
  public String champion;

  /**
   * Name of the candidate that served before, while the champion is on probation; null: it is not.
   */
  public String former;

  /** The key's clock: largest event time. */
  public long eventTime;

  /** When the key's timer fires. */
  public long timerAt = NO_TIMER;

  /** Orders taken. */
  public long controlEpoch;

  /** Number of the last order for all keys of its key group that the key has looked at. */
  public long ordersSeen;

  /** Partition of the job's first topic that the key's events come from. */
  public int home = NO_HOME;

  /** Whether events are predicted and not learned from. */
  public boolean paused;

  /** Hyperparameters set by orders; null: none. */
  public TreeMap<String, Double> overrides;

  /** Events predicted, or answered. */
  public long predicted;

  /** {@link #predicted} at the last metric record. */
  public long predictedAtMetric;

  /** Events learned from. */
  public long learned;

  /** Largest event time learned from. */
  public long learnedTime = Long.MIN_VALUE;

  /** Events of this key that became dead letters since it exists. */
  public long deadLetters;

  /** Steps that were not taken because they would have spoilt the model. */
  public long rollbacks;

  /** How many of them since the last step that was taken. */
  public long refused;

  /** How often the model was put back to what was last published of it, or to its start. */
  public long restores;

  /** Labelled events not learned from because the key was paused. */
  public long skipped;

  /** Labelled events forgotten with an unfinished mini-batch, at a reset. */
  public long abandoned;

  /** Progressive validation since the start, or the last reset. */
  public final Score total = new Score();

  /** Progressive validation since the last metric record. */
  public final Score window = new Score();

  /** Events held until a mini-batch is full. */
  public int held;

  /** Events that wait for another one with their id. */
  public final Queue waiting = new Queue();

  /**
   * Events that have come before the one with their id that is to come first. They alone are there
   * before the key has begun, and stay when it ends.
   */
  public final Queue early = new Queue();

  /** About how many bytes of events are held. */
  public long heldBytes;

  /** How many ids are remembered at most; 0: none. */
  public int recentWindow;

  /** Ids remembered so far. */
  public long recentCount;

  /** Derived from {@link #overrides} by whoever needs it; not state. Null after a change. */
  public transient Object inForce;

  /** Kept by the storage for itself; not state, and not copied. */
  public transient Object nearby;

  private Origins origins;
  private String[] topics = {};
  private int positions;
  private int[] positionTopic = {};
  private int[] positionPartition = {};
  private long[] positionOffset = {};

  /** A journal of a key that has not begun. */
  public static Journal notBegun() {
    Journal j = new Journal();
    j.eventTime = NOT_BEGUN;
    return j;
  }

  /** What is left of the journal of a key that has ended: the early events. */
  public Journal left() {
    Journal j = notBegun();
    j.home = home;
    j.topics = topics;
    j.early.set(early);
    return j;
  }

  /** Whether the key has begun. */
  public boolean begun() {
    return eventTime != NOT_BEGUN;
  }

  /** The events of the key that wait on a side. */
  public Queue queue(Side side) {
    return side == Side.FIRST ? waiting : early;
  }

  /** About how many bytes of events are kept. */
  public long keptBytes() {
    return heldBytes + waiting.bytes + early.bytes;
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
      int size = Math.max(1, 2 * positions);
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

  /** Partition of a position. */
  public int positionPartition(int i) {
    return positionPartition[i];
  }

  /** Largest offset of a position that the model covers. */
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
    topics = Arrays.copyOf(topics, topics.length + 1); // copies of a journal share the old array
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

  /** Senders of orders, or of looping messages, that the key has heard. */
  public Origins origins() {
    if (origins == null) {
      origins = new Origins(ORIGINS);
    }
    return origins;
  }

  /** Whether any origin is remembered, without making room for one. */
  boolean hasOrigins() {
    return origins != null && !origins.last().isEmpty();
  }

  /** A copy that shares nothing which ever changes. */
  public Journal copy() {
    Journal c = new Journal();
    c.incarnation = incarnation;
    c.version = version;
    c.evenParts = evenParts;
    c.oddParts = oddParts;
    c.slot = slot;
    c.deltas = deltas;
    c.described = described;
    c.learnedAtSnapshot = learnedAtSnapshot;
    c.timeAtSnapshot = timeAtSnapshot;
    c.parent = parent;
    c.champion = champion;
    c.former = former;
    c.eventTime = eventTime;
    c.timerAt = timerAt;
    c.controlEpoch = controlEpoch;
    c.ordersSeen = ordersSeen;
    c.home = home;
    c.paused = paused;
    c.overrides = overrides == null ? null : new TreeMap<>(overrides);
    c.predicted = predicted;
    c.predictedAtMetric = predictedAtMetric;
    c.learned = learned;
    c.learnedTime = learnedTime;
    c.deadLetters = deadLetters;
    c.rollbacks = rollbacks;
    c.refused = refused;
    c.restores = restores;
    c.skipped = skipped;
    c.abandoned = abandoned;
    c.total.set(total);
    c.window.set(window);
    c.held = held;
    c.waiting.set(waiting);
    c.early.set(early);
    c.heldBytes = heldBytes;
    c.recentWindow = recentWindow;
    c.recentCount = recentCount;
    c.inForce = inForce;
    c.origins = origins == null ? null : origins.copy();
    c.topics = topics;
    c.positions = positions;
    c.positionTopic = positionTopic.clone();
    c.positionPartition = positionPartition.clone();
    c.positionOffset = positionOffset.clone();
    return c;
  }
}

package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.StepOutcome;
import io.millrace.operators.ingress.ExampleReader;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.metrics.Validation;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.Reason;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * Fills mini-batches, counted per key, and takes the steps.
 *
 * <p>A mini-batch is the examples held in state, then the rows of the record at hand. What is left
 * over when the record ends becomes state, as bytes. So where a mini-batch begins and ends depends
 * on the key's examples alone: never on barriers, bundles or records.
 *
 * <p>A step that would make the model non-finite is not taken: the rows to blame become dead
 * letters and the rest of the mini-batch is learned without them.
 */
final class Trainer {
  private final int miniBatch;
  private final ExampleReader again;
  private final Workspace workspace;
  private final Learners learners;
  private final Validation validation;
  private final SnapshotPublisher snapshots;
  private final DeadLetterOffice deadLetters;
  private final LearnerMetrics metrics;

  private final DivergenceGuard guard;

  private RoutedEvent event;
  private int eventTopic;

  /** Rows of the record at hand that wait for their mini-batch to fill. */
  private Rows fresh;

  private int[] freshIndex = new int[64];
  private long[] freshTime = new long[64];

  private Rows batch;
  private Rows spare;

  /** Which example a row of the batch is: held ones from 0, fresh ones behind them. */
  private int[] entry = new int[64];

  private int heldEntries;

  /** Which of the held examples could be read again. */
  private boolean[] readable = new boolean[64];

  /**
   * A trainer.
   *
   * @param again a reader for what is read a second time, not shared with the first reading
   */
  Trainer(
      int miniBatch,
      Learners learners,
      ExampleReader again,
      Workspace workspace,
      Validation validation,
      SnapshotPublisher snapshots,
      DeadLetterOffice deadLetters,
      LearnerMetrics metrics) {
    this.miniBatch = miniBatch;
    this.learners = learners;
    this.again = again;
    this.workspace = workspace;
    this.guard = new DivergenceGuard(workspace);
    this.validation = validation;
    this.snapshots = snapshots;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.fresh = learners.base().newRows();
    this.batch = learners.base().newRows();
    this.spare = learners.base().newRows();
  }

  /** Starts on a record. */
  void begin(RoutedEvent e) {
    event = e;
    fresh.clear();
  }

  /** Where rows of the record are read into, one at a time: each is kept or dropped. */
  Rows rows() {
    return fresh;
  }

  /** The row read last is not to be learned from. */
  void dropLast() {
    fresh.removeLast();
  }

  /** Rows kept before the last one are forgotten; how many. */
  int abandonAllButLast() {
    int n = fresh.count() - 1;
    if (n > 0) {
      spare.clear();
      spare.addRow(fresh, n);
      Rows t = fresh;
      fresh = spare;
      spare = t;
    }
    return n;
  }

  /** Whether the row read last is a mini-batch by itself. */
  boolean isMiniBatch(KeyState s) {
    return miniBatch == 1 && fresh.count() == 1 && s.held == null;
  }

  /**
   * The row read last is to be learned from.
   *
   * @param topic of the record, by the key's own index
   * @param step what came of the step if it has been tried already, else null
   */
  void keepLast(KeyState s, int topic, int itemIndex, long eventTime, StepOutcome step) {
    int n = fresh.count() - 1;
    if (n == freshIndex.length) {
      freshIndex = Arrays.copyOf(freshIndex, 2 * n);
      freshTime = Arrays.copyOf(freshTime, 2 * n);
    }
    eventTopic = topic;
    freshIndex[n] = itemIndex;
    freshTime[n] = eventTime;
    if (s.heldCount() + fresh.count() >= miniBatch) {
      learn(s, event.key, step);
    }
  }

  /** An example whose label has come is to be learned from. */
  void keep(KeyState s, HeldExample example) {
    hold(s, example);
    if (s.heldCount() >= miniBatch) {
      learn(s, event.key);
    }
  }

  /** Ends the record: what waits goes to state. */
  void end(KeyState s) {
    int left = fresh.count();
    if (left == 0) {
      return;
    }
    if (event.kind == RoutedEvent.EXAMPLE) {
      hold(s, held(0, event.value));
    } else {
      again.open(event);
      for (int i = 0; i < left; i++) {
        hold(s, held(i, itemAgain(freshIndex[i])));
      }
    }
    fresh.clear();
  }

  private static void hold(KeyState s, HeldExample example) {
    if (s.held == null) {
      s.held = new ArrayList<>();
    }
    s.held.add(example);
  }

  private HeldExample held(int i, byte[] value) {
    return new HeldExample(
        eventTopic,
        event.partition,
        event.offset,
        freshIndex[i],
        event.timestamp,
        event.recordKey,
        value,
        freshTime[i],
        Double.NaN,
        Double.NaN,
        -1,
        -1,
        -1);
  }

  /** Reads on in the record, opened anew, up to an item. */
  private byte[] itemAgain(int index) {
    do {
      spare.clear();
      if (!again.next(spare)) {
        throw new IllegalStateException("record " + event + " has no item " + index);
      }
    } while (again.itemIndex() != index);
    return again.itemAsExample();
  }

  /** Takes a step on all that waits, held and fresh, however many they are. */
  void learn(KeyState s, String key) {
    learn(s, key, null);
  }

  /** The same, where the first try may have been made already. */
  private void learn(KeyState s, String key, StepOutcome tried) {
    heldEntries = s.heldCount();
    Rows rows = heldEntries == 0 ? fresh : assemble(s, key);
    if (entry.length < heldEntries + fresh.count()) {
      entry = new int[2 * (heldEntries + fresh.count())];
    }
    int n = 0;
    for (int i = 0; i < heldEntries + fresh.count(); i++) {
      if (i >= heldEntries || readable[i]) {
        entry[n++] = i;
      }
    }
    OnlineLearner learner = learners.of(s, key);
    StepOutcome outcome = tried;
    while (rows.count() > 0) {
      if (outcome == null) {
        outcome = learner.learn(rows, s.learner, key, workspace);
      }
      if (outcome.kind() == StepOutcome.Kind.LEARNED) {
        credit(s, rows.count());
        validation.scoreStep(s, learner, rows.count());
        learner.figures(s.learner, metrics);
        break;
      }
      s.rollbacks++;
      metrics.rollbacks.inc();
      rows = withoutBlamed(s, key, learner, rows, outcome);
      outcome = null;
    }
    s.held = null;
    fresh.clear();
    snapshots.afterLearning(s, key, learner);
  }

  /** Held examples decoded again, then the fresh rows. */
  private Rows assemble(KeyState s, String key) {
    batch.clear();
    if (readable.length < heldEntries) {
      readable = new boolean[2 * heldEntries];
    }
    for (int i = 0; i < heldEntries; i++) {
      readable[i] = readAgain(s, key, s.held.get(i));
    }
    for (int i = 0; i < fresh.count(); i++) {
      batch.addRow(fresh, i);
    }
    return batch;
  }

  /** Held examples have been read before; only another configuration can make one unusable. */
  private boolean readAgain(KeyState s, String key, HeldExample e) {
    again.open(e.topic(), e.partition(), e.offset(), e.index(), e.timestamp(), e.value());
    again.next(batch);
    if (again.reason() != null) {
      deadLetters.send(e, key, s, again.reason(), again.message());
      return false;
    }
    if (e.labelTopic() >= 0) {
      int row = batch.count() - 1;
      batch.setLabel(row, e.label(), Double.isNaN(e.weight()) ? batch.weight(row) : e.weight());
    }
    return true;
  }

  /** Books the rows that have been learned from. */
  private void credit(KeyState s, int rows) {
    for (int i = 0; i < rows; i++) {
      if (entry[i] < heldEntries) {
        HeldExample e = s.held.get(entry[i]);
        s.covers(e.topic(), e.partition(), e.offset());
        if (e.labelTopic() >= 0) {
          s.covers(e.labelTopic(), e.labelPartition(), e.labelOffset());
        }
        s.learnedTime = Math.max(s.learnedTime, e.eventTime());
      } else {
        s.covers(eventTopic, event.partition, event.offset);
        s.learnedTime = Math.max(s.learnedTime, freshTime[entry[i] - heldEntries]);
      }
    }
    s.learned += rows;
    metrics.examplesLearned.inc(rows);
  }

  /** Sends the rows to blame for a refused step to the dead letters; the other rows. */
  private Rows withoutBlamed(
      KeyState s, String key, OnlineLearner learner, Rows rows, StepOutcome outcome) {
    boolean[] blamed = guard.blame(s, key, learner, rows, outcome);
    Rows rest = rows == spare ? batch : spare;
    rest.clear();
    int n = 0;
    for (int i = 0; i < blamed.length; i++) {
      if (blamed[i]) {
        sendBlamed(s, key, entry[i], outcome);
      } else {
        rest.addRow(rows, i);
        entry[n++] = entry[i];
      }
    }
    return rest;
  }

  private void sendBlamed(KeyState s, String key, int which, StepOutcome outcome) {
    Reason reason = DivergenceGuard.reason(outcome);
    String text = DivergenceGuard.message(outcome, s, key);
    if (which < heldEntries) {
      HeldExample e = s.held.get(which);
      deadLetters.send(e, key, s, reason, deadLetters.address(e, s) + text);
      return;
    }
    int index = freshIndex[which - heldEntries];
    byte[] item = null;
    if (index >= 0) {
      again.open(event);
      Rows kept = spare;
      spare = learners.base().newRows(); // the rows at hand may be in the other one
      item = itemAgain(index);
      spare = kept;
    }
    deadLetters.send(event, index, item, s, reason, deadLetters.address(event, index) + text);
  }
}

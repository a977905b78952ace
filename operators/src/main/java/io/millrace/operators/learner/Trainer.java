package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Blame;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.StepBatch;
import io.millrace.core.learn.StepOutcome;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.ExampleReader;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.WaitingEvent;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Example;
import io.millrace.schemas.SingleObject;
import java.util.List;

/**
 * Fills mini-batches, counted per key, has their steps taken, and settles what came of them.
 *
 * <p>A mini-batch is the examples held in state, then the rows of the record at hand. What is left
 * over when the record ends becomes state, as bytes. So where a mini-batch begins and ends depends
 * on the key's examples alone: never on barriers, bundles or records.
 *
 * <p>Where steps of many keys are taken together, a step that is due is put off, see {@link
 * StageContext#putOff}, if it is the last thing that its event makes the key do.
 *
 * <p>A step that would spoil the model is not taken: the rows to blame become dead letters and the
 * rest of the mini-batch is learned without them. Where one step after the other is refused, the
 * model itself may be to blame; see {@link LastGood}.
 */
final class Trainer {
  private final int miniBatch;
  private final long maxKeptBytes;
  private final ExampleReader again;
  private final Workspace workspace;
  private final Lanes lanes;
  private final Contest contest;
  private final LearnerPublishing publishing;
  private final DeadLetterOffice letters;
  private final LearnerMetrics metrics;
  private final LastGood lastGood;
  private final Watch watch;
  private final StageContext stage;
  private final Step alone;

  /** Takes steps of many keys; null: each is taken when it is due. */
  private final Steps shared;

  /** Steps that have been put off, in order. */
  private final Step[] due;

  private int dueCount;

  /** Those of them that have been settled. */
  private int settled;

  private RoutedEvent event;

  /** Topic of the record at hand, by the key's own index. */
  private int eventTopic;

  /** Rows of the record at hand. */
  private final FreshRows fresh;

  /** Room for examples that are read a second time. */
  private final Rows second;

  /**
   * A trainer.
   *
   * @param contest of the candidates; null: there are none
   * @param watch may ask for faster steps; null: nothing is watched
   * @param shared takes steps of many keys that have been put off; null: none is
   * @param again a reader for what is read a second time, not shared with the first reading
   */
  Trainer(
      LearnerOptions options,
      Lanes lanes,
      Contest contest,
      Watch watch,
      StepBatch shared,
      StageContext stage,
      ExampleReader again,
      LearnerPublishing publishing,
      LastGood lastGood,
      LearnerMetrics metrics) {
    this.miniBatch = options.miniBatch();
    this.maxKeptBytes = options.maxKeptBytes();
    this.lanes = lanes;
    this.contest = contest;
    this.again = again;
    this.stage = stage;
    this.workspace = stage.workspace();
    this.lastGood = lastGood;
    this.watch = watch;
    this.publishing = publishing;
    this.letters = stage.letters();
    this.metrics = metrics;
    OnlineLearner base = lanes.base().learner();
    this.alone = new Step(base);
    this.shared = shared == null ? null : new SharedSteps(shared);
    this.due = new Step[shared == null ? 0 : stage.keysTogether()];
    this.fresh = new FreshRows(base);
    this.second = base.newRows();
  }

  /** Starts on a record. */
  void begin(RoutedEvent e) {
    event = e;
    fresh.clear();
  }

  /** Where rows of the record are read into, one at a time: each is kept or dropped. */
  Rows rows() {
    return fresh.rows();
  }

  /** The row read last is not to be learned from. */
  void dropLast() {
    fresh.rows().removeLast();
  }

  /** The row read last has the label that came before it. */
  void labelLast(WaitingEvent label) {
    Rows rows = fresh.rows();
    int row = rows.count() - 1;
    double weight = EarlyLabel.weight(label);
    rows.setLabel(row, EarlyLabel.label(label), Double.isNaN(weight) ? rows.weight(row) : weight);
  }

  /** Rows kept before the last one are forgotten; how many. */
  int abandonAllButLast() {
    return fresh.abandonAllButLast();
  }

  /** Whether the row read last is a mini-batch by itself. */
  boolean isMiniBatch(Journal j) {
    return miniBatch == 1 && fresh.count() == 1 && j.held == 0;
  }

  /**
   * The row read last is to be learned from.
   *
   * @param topic of the record, by the key's own index
   * @param label that came before it by itself; null: it came with its own
   * @param tried what came of the step if it has been tried already, else null
   * @param last whether nothing comes behind the row in its record
   */
  void keepLast(
      Key key,
      int topic,
      int itemIndex,
      long eventTime,
      WaitingEvent label,
      StepOutcome tried,
      boolean last) {
    eventTopic = topic;
    fresh.note(itemIndex, eventTime, label);
    if (key.journal().held + fresh.count() >= miniBatch) {
      due(key, tried, last);
    }
  }

  /**
   * A step is due.
   *
   * @param last whether it is the last thing that the record at hand makes its key do
   */
  private void due(Key key, StepOutcome tried, boolean last) {
    if (shared == null || tried != null || !last) {
      step(key, tried);
      return;
    }
    Step s = due[dueCount];
    if (s == null) {
      s = new Step(lanes.base().learner());
      due[dueCount] = s;
    }
    fill(s, key);
    dueCount++;
    stage.putOff(key);
  }

  /** The event that has made a step due, which has been put off, was predicted. */
  void predicted() {
    due[dueCount - 1].predicted = true;
  }

  /** Takes the steps that have been put off. */
  void takeDue() {
    shared.take(due, dueCount, workspace);
  }

  /** Settles the step of a key that has been put off, the next in order. */
  void settle(Key key) {
    Step s = due[settled++];
    boolean metric = s.predicted;
    finish(s);
    if (metric) {
      publishing.afterPrediction(key);
    }
    if (settled == dueCount) {
      dueCount = 0;
      settled = 0;
    }
  }

  /** Weight of an example that was read before; NaN if another configuration made it unusable. */
  double weight(Journal j, KeptEvent example) {
    open(j, example);
    second.clear();
    again.next(second);
    return again.reason() == null ? second.weight(0) : Double.NaN;
  }

  /** An example whose label has come is to be learned from. */
  void keep(Key key, KeptEvent example) {
    key.hold(example);
    if (key.journal().held >= miniBatch) {
      due(key, null, true);
    }
  }

  /**
   * Ends the record: what waits goes to state. A mini-batch for which there is no room there is
   * learned as far as it has come.
   */
  void end(Key key) {
    int left = fresh.count();
    if (left == 0) {
      return;
    }
    Journal j = key.journal();
    long bytes = KeptEvent.bytes(event.value, event.recordKey, left);
    if (j.keptBytes() + bytes > maxKeptBytes) {
      metrics.shortMiniBatches.inc();
      step(key, null);
      return;
    }
    if (event.is(EventKind.EXAMPLE)) {
      hold(key, 0, event.value);
    } else {
      again.open(event);
      for (int i = 0; i < left; i++) {
        hold(key, i, itemAgain(fresh.index(i)));
      }
    }
    fresh.clear();
  }

  private void hold(Key key, int i, byte[] value) {
    KeptEvent example =
        new KeptEvent(
            eventTopic,
            event.partition,
            event.offset,
            fresh.index(i),
            event.timestamp,
            event.recordKey,
            value,
            fresh.time(i));
    WaitingEvent label = fresh.label(i);
    key.hold(label == null ? example : EarlyLabel.labelled(example, label));
  }

  /** Reads on in the record, opened anew, up to an item. */
  private byte[] itemAgain(int index) {
    do {
      second.clear();
      if (!again.next(second)) {
        throw new IllegalStateException("record " + event + " has no item " + index);
      }
    } while (again.itemIndex() != index);
    return again.itemAsExample();
  }

  /**
   * Takes a step on all that waits, held and fresh, however many they are.
   *
   * @param tried what came of the first try if it has been made already, else null
   */
  void step(Key key, StepOutcome tried) {
    fill(alone, key);
    alone.outcome = tried;
    finish(alone);
  }

  /** Takes a step, if that has not been done, and settles what came of it. */
  private void finish(Step step) {
    Key key = step.key;
    while (step.rows.count() > 0) {
      Steps.takeOne(step, workspace);
      if (settle(step)) {
        break;
      }
    }
    key.releaseHeld();
    step.end();
    publishing.afterStep(key);
  }

  /** Held examples decoded again, then the fresh rows, which the step takes over. */
  private void fill(Step step, Key key) {
    List<KeptEvent> held = key.held();
    step.begin(key, lanes.serving(key), held, held.size() + fresh.count());
    step.event = event;
    step.topic = eventTopic;
    step.fresh.swap(fresh);
    Rows last = step.fresh.rows();
    if (watch != null) {
      step.learner = watch.of(key, step.learner);
    }
    int row = 0;
    if (held.isEmpty()) {
      step.rows = last;
    } else {
      step.rows = step.assembled;
      step.rows.clear();
      for (int i = 0; i < held.size(); i++) {
        if (readAgain(key, held.get(i), step.rows)) {
          step.setEntry(row++, i);
        }
      }
      for (int i = 0; i < last.count(); i++) {
        step.rows.addRow(last, i);
      }
    }
    for (int i = 0; i < last.count(); i++) {
      step.setEntry(row++, held.size() + i);
    }
  }

  /** Held examples have been read before; only another configuration can make one unusable. */
  private boolean readAgain(Key key, KeptEvent e, Rows rows) {
    Journal j = key.journal();
    open(j, e);
    again.next(rows);
    if (again.reason() != null) {
      forget(key);
      letters.sendRead(evidence(key, e), j, again.reason(), again.message());
      return false;
    }
    if (e.labelTopic() >= 0) {
      int row = rows.count() - 1;
      rows.setLabel(row, e.label(), Double.isNaN(e.weight()) ? rows.weight(row) : e.weight());
    }
    return true;
  }

  private void open(Journal j, KeptEvent e) {
    again.open(
        j.topicName(e.topic()), e.partition(), e.offset(), e.index(), e.timestamp(), e.value());
  }

  /** The example read again becomes a dead letter, and may be sent again. */
  private void forget(Key key) {
    if (again.hasId()) {
      key.forget(again.id());
    }
  }

  /** Books what came of the step; false: rows have been taken out and it is to be taken again. */
  private boolean settle(Step step) {
    Key key = step.key;
    Journal j = key.journal();
    if (step.outcome.kind() == StepOutcome.Kind.LEARNED) {
      j.refused = 0;
      credit(step);
      metrics.examplesLearned.inc(step.rows.count());
      publishing.scoreStep(key, step.learner, step.rows.count());
      step.learner.figures(key.read(step.model), metrics);
      if (contest != null) {
        contest.learn(key, step.rows);
      }
      if (watch != null) {
        watch.learn(key, step.rows);
      }
      return true;
    }
    if (step.outcome.kind() != StepOutcome.Kind.UNFIT) { // which says nothing about the model
      j.rollbacks++;
      j.refused++;
      metrics.rollbacks.inc();
      if (Blame.suspectsModel(step.outcome, j.refused) && lastGood.rescue(key, step)) {
        metrics.restores.inc();
        step.outcome = StepOutcome.LEARNED;
        return settle(step);
      }
    }
    boolean[] blamed =
        Blame.of(
            step.outcome, step.learner, step.rows, key.read(step.model), key.name(), workspace);
    for (int i = 0; i < blamed.length; i++) {
      if (blamed[i]) {
        sendBlamed(step, step.entry(i));
      }
    }
    step.remove(blamed);
    return false;
  }

  /** Books the rows that have been learned from. */
  private static void credit(Step step) {
    Journal j = step.key.journal();
    int rows = step.rows.count();
    int held = step.held.size();
    for (int i = 0; i < rows; i++) {
      int entry = step.entry(i);
      if (entry < held) {
        KeptEvent e = step.held.get(entry);
        j.covers(e.topic(), e.partition(), e.offset());
        if (e.labelTopic() >= 0) {
          j.covers(e.labelTopic(), e.labelPartition(), e.labelOffset());
        }
        j.learnedTime = Math.max(j.learnedTime, e.eventTime());
      } else {
        j.covers(step.topic, step.event.partition, step.event.offset);
        WaitingEvent label = step.fresh.label(entry - held);
        if (label != null) {
          j.covers(label.event().topic(), label.event().partition(), label.event().offset());
        }
        j.learnedTime = Math.max(j.learnedTime, step.fresh.time(entry - held));
      }
    }
    j.learned += rows;
  }

  /** Sends an example to blame for a refused step to the dead letters. */
  private void sendBlamed(Step step, int entry) {
    Key key = step.key;
    Evidence evidence;
    if (entry < step.held.size()) {
      KeptEvent e = step.held.get(entry);
      open(key.journal(), e);
      itemAgain(e.index());
      evidence = evidence(key, e);
    } else {
      int i = entry - step.held.size();
      int index = step.fresh.index(i);
      again.open(step.event);
      evidence = letters.evidence(step.event, index, itemAgain(index));
      WaitingEvent label = step.fresh.label(i);
      if (label != null) {
        evidence = labelled(evidence, EarlyLabel.label(label), EarlyLabel.weight(label));
      }
    }
    forget(key);
    letters.send(evidence, key.journal(), Refusal.reason(step.outcome), Refusal.message(step));
  }

  /** A held example, with the label that came for it. */
  private static Evidence evidence(Key key, KeptEvent e) {
    Evidence evidence = DeadLetterOffice.evidence(e, key.name(), key.journal());
    return e.labelTopic() < 0 ? evidence : labelled(evidence, e.label(), e.weight());
  }

  /** An example with a label that came by itself, so that it can be sent again as one record. */
  private static Evidence labelled(Evidence evidence, double label, double weight) {
    Example whole;
    try {
      whole = SingleObject.standard().decode(Example.class, evidence.value());
    } catch (DecodeException failure) {
      throw new IllegalStateException(
          evidence.address() + ": was read before and cannot be any more", failure);
    }
    whole.setLabel(label);
    if (!Double.isNaN(weight)) {
      whole.setWeight(weight);
    }
    return new Evidence(
        evidence.address(),
        evidence.timestamp(),
        evidence.recordKey(),
        evidence.key(),
        SingleObject.encode(whole));
  }
}

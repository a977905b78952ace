package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepOutcome;
import io.millrace.operators.control.ControlHandler;
import io.millrace.operators.ingress.ExampleReader;
import io.millrace.operators.ingress.LabelReader;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.metrics.Validation;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.operators.publish.Results;
import io.millrace.schemas.Reason;

/**
 * What happens with a record of a key: decode, predict, judge, learn. Knows states, not backends: a
 * pure function of (state, record) but for what it sends.
 */
final class KeyProcessor {
  private final LearnerOptions options;
  private final boolean needsLabels;
  private final Learners learners;
  private final KeyLife life;
  private final Trainer trainer;
  private final PendingLabels pending;
  private final ControlHandler control;
  private final Validation validation;
  private final Results.Publisher results;
  private final DeadLetterOffice deadLetters;
  private final LearnerMetrics metrics;
  private final Workspace workspace;
  private final ExampleReader examples;
  private final LabelReader labels;
  private final Outcome outcome = new Outcome();

  KeyProcessor(
      LearnerOptions options,
      Learners learners,
      KeyLife life,
      Trainer trainer,
      ControlHandler control,
      Validation validation,
      Results.Publisher results,
      DeadLetterOffice deadLetters,
      LearnerMetrics metrics,
      Workspace workspace) {
    this.options = options;
    this.needsLabels = options.needsLabels();
    this.learners = learners;
    this.life = life;
    this.trainer = trainer;
    this.control = control;
    this.validation = validation;
    this.results = results;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.workspace = workspace;
    this.pending = new PendingLabels(options, deadLetters, metrics);
    this.examples = new ExampleReader(options.input(), options.topics());
    this.labels = new LabelReader(options.input(), options.topics());
  }

  /**
   * Handles a record.
   *
   * @param s state of its key, null: none; modified in place
   * @return the state from now on, null: none
   */
  KeyState process(RoutedEvent e, KeyState s) {
    if (s != null) {
      life.adopt(s, e.key);
      life.setTimerIfNone(s);
    }
    switch (e.kind) {
      case RoutedEvent.EXAMPLE, RoutedEvent.EXAMPLE_BATCH -> {
        return examples(e, s);
      }
      case RoutedEvent.LABEL -> {
        return label(e, s);
      }
      case RoutedEvent.CONTROL -> {
        control.handle(e, s, life);
        return s;
      }
      default -> {
        deadLetters.send(e, s, e.reason, e.message);
        return s;
      }
    }
  }

  private KeyState examples(RoutedEvent e, KeyState given) {
    KeyState s = given;
    trainer.begin(e);
    examples.open(e);
    while (examples.next(trainer.rows())) {
      if (examples.reason() == null) {
        s = example(e, s);
      } else {
        refuse(e, s, examples.reason(), examples.message());
      }
    }
    if (s != null) {
      trainer.end(s);
    }
    return s;
  }

  /** Handles an item, which is the last row of the trainer's. */
  private KeyState example(RoutedEvent e, KeyState given) {
    boolean labelled = examples.labelled();
    boolean waits = needsLabels && !labelled && pending.on();
    if (waits && !examples.hasId()) {
      trainer.dropLast();
      refuse(
          e,
          given,
          Reason.MISSING_ID,
          address(e) + ": neither label nor id; a label that comes later is found by id");
      return given;
    }
    KeyState s = advance(e.key, given, examples.eventTime());
    if (s == null) {
      s = life.begin(e.key, examples.eventTime());
    }
    if (!admit(e, s, waits)) {
      trainer.dropLast();
      return s;
    }
    OnlineLearner learner = learners.of(s, e.key);
    Rows rows = trainer.rows();
    int row = rows.count() - 1;
    boolean learned = !s.paused && (labelled || !needsLabels);
    boolean scoredLater = learned && learner.scoresSteps();
    long steps = s.learner.steps();
    StepOutcome step = null;
    if (learned && !scoredLater && trainer.isMiniBatch(s)) {
      step = learner.learnOne(rows, s.learner, e.key, outcome, workspace);
    } else if (results != null || !scoredLater) {
      learner.predict(rows, row, s.learner, outcome, workspace);
    }
    s.predicted++;
    metrics.examplesPredicted.inc();
    if (results != null) {
      results.publish(
          e.key,
          examples.hasId() ? examples.id() : "",
          examples.eventTime(),
          steps,
          outcome,
          rows.label(row));
    }
    if (labelled || !needsLabels) {
      if (!scoredLater) {
        validation.score(s, outcome);
      }
      if (learned) {
        int topic = s.topic(options.topics().get(e.topic));
        trainer.keepLast(s, topic, examples.itemIndex(), examples.eventTime(), step);
      } else {
        trainer.dropLast();
        skip(s);
      }
    } else {
      trainer.dropLast();
      if (waits) {
        pending.add(s, examples.id(), held(e, s), outcome);
      }
    }
    validation.afterPrediction(s, e.key, learner);
    return s;
  }

  /** Moves the key's event time on; null: the key is at its end, or there was none. */
  private KeyState advance(String key, KeyState s, long eventTime) {
    if (s == null) {
      return null;
    }
    if (life.over(s, eventTime)) {
      life.abandon(s, trainer.abandonAllButLast());
      life.end(s, key);
      return null;
    }
    if (eventTime > s.eventTime) {
      s.eventTime = eventTime;
      pending.expire(s, key);
    }
    return s;
  }

  /** Whether an item's id lets it pass; if not, it is a dead letter. */
  private boolean admit(RoutedEvent e, KeyState s, boolean waits) {
    if (s.recent != null && examples.hasId() && s.recent.seen(examples.id())) {
      metrics.duplicates.inc();
      refuse(
          e,
          s,
          Reason.DUPLICATE_EVENT,
          address(e)
              + ": id '"
              + examples.id()
              + "' is among the last "
              + s.recent.window()
              + " of key '"
              + e.key
              + "' (dedupe.window)");
      return false;
    }
    Reason refused = waits ? pending.refuses(s, examples.id()) : null;
    if (refused != null) {
      refuse(e, s, refused, address(e) + ": " + pending.message(refused, examples.id()));
      return false;
    }
    return true;
  }

  private KeyState label(RoutedEvent e, KeyState given) {
    trainer.begin(e);
    if (!labels.read(e)) {
      deadLetters.send(e, given, labels.reason(), labels.message());
      return given;
    }
    KeyState s = given;
    if (s != null && life.over(s, labels.eventTime())) {
      life.end(s, e.key);
      s = null;
    }
    if (s != null && labels.eventTime() > s.eventTime) {
      s.eventTime = labels.eventTime();
      pending.expire(s, e.key);
    }
    PendingExample found = s == null ? null : pending.take(s, labels.id());
    if (found == null) {
      deadLetters.send(
          e,
          s,
          Reason.LABEL_WITHOUT_EXAMPLE,
          deadLetters.address(e, -1)
              + ": no example of key '"
              + e.key
              + "' with id '"
              + labels.id()
              + "' waits for a label"
              + (pending.on() ? "" : "; set labels.wait"));
      return s;
    }
    System.arraycopy(found.raw(), 0, raw(found.raw().length), 0, found.raw().length);
    learners.of(s, e.key).judge(outcome, labels.label());
    validation.score(s, outcome);
    if (s.paused) {
      skip(s);
    } else {
      int topic = s.topic(options.topics().get(e.topic));
      trainer.keep(
          s,
          found.example().labelled(labels.label(), labels.weight(), topic, e.partition, e.offset));
    }
    return s;
  }

  /** Room for raw outputs in the reused outcome. */
  private double[] raw(int count) {
    if (outcome.raw.length < count) {
      outcome.raw = new double[count];
    }
    outcome.rawCount = count;
    return outcome.raw;
  }

  private void skip(KeyState s) {
    s.skipped++;
    metrics.examplesSkipped.inc();
  }

  private HeldExample held(RoutedEvent e, KeyState s) {
    int index = examples.itemIndex();
    return new HeldExample(
        s.topic(options.topics().get(e.topic)),
        e.partition,
        e.offset,
        index,
        e.timestamp,
        e.recordKey,
        index < 0 ? e.value : examples.itemAsExample(),
        examples.eventTime(),
        Double.NaN,
        Double.NaN,
        -1,
        -1,
        -1);
  }

  private void refuse(RoutedEvent e, KeyState s, Reason reason, String message) {
    deadLetters.send(e, examples.itemIndex(), examples.itemAsExample(), s, reason, message);
  }

  private String address(RoutedEvent e) {
    return deadLetters.address(e, examples.itemIndex());
  }

  /** For tests that take steps where none are due. */
  Trainer trainer() {
    return trainer;
  }
}

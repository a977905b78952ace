package io.millrace.operators.learner;

import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.StepOutcome;
import io.millrace.operators.handler.Key;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.journal.KeptEvent;
import java.util.List;

/**
 * A step that is due: the rows of a mini-batch, whose they are, and what became of it. Filled and
 * settled by the {@link Trainer}, taken by {@link Steps}; used again.
 */
final class Step {
  /** Whose step it is. */
  Key key;

  /** Part of the key with the model. */
  int model;

  /** The learner under the key's hyperparameters. */
  OnlineLearner learner;

  /** Rows to learn from. */
  Rows rows;

  /** What became of it; null: it has not been taken. */
  StepOutcome outcome;

  /** Events held in state, whose rows come first. */
  List<KeptEvent> held = List.of();

  /** The record whose rows come behind them. */
  RoutedEvent event;

  /** Its topic, by the key's own index. */
  int topic;

  /** Whether the event that made the step due was predicted, so that a metric may be due behind. */
  boolean predicted;

  /** Its rows. */
  final FreshRows fresh;

  /** Which example a row is: held ones from 0, those of the record at hand behind them. */
  private int[] entry = new int[64];

  /** Room for rows that are not those of the record at hand. */
  final Rows assembled;

  /** Room for what is left when rows have been taken out. */
  private final Rows rest;

  private final Rows again;

  /** A step of a learner. */
  Step(OnlineLearner base) {
    fresh = new FreshRows(base);
    assembled = base.newRows();
    rest = base.newRows();
    again = base.newRows();
  }

  /** Starts on a mini-batch of so many examples at most. */
  void begin(Key whose, Lane lane, List<KeptEvent> heldEvents, int examples) {
    key = whose;
    model = lane.model;
    learner = lane.variants.of(whose);
    held = heldEvents;
    outcome = null;
    predicted = false;
    if (entry.length < examples) {
      entry = new int[2 * examples];
    }
  }

  /** Forgets what belongs to the key. */
  void end() {
    key = null;
    learner = null;
    rows = null;
    held = List.of();
    event = null;
    fresh.clear();
  }

  /** Says which example a row is. */
  void setEntry(int row, int example) {
    entry[row] = example;
  }

  /** Which example a row is. */
  int entry(int row) {
    return entry[row];
  }

  /** Takes rows out; the step is to be taken again without them. */
  void remove(boolean[] blamed) {
    Rows target = rows == rest ? again : rest;
    target.clear();
    int n = 0;
    for (int i = 0; i < blamed.length; i++) {
      if (!blamed[i]) {
        target.addRow(rows, i);
        entry[n++] = entry[i];
      }
    }
    rows = target;
    outcome = null;
  }
}

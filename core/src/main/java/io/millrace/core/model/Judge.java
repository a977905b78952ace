package io.millrace.core.model;

import io.millrace.core.learn.Outcome;

/** What raw outputs say in the label's terms, and how wrong that is. Immutable. */
public final class Judge {
  private final Loss loss;

  /** The loss once more where it has one output: its plain numbers are faster. */
  private final ScalarLoss scalar;

  private final int outputs;

  public Judge(Loss loss) {
    this.loss = loss;
    this.scalar = loss instanceof ScalarLoss s ? s : null;
    this.outputs = loss.outputs();
  }

  /** Makes room for what a prediction says. */
  public void room(Outcome p) {
    if (p.raw.length < outputs) {
      p.raw = new double[outputs];
    }
    p.rawCount = outputs;
    if (p.scores.length < outputs) {
      p.scores = new double[outputs];
    }
    p.scoreCount = outputs;
  }

  /** Fills everything in from the raw outputs; a label of NaN: there is none. */
  public void judge(Outcome p, double label) {
    if (p.rawCount != outputs) {
      throw new IllegalStateException(
          "prediction has " + p.rawCount + " raw outputs, the model has " + outputs);
    }
    room(p);
    loss.mean(p.raw, p.scores);
    rate(p, label);
  }

  /** Fills loss and correctness in from the means. */
  public void rate(Outcome p, double label) {
    p.correct = -1;
    p.loss = Double.NaN;
    if (label == label) {
      int guess;
      if (scalar != null) {
        p.loss = scalar.reported(p.scores[0], label);
        guess = scalar.classOf(p.scores[0]);
      } else {
        p.loss = loss.reported(p.scores, label);
        guess = loss.classOf(p.scores);
      }
      p.correct = guess < 0 ? -1 : guess == (int) label ? 1 : 0;
    }
  }
}

package io.millrace.operators.journal;

/** Sums of progressive validation. Mutable. */
public final class Score {
  /** Events with a finite loss. */
  public long scored;

  /** Of those, events whose class was judged. */
  public long judged;

  /** Of those judged, events whose class was right. */
  public long correct;

  /** Sum of the losses of the events scored. */
  public double lossSum;

  /** Takes in the mean loss of some events. */
  public void add(long events, double meanLoss) {
    scored += events;
    lossSum += events * meanLoss;
  }

  /** Takes in whether the class of an event was right: 1 or 0; below 0: it has none. */
  public void judge(int right) {
    if (right >= 0) {
      judged++;
      correct += right;
    }
  }

  /** Back to nothing. */
  public void clear() {
    scored = 0;
    judged = 0;
    correct = 0;
    lossSum = 0;
  }

  void set(Score o) {
    scored = o.scored;
    judged = o.judged;
    correct = o.correct;
    lossSum = o.lossSum;
  }
}

package io.millrace.operators.learner;

import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.WaitingEvent;

/** What is made of a label that waits for its example. */
final class EarlyLabel {
  private static final int LABEL = 0;
  private static final int WEIGHT = 1;

  private EarlyLabel() {}

  /** Of a label. */
  static double[] made(double label, double weight) {
    double[] made = new double[2];
    made[LABEL] = label;
    made[WEIGHT] = weight;
    return made;
  }

  /** Target, or class index. */
  static double label(WaitingEvent w) {
    return w.made()[LABEL];
  }

  /** Weight in place of the example's; NaN: the example's stays. */
  static double weight(WaitingEvent w) {
    return w.made()[WEIGHT];
  }

  /** An example with its label. */
  static KeptEvent labelled(KeptEvent example, WaitingEvent w) {
    KeptEvent e = w.event();
    return example.labelled(label(w), weight(w), e.topic(), e.partition(), e.offset());
  }
}

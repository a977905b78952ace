package io.millrace.core.learn;

/** What a prediction said. Reused; overwritten by every prediction. */
public final class Outcome {
  /**
   * One mean (regression), one probability of class 1 (binary), one probability per class; grows as
   * needed.
   */
  public double[] scores = new double[1];

  /** How many of {@link #scores} count. */
  public int scoreCount;

  /** Loss against the label, unweighted; NaN without a label. */
  public double loss;

  /** 1: the predicted class is the label's, 0: it is not, -1: no label or no classes. */
  public int correct;
}

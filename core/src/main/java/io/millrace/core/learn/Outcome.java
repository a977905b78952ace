package io.millrace.core.learn;

/** The result of a prediction. Reused: every prediction overwrites it. */
public final class Outcome {
  /**
   * One mean (regression), one probability of class 1 (binary), one probability per class; grows as
   * needed.
   */
  public double[] scores = new double[1];

  /** How many of {@link #scores} count. */
  public int scoreCount;

  /**
   * Raw outputs of the model (before its mean function): all that {@link OnlineLearner#judge} needs
   * to score this prediction against a label that comes later. Grows as needed.
   */
  public double[] raw = new double[1];

  /** How many of {@link #raw} count. */
  public int rawCount;

  /** What was taken off every feature of the row before it was used; 0 where nothing was. */
  public double offset;

  /** What every feature was divided by after that; 1 where it was not. */
  public double scale = 1;

  /** Loss against the label, unweighted; NaN without a label. */
  public double loss;

  /** 1: the predicted class is the label's, 0: it is not, -1: no label or no classes. */
  public int correct;
}

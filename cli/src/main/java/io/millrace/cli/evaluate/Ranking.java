package io.millrace.cli.evaluate;

import io.millrace.core.learn.Outcome;
import java.util.Arrays;

/**
 * How well the scores of a learner that knows no labels set rows of one class apart: the share of
 * pairs, one row of a class other than the first and one of the first, in which the former has the
 * higher score; equal scores count half.
 */
public final class Ranking {
  private double[] odd = new double[64];
  private double[] usual = new double[64];
  private int oddCount;
  private int usualCount;
  private long scored;
  private long alarms;
  private double sum;

  /**
   * Takes the prediction of a row; one without a score, or a row without a label, is not ranked.
   */
  void take(Outcome outcome, double label) {
    if (outcome.scoreCount == 0) {
      return;
    }
    double score = outcome.scores[0];
    scored++;
    sum += score;
    alarms += outcome.scoreCount > 1 && outcome.scores[1] > 0 ? 1 : 0;
    if (label > 0) {
      odd = room(odd, oddCount);
      odd[oddCount++] = score;
    } else if (label == 0) {
      usual = room(usual, usualCount);
      usual[usualCount++] = score;
    }
  }

  private static double[] room(double[] scores, int count) {
    return count < scores.length ? scores : Arrays.copyOf(scores, 2 * count);
  }

  /** Rows with a score. */
  public long scored() {
    return scored;
  }

  /** Rows that were an alarm. */
  public long alarms() {
    return alarms;
  }

  /** Mean score; NaN without any. */
  public double mean() {
    return sum / scored;
  }

  /** Area under the receiver's operating curve; NaN where all rows are of one class. */
  public double auc() {
    double[] high = Arrays.copyOf(odd, oddCount);
    double[] low = Arrays.copyOf(usual, usualCount);
    Arrays.sort(high);
    Arrays.sort(low);
    double won = 0;
    int below = 0;
    int notAbove = 0;
    for (double score : high) {
      while (below < usualCount && low[below] < score) {
        below++;
      }
      notAbove = Math.max(notAbove, below);
      while (notAbove < usualCount && low[notAbove] <= score) {
        notAbove++;
      }
      won += below + (notAbove - below) / 2.0;
    }
    return won / ((double) oddCount * usualCount);
  }
}

package io.millrace.core.monitor;

/**
 * What can be said of predicted numbers, faded or not, from sums: errors of the model, and of the
 * baselines, which predict the mean of all earlier labels, and the previous label.
 *
 * <pre>
 * MAE = sum |e| / N     RMSE = sqrt(sum e^2 / N)     R2 = 1 - SSE / SST, SST about the mean of the same events
 * skill = 1 - SSE / SSE of the baseline, of the events for which the baseline has a prediction
 * </pre>
 *
 * <p>What is not defined is NaN: R2 of one event, or where the labels do not differ beyond
 * rounding. Stateless; the sums are in a block.
 */
final class Errors {
  static final int N = 0;
  static final int ABSOLUTE = 1;
  static final int SQUARES = 2;
  static final int MEAN = 3; // of the labels
  static final int TOTAL = 4; // SST
  static final int BASE = 5; // weight of the events for which the baselines have a prediction
  static final int BASE_SQUARES = 6; // SSE of those
  static final int MEAN_ABSOLUTE = 7;
  static final int MEAN_SQUARES = 8;
  static final int SAME_ABSOLUTE = 9;
  static final int SAME_SQUARES = 10;
  static final int LENGTH = 11;

  /** A mean square below it is rounding. */
  private static final double NOTHING = 1e-24;

  private Errors() {}

  /** Adds the errors of an event of weight 1. */
  static void add(double[] b, int at, double y, double prediction) {
    double e = Math.abs(y - prediction);
    b[at + N]++;
    b[at + ABSOLUTE] += e;
    b[at + SQUARES] += e * e;
  }

  /** Adds the errors of the baselines. */
  static void addBaselines(
      double[] b, int at, double y, double prediction, double mean, double previous) {
    double e = y - prediction;
    double ofMean = Math.abs(y - mean);
    double ofPrevious = Math.abs(y - previous);
    b[at + BASE]++;
    b[at + BASE_SQUARES] += e * e;
    b[at + MEAN_ABSOLUTE] += ofMean;
    b[at + MEAN_SQUARES] += ofMean * ofMean;
    b[at + SAME_ABSOLUTE] += ofPrevious;
    b[at + SAME_SQUARES] += ofPrevious * ofPrevious;
  }

  private static double rSquared(double[] b, int at, double events) {
    double total = b[at + TOTAL];
    return events >= 2 && total > NOTHING * b[at + N] ? 1 - b[at + SQUARES] / total : Double.NaN;
  }

  private static double skill(double[] b, int at, int squares) {
    double base = b[at + squares];
    return base > NOTHING * b[at + BASE] ? 1 - b[at + BASE_SQUARES] / base : Double.NaN;
  }

  /**
   * Reports all figures that are defined.
   *
   * @param events how many there were, whatever they weigh
   */
  static void report(double[] b, int at, double events, Report out) {
    if (events == 0) {
      return;
    }
    out.figure("Mae", b[at + ABSOLUTE] / b[at + N]);
    out.figure("Rmse", Math.sqrt(b[at + SQUARES] / b[at + N]));
    out.figure("R2", rSquared(b, at, events));
    out.figure("RunningMeanMae", b[at + MEAN_ABSOLUTE] / b[at + BASE]);
    out.figure("NoChangeMae", b[at + SAME_ABSOLUTE] / b[at + BASE]);
    out.figure("SkillRunningMean", skill(b, at, MEAN_SQUARES));
    out.figure("SkillNoChange", skill(b, at, SAME_SQUARES));
  }
}

package io.millrace.core.monitor;

/**
 * Calibration of probabilities, faded or not, from sums by bins of the probability.
 *
 * <pre>
 * bin = min(floor(p M), M - 1)        Brier score = mean (p - y)^2
 * ECE = sum over bins of share |mean p - mean y|,  MCE the largest of these differences
 * </pre>
 *
 * <p>Brier, "Verification of forecasts expressed in terms of probability", 1950; Naeini, Cooper,
 * Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
 * Stateless; the sums are in a block.
 */
public final class Reliability {
  private static final int N = 0;
  private static final int BRIER = 1;
  private static final int BINS = 2; // weight[M], sum of p[M], sum of y[M]

  private Reliability() {}

  /** Doubles of the sums. */
  public static int length(int bins) {
    return BINS + 3 * bins;
  }

  static void add(double[] b, int at, int bins, double p, double y, double weight) {
    b[at + N] += weight;
    b[at + BRIER] += weight * (p - y) * (p - y);
    int bin = at + BINS + bin(p, bins);
    b[bin] += weight;
    b[bin + bins] += weight * p;
    b[bin + 2 * bins] += weight * y;
  }

  static int bin(double p, int bins) {
    return Math.max(0, Math.min((int) Math.floor(p * bins), bins - 1));
  }

  /** Brier score; NaN of no event. */
  public static double brier(double[] b, int at) {
    return b[at + BRIER] / b[at + N];
  }

  private static double gap(double[] b, int bin, int bins) {
    return Math.abs(b[bin + bins] - b[bin + 2 * bins]) / b[bin];
  }

  /** Expected calibration error; NaN of no event. */
  public static double expected(double[] b, int at, int bins) {
    double sum = 0;
    for (int bin = at + BINS; bin < at + BINS + bins; bin++) {
      sum += b[bin] > 0 ? Math.abs(b[bin + bins] - b[bin + 2 * bins]) : 0;
    }
    return sum / b[at + N];
  }

  /** Maximum calibration error; NaN of no event. */
  public static double largest(double[] b, int at, int bins) {
    double largest = Double.NaN;
    for (int bin = at + BINS; bin < at + BINS + bins; bin++) {
      if (b[bin] > 0) {
        double gap = gap(b, bin, bins);
        largest = largest >= gap ? largest : gap;
      }
    }
    return largest;
  }

  /** Weight of a bin's events. */
  public static double weight(double[] b, int at, int bin) {
    return b[at + BINS + bin];
  }

  /** Sum of the probabilities of a bin's events. */
  public static double predicted(double[] b, int at, int bins, int bin) {
    return b[at + BINS + bins + bin];
  }

  /** Sum of the labels of a bin's events. */
  public static double observed(double[] b, int at, int bins, int bin) {
    return b[at + BINS + 2 * bins + bin];
  }

  /** Reports the figures, and of every bin with events its share and the two means. */
  public static void report(double[] b, int at, int bins, Report out) {
    if (b[at + N] == 0) {
      return;
    }
    out.figure("Brier", brier(b, at));
    out.figure("Ece", expected(b, at, bins));
    out.figure("Mce", largest(b, at, bins));
    for (int k = 0; k < bins; k++) {
      int bin = at + BINS + k;
      if (b[bin] > 0) {
        out.figure("Bin." + k + ".share", b[bin] / b[at + N]);
        out.figure("Bin." + k + ".predicted", b[bin + bins] / b[bin]);
        out.figure("Bin." + k + ".observed", b[bin + 2 * bins] / b[bin]);
      }
    }
  }
}

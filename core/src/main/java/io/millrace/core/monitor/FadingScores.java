package io.millrace.core.monitor;

/**
 * Calibration, and an estimate of the area under the ROC curve, of probabilities whose events count
 * less the longer ago they are: each multiplies what was before by {@code alpha}.
 *
 * <pre>
 * of equal bins of [0, 1]:  AUC = sum_b pos_b (neg below b + neg_b / 2) / (P N)
 *   off by at most sum_b pos_b neg_b / (2 P N), which is shown with it
 * </pre>
 *
 * <p>Immutable: the numbers are {@link #length()} doubles in the caller's block, zeros at first;
 * O(1) per event.
 */
public final class FadingScores {
  private static final int WEIGHT = 0;
  private static final int SUMS = 1; // calibration, then positives and negatives by bins of the AUC

  private final int bins;
  private final int areaBins;
  private final double alpha;

  /**
   * Sums of scores.
   *
   * @param bins of calibration, at least 1
   * @param areaBins of the area under the ROC curve; 0: none is wanted
   * @param alpha in (0, 1]
   */
  public FadingScores(int bins, int areaBins, double alpha) {
    this.bins = bins;
    this.areaBins = areaBins;
    this.alpha = alpha;
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return SUMS + Reliability.length(bins) + 2 * areaBins;
  }

  /**
   * Takes an event.
   *
   * @param p probability, in [0, 1]
   * @param positive its label
   */
  public void take(double[] b, int at, double p, boolean positive) {
    double weight = Fading.next(b, at, WEIGHT, SUMS, length(), alpha);
    Reliability.add(b, at + SUMS, bins, p, positive ? 1 : 0, weight);
    if (areaBins > 0) {
      b[area(at) + (positive ? 0 : areaBins) + Reliability.bin(p, areaBins)] += weight;
    }
  }

  private int area(int at) {
    return at + SUMS + Reliability.length(bins);
  }

  /**
   * The sums of calibration, in units in which the newest event weighs 1.
   *
   * @param out overwritten; {@link Reliability#length} doubles
   */
  public void reliability(double[] b, int at, double[] out) {
    for (int i = 0; i < Reliability.length(bins); i++) {
      out[i] = b[at + SUMS + i] / b[at + WEIGHT];
    }
  }

  /** Area under the ROC curve, of bins; NaN where a class is missing. */
  public double area(double[] b, int at) {
    double pairs = 0;
    double below = 0;
    for (int k = area(at); k < area(at) + areaBins; k++) {
      pairs += b[k] * (below + b[k + areaBins] / 2);
      below += b[k + areaBins];
    }
    return pairs / (positives(b, at) * below);
  }

  /** How far the area may be from that of the scores themselves; NaN where a class is missing. */
  public double areaBound(double[] b, int at) {
    double pairs = 0;
    double below = 0;
    for (int k = area(at); k < area(at) + areaBins; k++) {
      pairs += b[k] * b[k + areaBins];
      below += b[k + areaBins];
    }
    return pairs / (2 * positives(b, at) * below);
  }

  private double positives(double[] b, int at) {
    double sum = 0;
    for (int k = area(at); k < area(at) + areaBins; k++) {
      sum += b[k];
    }
    return sum;
  }

  /** Reports the figures. */
  public void report(double[] b, int at, Report out) {
    Reliability.report(b, at + SUMS, bins, out);
    if (areaBins > 0) {
      out.figure("RocAuc", area(b, at));
      out.figure("RocAucBound", areaBound(b, at));
    }
  }

  /** Expected calibration error; NaN of no event. */
  public double expectedCalibrationError(double[] b, int at) {
    return Reliability.expected(b, at + SUMS, bins);
  }
}

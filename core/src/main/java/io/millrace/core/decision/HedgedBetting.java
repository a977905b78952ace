package io.millrace.core.decision;

/**
 * Bounds on the mean of values in [0, 1] that hold at every time at once, narrower than those of
 * {@link EmpiricalBernstein} at more work: the hedged capital confidence sequence on a grid of
 * means. Waudby-Smith, Ramdas, "Estimating means of bounded random variables by betting",
 * arXiv:2010.09686, theorem 3.
 *
 * <pre>
 * for m = 0, 1/G, .., 1:  lam+ = min(l, 1/(2m)),  lam- = min(l, 1/(2(1-m)))    l: the plug-in bet
 *   ln K+ += ln(1 + lam+ (x - m)),  ln K- += ln(1 - lam- (x - m))
 *   m is kept while max(ln K+, ln K-) + ln(1/2) &lt;= ln(1/alpha)
 * bounds_t = first kept - 1/G, last kept + 1/G;  published = the running intersection
 * </pre>
 *
 * <p>Deviations from the paper: the grid, by whose step the bounds are widened. Where no m is kept,
 * the bounds stay and the sequence is {@link #disjoint}.
 *
 * <p>Memory 2 G + 8 doubles; 2 G logarithms per value. Immutable; the numbers are in the caller's
 * block, zeros at first.
 */
public final class HedgedBetting {
  /** Grid that the published figures are of. */
  public static final int GRID = 200;

  private static final double HALF = 0.5;
  private static final int LOWER = PredictableMoments.LENGTH;

  /** How far the upper bound lies below 1, so that zeros are a fresh state. */
  private static final int CUT = LOWER + 1;

  private static final int NONE_KEPT = LOWER + 2;
  private static final int UP = LOWER + 3;

  private final int grid;
  private final double betLog;
  private final double limit;

  /**
   * @param alpha in (0, 1)
   * @param grid number of steps of the grid of means, at least 1
   */
  public HedgedBetting(double alpha, int grid) {
    this.grid = grid;
    this.betLog = -StrictMath.log(alpha / 2);
    this.limit = -StrictMath.log(alpha) - StrictMath.log(HALF);
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return UP + 2 * (grid + 1);
  }

  /**
   * Takes a value.
   *
   * @param x in [0, 1]
   */
  public void take(double[] b, int at, double x) {
    double l = PredictableMoments.plugInBet(b, at, betLog);
    PredictableMoments.add(b, at, x);
    int first = -1;
    int last = -1;
    for (int j = 0; j <= grid; j++) {
      double m = (double) j / grid;
      int up = at + UP + j;
      int down = up + grid + 1;
      b[up] += StrictMath.log1p(Math.min(l, HALF / m) * (x - m));
      b[down] += StrictMath.log1p(-Math.min(l, HALF / (1 - m)) * (x - m));
      if (Math.max(b[up], b[down]) <= limit) {
        first = first < 0 ? j : first;
        last = j;
      }
    }
    if (first < 0) {
      b[at + NONE_KEPT] = 1;
      return;
    }
    b[at + LOWER] = Math.max(b[at + LOWER], (first - 1.0) / grid);
    b[at + CUT] = Math.max(b[at + CUT], 1 - (last + 1.0) / grid);
  }

  /** Largest lower bound so far; 0 at first. */
  public double runningLower(double[] b, int at) {
    return b[at + LOWER];
  }

  /** Smallest upper bound so far; 1 at first. */
  public double runningUpper(double[] b, int at) {
    return 1 - b[at + CUT];
  }

  /** Whether no mean is possible any more: it has moved, or the range is wrong. */
  public boolean disjoint(double[] b, int at) {
    return b[at + NONE_KEPT] != 0 || runningLower(b, at) > runningUpper(b, at);
  }

  /**
   * ln K+ of a mean, the capital of the bet that the true mean is larger.
   *
   * @param j place of the mean on the grid, 0 to the number of steps
   */
  public double logCapitalUp(double[] b, int at, int j) {
    return b[at + UP + j];
  }

  /**
   * ln K- of a mean, the capital of the bet that the true mean is smaller.
   *
   * @param j place of the mean on the grid, 0 to the number of steps
   */
  public double logCapitalDown(double[] b, int at, int j) {
    return b[at + UP + grid + 1 + j];
  }
}

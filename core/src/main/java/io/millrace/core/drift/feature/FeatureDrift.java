package io.millrace.core.drift.feature;

import io.millrace.core.compute.Workspace;
import java.util.Arrays;

/**
 * Whether a feature still has the law of its first values. The first {@code reference} values make
 * bins and cells; after that every {@code window} values are compared with them.
 *
 * <pre>
 * PSI ({@link Psi}), Kolmogorov-Smirnov and Wasserstein-1 ({@link Distance}) of counts
 * alarm: n m / (n + m) PSI &gt; chi-square of bins - 1 degrees of freedom at {@code level}
 * </pre>
 *
 * <p>Values that are missing have their own count, outside of the bins; so have those beyond the
 * range of the reference, which fall into the outermost cells. Immutable: the numbers are {@link
 * #length()} doubles in the caller's block, zeros at first; the reference's values lie where the
 * counts will, so they cost nothing once there are bins. A binary search per value.
 */
public final class FeatureDrift {
  /** Cells of equal width over the range of the reference. */
  public static final int CELLS = 50;

  private static final int SEEN = 0; // values of the reference, missing ones aside
  private static final int REFERENCE_MISSING = 1;
  private static final int EDGE_COUNT = 2; // 0: the reference is not full
  private static final int LOW = 3;
  private static final int HIGH = 4;
  private static final int COUNT = 5; // values of the window at hand
  private static final int MISSING = 6;
  private static final int OUTSIDE = 7;
  private static final int WINDOWS = 8; // compared so far
  private static final int PSI = 9;
  private static final int KOLMOGOROV = 10;
  private static final int WASSERSTEIN = 11;
  private static final int STATISTIC = 12;
  private static final int LIMIT = 13;
  private static final int LAST_MISSING = 14;
  private static final int LAST_OUTSIDE = 15;
  private static final int EDGES = 16;

  private final int reference;
  private final int window;
  private final int bins;
  private final double[] limits;

  /**
   * A comparison.
   *
   * @param reference values of the reference, at least {@code bins}
   * @param window values that are compared at a time, at least 1
   * @param bins at least 2
   * @param level probability of an alarm where nothing has changed, in (0, 1)
   */
  public FeatureDrift(int reference, int window, int bins, double level) {
    this.reference = reference;
    this.window = window;
    this.bins = bins;
    this.limits = new double[bins + 1];
    for (int b = 2; b <= bins; b++) {
      limits[b] = Psi.limit(b, level);
    }
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return EDGES + Math.max(reference, cells() + 2 * CELLS);
  }

  private int referenceBins() {
    return bins - 1;
  }

  private int currentBins() {
    return referenceBins() + bins;
  }

  private int cells() {
    return currentBins() + bins;
  }

  /**
   * Takes a value.
   *
   * @param block holds the numbers from {@code at} on, modified
   * @param x NaN: it is missing
   * @return whether a window is full and has been compared
   */
  public boolean take(double[] block, int at, double x, Workspace workspace) {
    if (block[at + EDGE_COUNT] == 0) {
      learn(block, at, x, workspace);
      return false;
    }
    if (Double.isNaN(x)) {
      block[at + MISSING]++;
    } else {
      count(block, at, x);
    }
    if (block[at + COUNT] + block[at + MISSING] < window) {
      return false;
    }
    compare(block, at);
    return true;
  }

  private void learn(double[] block, int at, double x, Workspace workspace) {
    if (Double.isNaN(x)) {
      block[at + REFERENCE_MISSING]++;
      return;
    }
    int seen = (int) block[at + SEEN]++;
    block[at + EDGES + seen] = x;
    if (seen + 1 < reference) {
      return;
    }
    double[] sorted = workspace.array("reference", reference);
    System.arraycopy(block, at + EDGES, sorted, 0, reference);
    Arrays.sort(sorted);
    Arrays.fill(block, at + EDGES, at + length(), 0);
    int edges = Bins.edges(sorted, reference, bins, block, at + EDGES);
    block[at + EDGE_COUNT] = edges;
    block[at + LOW] = sorted[0];
    block[at + HIGH] = sorted[reference - 1];
    double width = width(block, at);
    for (double v : sorted) {
      block[at + EDGES + referenceBins() + Bins.bin(block, at + EDGES, edges, v)]++;
      if (width > 0) {
        block[at + EDGES + cells() + Bins.cell(block[at + LOW], width, CELLS, v)]++;
      }
    }
  }

  private static double width(double[] block, int at) {
    return (block[at + HIGH] - block[at + LOW]) / CELLS;
  }

  private void count(double[] block, int at, double x) {
    block[at + COUNT]++;
    int bin = Bins.bin(block, at + EDGES, (int) block[at + EDGE_COUNT], x);
    block[at + EDGES + currentBins() + bin]++;
    double width = width(block, at);
    if (width > 0) {
      block[at + EDGES + cells() + CELLS + Bins.cell(block[at + LOW], width, CELLS, x)]++;
    }
    if (x < block[at + LOW] || x > block[at + HIGH]) {
      block[at + OUTSIDE]++;
    }
  }

  private void compare(double[] block, int at) {
    int used = (int) block[at + EDGE_COUNT] + 1;
    double m = block[at + COUNT];
    double width = width(block, at);
    int reference0 = at + EDGES + referenceBins();
    int current0 = at + EDGES + currentBins();
    int cells0 = at + EDGES + cells();
    if (m > 0) {
      double psi = Psi.of(block, reference0, reference, block, current0, m, used, Psi.FLOOR);
      block[at + PSI] = psi;
      block[at + KOLMOGOROV] =
          Distance.kolmogorov(block, reference0, reference, block, current0, m, used);
      block[at + WASSERSTEIN] =
          width > 0
              ? Distance.wasserstein(
                  block, cells0, reference, block, cells0 + CELLS, m, CELLS, width)
              : Double.NaN;
      block[at + STATISTIC] = Psi.statistic(psi, reference, m);
    } else { // every value is missing
      Arrays.fill(block, at + PSI, at + LIMIT, Double.NaN);
    }
    block[at + LIMIT] = limits[used];
    block[at + LAST_MISSING] = block[at + MISSING] / window;
    block[at + LAST_OUTSIDE] = m > 0 ? block[at + OUTSIDE] / m : 0;
    block[at + WINDOWS]++;
    block[at + COUNT] = 0;
    block[at + MISSING] = 0;
    block[at + OUTSIDE] = 0;
    Arrays.fill(block, current0, current0 + bins, 0);
    Arrays.fill(block, cells0 + CELLS, cells0 + 2 * CELLS, 0);
  }

  /** Windows that have been compared. */
  public static double windows(double[] block, int at) {
    return block[at + WINDOWS];
  }

  /** PSI of the last window. */
  public static double psi(double[] block, int at) {
    return block[at + PSI];
  }

  /** Largest difference of the distribution functions at the edges of bins, of the last window. */
  public static double kolmogorov(double[] block, int at) {
    return block[at + KOLMOGOROV];
  }

  /** Wasserstein-1 of the last window; NaN: all values of the reference are equal. */
  public static double wasserstein(double[] block, int at) {
    return block[at + WASSERSTEIN];
  }

  /** What is about chi-square where nothing has changed, of the last window. */
  public static double statistic(double[] block, int at) {
    return block[at + STATISTIC];
  }

  /** What the statistic is compared with. */
  public static double limit(double[] block, int at) {
    return block[at + LIMIT];
  }

  /** Share of the last window's values that were missing. */
  public static double missing(double[] block, int at) {
    return block[at + LAST_MISSING];
  }

  /** Share of the last window's values, missing ones aside, beyond the range of the reference. */
  public static double outside(double[] block, int at) {
    return block[at + LAST_OUTSIDE];
  }

  /** Whether the last window has another law. */
  public static boolean alarmed(double[] block, int at) {
    return block[at + STATISTIC] > block[at + LIMIT];
  }
}

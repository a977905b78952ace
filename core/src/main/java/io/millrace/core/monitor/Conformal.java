package io.millrace.core.monitor;

/**
 * Adaptive conformal prediction: how far the label may be from the prediction, so that it is
 * outside in a share alpha of the events, whatever the model and however the stream changes. Gibbs,
 * Candes, "Adaptive Conformal Inference Under Distribution Shift", NeurIPS 2021.
 *
 * <pre>
 * scores s: |y - yhat|, or 1 - p of the true class;  of the last w before the event, n of them:
 *   k = ceil((n + 1) (1 - alpha_t) - 1e-9)   radius = k-th smallest;  k &gt; n: infinite,  k &lt;= 0: empty
 * alpha_{t+1} = alpha_t + gamma (alpha - miss),  alpha_t not clamped
 * guaranteed of any stream: |share of misses - alpha| &lt;= (max(alpha, 1 - alpha) + gamma) / (gamma T)
 * </pre>
 *
 * <p>The 1e-9 keeps rounding from asking for one score more. Deviations from the paper: the
 * quantile is that of a window. Immutable: the numbers are {@link #length()} doubles in the
 * caller's block, zeros at first; a binary search and a move of at most w doubles per label.
 * Alpha_t is kept as its distance to alpha, so that zeros are a fresh state.
 */
public final class Conformal {
  private static final int SEEN = 0;
  private static final int SHIFT = 1; // alpha_t - alpha
  private static final int COVERED = 2;
  private static final int INFINITE = 3;
  private static final int EMPTY = 4;
  private static final int RING = 5; // scores in the order of their events, then sorted

  /** What keeps (n + 1) (1 - alpha) from being rounded up beyond a whole number. */
  private static final double ROUNDING = 1e-9;

  private final double alpha;
  private final double gamma;
  private final int window;

  /**
   * A rule.
   *
   * @param alpha share of the events whose label may be outside, in (0, 1)
   * @param gamma how fast it adapts, at least 0
   * @param window scores, w, at least 1
   */
  public Conformal(double alpha, double gamma, int window) {
    this.alpha = alpha;
    this.gamma = gamma;
    this.window = window;
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return RING + 2 * window;
  }

  /** Share of misses that the next event is aimed at. */
  public double level(double[] b, int at) {
    return alpha + b[at + SHIFT];
  }

  /** The radius for the next event: infinite where too little is known; -1: nothing is within. */
  public double radius(double[] b, int at) {
    int n = (int) Math.min(b[at + SEEN], window);
    double k = Math.ceil((n + 1) * (1 - level(b, at)) - ROUNDING);
    return k > n ? Double.POSITIVE_INFINITY : k <= 0 ? -1 : b[at + RING + window + (int) k - 1];
  }

  /**
   * Takes the score of an event whose label has come.
   *
   * @param score at least 0, finite
   * @return whether it was within the radius
   */
  public boolean take(double[] b, int at, double score) {
    double radius = radius(b, at);
    boolean covered = score <= radius;
    b[at + SHIFT] += gamma * (alpha - (covered ? 0 : 1));
    b[at + COVERED] += covered ? 1 : 0;
    b[at + INFINITE] += radius == Double.POSITIVE_INFINITY ? 1 : 0;
    b[at + EMPTY] += radius < 0 ? 1 : 0;
    push(b, at, score);
    return covered;
  }

  private void push(double[] b, int at, double score) {
    int sorted = at + RING + window;
    int n = (int) Math.min(b[at + SEEN], window);
    int place = at + RING + (int) ((long) b[at + SEEN] % window);
    double gone = n < window ? score : b[place];
    // Both at once: in a key that has left the caches the searches wait for memory side by side.
    int to = sorted;
    int old = sorted;
    int left = n;
    for (; left > 1; left -= left >> 1) {
      int half = left >> 1;
      to += b[to + half - 1] < score ? half : 0;
      old += b[old + half - 1] < gone ? half : 0;
    }
    to += left == 1 && b[to] < score ? 1 : 0;
    old += left == 1 && b[old] < gone ? 1 : 0;
    if (n < window) {
      System.arraycopy(b, to, b, to + 1, sorted + n - to);
    } else if (old
        < to) { // only what lies between the score that goes and the one that comes moves
      to--;
      System.arraycopy(b, old + 1, b, old, to - old);
    } else {
      System.arraycopy(b, to, b, to + 1, old - to);
    }
    b[to] = score;
    b[place] = score;
    b[at + SEEN]++;
  }

  /** Labels that have come. */
  public double count(double[] b, int at) {
    return b[at + SEEN];
  }

  /** Of those, how many were within their radius. */
  public double covered(double[] b, int at) {
    return b[at + COVERED];
  }

  /** Labels whose radius was infinite. */
  public double infinite(double[] b, int at) {
    return b[at + INFINITE];
  }

  /** Labels within whose radius there was nothing. */
  public double empty(double[] b, int at) {
    return b[at + EMPTY];
  }
}

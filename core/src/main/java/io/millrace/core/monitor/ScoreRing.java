package io.millrace.core.monitor;

import io.millrace.core.compute.Workspace;
import java.util.Arrays;

/**
 * The scores of the last {@code w} events, with labels of 0 and 1: exact area under the ROC curve,
 * average precision, and what calibration is made of.
 *
 * <pre>
 * U2  = sum over pairs of a 1 and a 0: 2 where the 1 has the larger score, 1 where both are equal
 * ROC-AUC = U2 / (2 P N)          average precision = sum_k (R_k - R_{k-1}) P_k over distinct scores downwards
 * </pre>
 *
 * <p>U2 is a whole number, so the area has the bits of one made of a sorted window. Hanley, McNeil,
 * "The meaning and use of the area under a receiver operating characteristic (ROC) curve", 1982.
 *
 * <p>Scores are sorted when figures are asked for: two sorts of at most w scores. Immutable: the
 * numbers are {@link #length()} doubles in the caller's block, zeros at first; O(1) per event.
 */
public final class ScoreRing {
  private static final int SEEN = 0;
  private static final int RING = 1; // scores, then words of labels

  /** Labels in a word, which a double holds exactly. */
  private static final int WORD = 32;

  private final int window;

  /**
   * A ring.
   *
   * @param window events, w, at least 1
   */
  public ScoreRing(int window) {
    this.window = window;
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return RING + window + (window + WORD - 1) / WORD;
  }

  /**
   * Takes an event.
   *
   * @param score finite
   * @param positive its label
   */
  public void take(double[] b, int at, double score, boolean positive) {
    int i = (int) ((long) b[at + SEEN] % window);
    b[at + RING + i] = score;
    int word = at + RING + window + i / WORD;
    long bit = 1L << i % WORD;
    long labels = (long) b[word];
    b[word] = positive ? labels | bit : labels & ~bit;
    b[at + SEEN]++;
  }

  /** Events in the ring. */
  int count(double[] b, int at) {
    return (int) Math.min(b[at + SEEN], window);
  }

  /** Place in the ring of the event that is the {@code i}-th, the oldest first. */
  private int place(double[] b, int at, int i) {
    return b[at + SEEN] <= window ? i : (int) (((long) b[at + SEEN] + i) % window);
  }

  private boolean positive(double[] b, int at, int place) {
    return ((long) b[at + RING + window + place / WORD] >> place % WORD & 1) != 0;
  }

  /**
   * Makes sums of calibration of the events, from the oldest to the newest.
   *
   * @param out overwritten; {@link Reliability#length} doubles
   */
  public void reliability(double[] b, int at, int bins, double[] out) {
    Arrays.fill(out, 0);
    int n = count(b, at);
    for (int i = 0; i < n; i++) {
      int place = place(b, at, i);
      Reliability.add(out, 0, bins, b[at + RING + place], positive(b, at, place) ? 1 : 0, 1);
    }
  }

  /** What can be said of the scores in the ring. Used again. */
  public static final class Areas {
    private long twice;
    private int positives;
    private int negatives;
    private double precision;

    /** U2. */
    public long twice() {
      return twice;
    }

    public int positives() {
      return positives;
    }

    public int negatives() {
      return negatives;
    }

    /** Average precision, the area under the PR curve; NaN without a positive. */
    public double precision() {
      return precision;
    }

    /** Area under the ROC curve; NaN where a class is missing. */
    public double roc() {
      return positives == 0 || negatives == 0 ? Double.NaN : twice / (2.0 * positives * negatives);
    }
  }

  /** Computes the areas. */
  public void areas(double[] b, int at, Areas out, Workspace workspace) {
    int n = count(b, at);
    double[] ones = workspace.array("positive scores", window);
    double[] zeros = workspace.array("negative scores", window);
    int p = 0;
    int q = 0;
    for (int i = 0; i < n; i++) {
      double score = b[at + RING + i];
      if (positive(b, at, i)) {
        ones[p++] = score;
      } else {
        zeros[q++] = score;
      }
    }
    Arrays.sort(ones, 0, p);
    Arrays.sort(zeros, 0, q);
    out.positives = p;
    out.negatives = q;
    sweep(ones, p, zeros, q, out);
  }

  /** Goes over the distinct scores from the largest down. */
  private static void sweep(double[] ones, int p, double[] zeros, int q, Areas out) {
    int i = p - 1;
    int j = q - 1;
    long twice = 0;
    double precision = 0;
    while (i >= 0 || j >= 0) {
      double score = j < 0 || i >= 0 && ones[i] >= zeros[j] ? ones[i] : zeros[j];
      int equalOnes = 0;
      int equalZeros = 0;
      for (; i >= 0 && ones[i] == score; i--) {
        equalOnes++;
      }
      for (; j >= 0 && zeros[j] == score; j--) {
        equalZeros++;
      }
      twice += equalOnes * (2L * (j + 1) + equalZeros);
      if (equalOnes > 0) {
        double above = p - 1 - i; // positives at least so large
        precision += equalOnes / (double) p * (above / (above + (q - 1 - j)));
      }
    }
    out.twice = twice;
    out.precision = p == 0 ? Double.NaN : precision;
  }
}

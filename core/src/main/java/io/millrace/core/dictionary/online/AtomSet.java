package io.millrace.core.dictionary.online;

import io.millrace.core.compute.Vectors;
import io.millrace.core.spec.Choice;
import java.util.List;

/**
 * A convex set that atoms are kept in, by Euclidean projection. The non-negative part of a ball is
 * projected onto by clipping at 0 first.
 */
public enum AtomSet {
  /** {@code ||u||_2 <= 1}. */
  L2_BALL {
    @Override
    public double project(double[] u, int at, int n, double gamma) {
      double norm = Math.sqrt(Vectors.dot(u, at, u, at, n));
      if (norm > 1) {
        for (int i = at; i < at + n; i++) {
          u[i] /= norm;
        }
      }
      return Math.max(norm - 1, 0);
    }
  },
  /** {@code ||u||_1 <= 1}. Duchi et al., ICML 2008. */
  L1_BALL {
    @Override
    public double project(double[] u, int at, int n, double gamma) {
      double l1 = 0;
      for (int i = at; i < at + n; i++) {
        l1 += Math.abs(u[i]);
      }
      if (l1 <= 1) {
        return 0;
      }
      double threshold = threshold(u, at, n, true);
      for (int i = at; i < at + n; i++) {
        u[i] = soft(u[i], threshold);
      }
      return threshold;
    }
  },
  /** {@code ||u||_2^2 + gamma ||u||_1 <= 1}. Mairal et al., JMLR 11 (2010), appendix B. */
  ELASTIC_NET_BALL {
    @Override
    public double project(double[] u, int at, int n, double gamma) {
      if (excess(u, at, n, gamma, 0) <= 0) {
        return 0;
      }
      double low = 0;
      double high = 1;
      while (excess(u, at, n, gamma, high) > 0) {
        low = high;
        high *= 2;
      }
      // The excess falls in the multiplier: halve until no double lies between.
      double middle = 0.5 * (low + high);
      while (middle > low && middle < high) {
        if (excess(u, at, n, gamma, middle) > 0) {
          low = middle;
        } else {
          high = middle;
        }
        middle = 0.5 * (low + high);
      }
      for (int i = at; i < at + n; i++) {
        u[i] = soft(u[i], high * gamma) / (1 + 2 * high);
      }
      return high;
    }
  },
  /** {@code u >= 0, sum u = 1}. Duchi et al., ICML 2008. */
  SIMPLEX {
    @Override
    public double project(double[] u, int at, int n, double gamma) {
      double threshold = threshold(u, at, n, false);
      for (int i = at; i < at + n; i++) {
        u[i] = Math.max(u[i] - threshold, 0);
      }
      return threshold;
    }
  };

  static final Choice CHOICE =
      new Choice(
          "constraint",
          List.of("l2-ball", "l1-ball", "elastic-net-ball", "simplex"),
          "set that atoms are kept in");

  /**
   * Replaces {@code u} by the nearest point of the set.
   *
   * @param u [n] from {@code at}
   * @param gamma of the elastic-net ball, at least 0; not read by others
   * @return the multiplier of the constraint, 0 where {@code u} lay inside (simplex: any sign)
   */
  public abstract double project(double[] u, int at, int n, double gamma);

  /**
   * Replaces {@code u} by the nearest point of the set or of its non-negative part.
   *
   * @return as {@link #project(double[], int, int, double)}
   */
  public final double project(double[] u, int at, int n, double gamma, boolean nonNegative) {
    // The simplex has no other part, and what clipping would lose decides where its point lies.
    if (nonNegative && this != SIMPLEX) {
      for (int i = at; i < at + n; i++) {
        u[i] = Math.max(u[i], 0);
      }
    }
    return project(u, at, n, gamma);
  }

  static AtomSet of(String word) {
    return values()[CHOICE.values().indexOf(word)];
  }

  /**
   * The t with {@code sum max(v_i - t, 0) = 1}: Michelot's fixed point, which drops elements until
   * none is left to drop.
   *
   * @param absolute whether v is |u|
   */
  private static double threshold(double[] u, int at, int n, boolean absolute) {
    double t = Double.NEGATIVE_INFINITY;
    int kept = n + 1;
    while (true) {
      double sum = 0;
      int count = 0;
      for (int i = at; i < at + n; i++) {
        double v = absolute ? Math.abs(u[i]) : u[i];
        if (v > t) {
          sum += v;
          count++;
        }
      }
      if (count >= kept || count == 0) { // more than before: rounding
        return t;
      }
      kept = count;
      t = (sum - 1) / count;
    }
  }

  /** {@code ||w||^2 + gamma ||w||_1 - 1} at {@code w = soft(u, mu gamma) / (1 + 2 mu)}. */
  private static double excess(double[] u, int at, int n, double gamma, double mu) {
    double scale = 1 / (1 + 2 * mu);
    double squares = 0;
    double l1 = 0;
    for (int i = at; i < at + n; i++) {
      double w = Math.max(Math.abs(u[i]) - mu * gamma, 0) * scale;
      squares += w * w;
      l1 += w;
    }
    return squares + gamma * l1 - 1;
  }

  private static double soft(double v, double threshold) {
    return Math.copySign(Math.max(Math.abs(v) - threshold, 0), v);
  }
}

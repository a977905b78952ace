package io.millrace.core.tuning;

import java.util.ArrayList;
import java.util.List;

/**
 * One run of successive halving: rungs with fewer configurations and more resource each.
 *
 * @param configs n, at the lowest rung, at least 1
 * @param resource of the lowest rung
 * @param rungs at least 1
 * @param eta how many times fewer the next rung has, and how many times more resource, at least 2
 */
public record Bracket(int configs, double resource, int rungs, int eta) {
  /** Configurations of a rung: {@code floor(n / eta^rung)}. */
  public int configs(int rung) {
    return configs / power(eta, rung);
  }

  /** Resource that a configuration has had when a rung ends. */
  public double resource(int rung) {
    return resource * power(eta, rung);
  }

  /**
   * The brackets of Hyperband, the one with the most configurations first.
   *
   * @param most R, resource of the highest rung, in units of the least, at least 1
   */
  public static List<Bracket> hyperband(int most, int eta) {
    List<Bracket> brackets = new ArrayList<>();
    int highest = logarithm(most, eta);
    for (int s = highest; s >= 0; s--) {
      long many = (highest + 1L) * power(eta, s);
      int n = Math.toIntExact((many + s) / (s + 1));
      brackets.add(new Bracket(n, (double) most / power(eta, s), s + 1, eta));
    }
    return List.copyOf(brackets);
  }

  /** {@code floor(log_base n)} without a logarithm's last bits. */
  static int logarithm(int n, int base) {
    int k = 0;
    for (int left = n; left >= base; left /= base) {
      k++;
    }
    return k;
  }

  private static int power(int base, int exponent) {
    int p = 1;
    for (int k = 0; k < exponent; k++) {
      p = Math.multiplyExact(p, base);
    }
    return p;
  }
}

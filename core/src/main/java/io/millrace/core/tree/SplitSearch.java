package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.getDouble;
import static io.millrace.core.state.LittleEndian.getInt;

import io.millrace.core.special.Erfc;
import java.util.Arrays;

/**
 * Looks for the test that separates the classes of a leaf best. Of a numeric attribute each class
 * is a normal distribution within what it has been seen to span; thresholds are {@code bins} points
 * of equal distance between the least and the largest value. Of a nominal attribute a test is a
 * branch for each value, or one value against the others.
 *
 * <pre>
 * below(t) of class k = 0 if t &lt; min_k,  n_k if t &gt;= max_k,  else n_k Phi((t - mean_k) / sd_k)
 * gain    = I(n) - sum over branches of share I(branch);  -inf unless two branches have more than minBranch
 * </pre>
 *
 * <p>Of equal gains the first is taken: lowest attribute, then a branch for each value, then lowest
 * threshold or value. An attempt takes attributes x bins x classes calls of Phi. Reused scratch;
 * not thread-safe.
 */
final class SplitSearch {
  private final ClassForm form;
  private final int classes;
  private final double[] own;
  private final double[] branches;
  private double sum;
  private double impurity;

  /** Attribute of the best test, -1: there is none. */
  int attribute;

  int kind;
  double threshold;
  double gain;

  /** Gain of the best test of any other attribute; at least 0, which is what no test brings. */
  double second;

  private int candidateKind;
  private double candidateThreshold;
  private double candidateGain;
  private boolean candidates;

  SplitSearch(ClassForm form) {
    this.form = form;
    this.classes = form.classes();
    this.own = new double[classes];
    this.branches = new double[classes * Math.max(2, form.mostValues())];
  }

  /**
   * Finds the best test.
   *
   * @param tree says what is looked for
   * @return whether the leaf has seen two classes, without which nothing is looked for
   */
  boolean find(HoeffdingTree tree, TreeMemory m, int leaf) {
    int at = m.statistics(leaf);
    int seen = load(tree.impurity(), m.bytes(), at);
    if (seen < 2) {
      return false;
    }
    attribute = -1;
    gain = Double.NEGATIVE_INFINITY;
    second = 0;
    int place = at + form.first();
    for (int i = 0; i < form.observed(); i++) {
      int a = form.draws() ? getInt(m.bytes(), at + form.drawn() + Integer.BYTES * i) : i;
      best(tree, m.bytes(), place, a);
      if (candidates) {
        if (attribute < 0 || candidateGain > gain) {
          second = attribute < 0 ? second : Math.max(second, gain);
          attribute = a;
          kind = candidateKind;
          threshold = candidateThreshold;
          gain = candidateGain;
        } else {
          second = Math.max(second, candidateGain);
        }
      }
      place += form.bytes(a);
    }
    return true;
  }

  /** Own weights of the classes; how many of them have any. */
  private int load(Impurity criterion, byte[] bytes, int at) {
    int seen = 0;
    sum = 0;
    for (int k = 0; k < classes; k++) {
      own[k] = getDouble(bytes, at + ClassForm.OWN + Double.BYTES * k);
      sum += own[k];
      seen += own[k] > 0 ? 1 : 0;
    }
    impurity = seen < 2 ? 0 : criterion.of(own, 0, classes, sum);
    return seen;
  }

  /** The best test of an attribute. */
  private void best(HoeffdingTree tree, byte[] bytes, int place, int a) {
    candidates = false;
    candidateGain = Double.NEGATIVE_INFINITY;
    int values = form.values(a);
    if (values == 0) {
      numeric(tree, bytes, place);
      return;
    }
    if (!tree.binary()) {
      nominal(bytes, place, values);
      offer(TreeMemory.MULTI, 0, gain(tree, values));
    }
    for (int v = 0; v < values; v++) {
      oneAgainst(bytes, place, values, v);
      offer(TreeMemory.ONE, v, gain(tree, 2));
    }
  }

  private void offer(int testKind, double t, double testGain) {
    if (!candidates || testGain > candidateGain) {
      candidateKind = testKind;
      candidateThreshold = t;
      candidateGain = testGain;
      candidates = true;
    }
  }

  private void numeric(HoeffdingTree tree, byte[] bytes, int place) {
    double lo = Double.POSITIVE_INFINITY;
    double hi = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      if (own[k] > 0) {
        int of = place + ClassForm.GAUSSIAN * k;
        lo = Math.min(lo, getDouble(bytes, of + ClassForm.MIN));
        hi = Math.max(hi, getDouble(bytes, of + ClassForm.MAX));
      }
    }
    int bins = tree.bins();
    for (int i = 1; i <= bins; i++) {
      double t = (hi - lo) / (bins + 1) * i + lo;
      if (lo < t && t < hi) {
        below(bytes, place, t);
        offer(TreeMemory.NUMERIC, t, gain(tree, 2));
      }
    }
  }

  /** Weights at most and above a threshold, as two branches. */
  private void below(byte[] bytes, int place, double t) {
    for (int k = 0; k < classes; k++) {
      branches[k] = own[k] > 0 ? below(bytes, place + ClassForm.GAUSSIAN * k, own[k], t) : 0;
      branches[classes + k] = own[k] - branches[k];
    }
  }

  private static double below(byte[] bytes, int of, double n, double t) {
    if (t < getDouble(bytes, of + ClassForm.MIN)) {
      return 0;
    }
    if (t >= getDouble(bytes, of + ClassForm.MAX)) {
      return n;
    }
    double mean = getDouble(bytes, of + ClassForm.MEAN);
    double variance = n > 1 ? getDouble(bytes, of + ClassForm.M2) / (n - 1) : 0;
    if (variance > 0) {
      return n * Erfc.phi((t - mean) / Math.sqrt(variance));
    }
    return t >= mean ? n : 0;
  }

  private void nominal(byte[] bytes, int place, int values) {
    for (int k = 0; k < classes; k++) {
      for (int v = 0; v < values; v++) {
        branches[v * classes + k] = getDouble(bytes, place + Double.BYTES * (k * values + v));
      }
    }
  }

  private void oneAgainst(byte[] bytes, int place, int values, int v) {
    for (int k = 0; k < classes; k++) {
      branches[k] = getDouble(bytes, place + Double.BYTES * (k * values + v));
      branches[classes + k] = own[k] - branches[k];
    }
  }

  /** What the test into these branches brings. */
  private double gain(HoeffdingTree tree, int count) {
    double after = 0;
    int thick = 0;
    for (int b = 0; b < count; b++) {
      double weight = 0;
      for (int k = 0; k < classes; k++) {
        weight += branches[b * classes + k];
      }
      if (weight > 0) {
        double share = weight / sum;
        thick += share > tree.minBranch() ? 1 : 0;
        after += share * tree.impurity().of(branches, b * classes, classes, weight);
      }
    }
    return thick < 2 ? Double.NEGATIVE_INFINITY : impurity - after;
  }

  /** Branches of the best test. */
  int children() {
    return kind == TreeMemory.MULTI ? form.values(attribute) : 2;
  }

  /**
   * Weights of the classes in each branch of the best test, class by class: [branches x classes].
   * Live; good until the next search.
   */
  double[] weights(TreeMemory m, int leaf) {
    int at = m.statistics(leaf);
    int place = at + form.first();
    for (int i = 0; i < form.observed(); i++) {
      int a = form.draws() ? getInt(m.bytes(), at + form.drawn() + Integer.BYTES * i) : i;
      if (a == attribute) {
        break;
      }
      place += form.bytes(a);
    }
    switch (kind) {
      case TreeMemory.NUMERIC -> below(m.bytes(), place, threshold);
      case TreeMemory.ONE -> oneAgainst(m.bytes(), place, form.values(attribute), (int) threshold);
      default -> nominal(m.bytes(), place, form.values(attribute));
    }
    return Arrays.copyOf(branches, children() * classes);
  }
}

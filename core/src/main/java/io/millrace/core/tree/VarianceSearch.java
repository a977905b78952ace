package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.getDouble;

/**
 * Looks for the test that takes the most variance of the target out of a leaf.
 *
 * <pre>
 * two branches: nL nR / n^2 (meanL - meanR)^2      a branch for each value: sum over them of n_b / n (mean_b - mean)^2
 * </pre>
 *
 * <p>Thresholds lie in the middle between neighbouring keys. No branch may have less than the least
 * number of samples; of a branch for each value some may be empty. Of equal ones the first is
 * taken. Reused scratch; not thread-safe.
 */
final class VarianceSearch {
  private final RegressionForm form;
  private final double[] weights;
  private final double[] means;

  /** Attribute of the best test, -1: there is none. */
  int attribute;

  int kind;
  double threshold;
  double reduction;

  /** Of the best test of any other attribute; NaN: no other has one. */
  double second;

  private double least;
  private boolean binary;
  private boolean candidates;
  private int candidateKind;
  private double candidateThreshold;
  private double candidateReduction;

  VarianceSearch(RegressionForm form) {
    this.form = form;
    this.weights = new double[Math.max(2, form.mostValues())];
    this.means = new double[weights.length];
  }

  /** Finds the best test that a rule looks for; whether there is any. */
  boolean find(RegressionTree tree, TreeMemory m, int leaf) {
    least = tree.minSamples();
    binary = tree.binary();
    int at = m.statistics(leaf);
    attribute = -1;
    second = Double.NaN;
    for (int a = 0; a < form.attributes(); a++) {
      best(m.bytes(), at + form.at(a), form.values(a));
      if (!candidates) {
        continue;
      }
      if (attribute < 0 || candidateReduction > reduction) {
        second = attribute < 0 ? Double.NaN : larger(second, reduction);
        attribute = a;
        kind = candidateKind;
        threshold = candidateThreshold;
        reduction = candidateReduction;
      } else {
        second = larger(second, candidateReduction);
      }
    }
    return attribute >= 0;
  }

  private static double larger(double a, double b) {
    return a > b ? a : b; // b where a is NaN
  }

  private void best(byte[] bytes, int at, int values) {
    candidates = false;
    if (values == 0) {
      numeric(bytes, at);
      return;
    }
    if (!binary && eachValue(bytes, at, values)) {
      offer(TreeMemory.MULTI, 0, between(values));
    }
    for (int v = 0; v < values; v++) {
      if (oneAgainst(bytes, at, values, v)) {
        offer(TreeMemory.ONE, v, ofTwo());
      }
    }
  }

  private void offer(int testKind, double t, double r) {
    if (!candidates || r > candidateReduction) {
      candidateKind = testKind;
      candidateThreshold = t;
      candidateReduction = r;
      candidates = true;
    }
  }

  private void numeric(byte[] bytes, int at) {
    int keys = KeyMap.size(bytes, at);
    double all = 0;
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      double n = KeyMap.weight(bytes, at, i);
      all += n;
      sum += n * KeyMap.mean(bytes, at, i);
    }
    double left = 0;
    double leftSum = 0;
    for (int i = 0; i + 1 < keys; i++) {
      double n = KeyMap.weight(bytes, at, i);
      left += n;
      leftSum += n * KeyMap.mean(bytes, at, i);
      if (two(left, leftSum, all, sum)) {
        double t = (KeyMap.key(bytes, at, i) + KeyMap.key(bytes, at, i + 1)) / 2;
        offer(TreeMemory.NUMERIC, t, ofTwo());
      }
    }
  }

  private boolean oneAgainst(byte[] bytes, int at, int values, int value) {
    double all = 0;
    double sum = 0;
    double left = 0;
    double leftSum = 0;
    for (int v = 0; v < values; v++) {
      double n = getDouble(bytes, at + RegressionForm.VALUE * v);
      double s = n * getDouble(bytes, at + RegressionForm.VALUE * v + Double.BYTES);
      all += n;
      sum += s;
      left += v == value ? n : 0;
      leftSum += v == value ? s : 0;
    }
    return two(left, leftSum, all, sum);
  }

  /** Two branches from their sums; whether both are large enough. */
  private boolean two(double left, double leftSum, double all, double sum) {
    double right = all - left;
    if (!(left >= least && right >= least && left > 0 && right > 0)) {
      return false;
    }
    weights[0] = left;
    weights[1] = right;
    means[0] = leftSum / left;
    means[1] = (sum - leftSum) / right;
    return true;
  }

  private double ofTwo() {
    double n = weights[0] + weights[1];
    double d = means[0] - means[1];
    return weights[0] * weights[1] / (n * n) * (d * d);
  }

  private boolean eachValue(byte[] bytes, int at, int values) {
    int full = 0;
    for (int v = 0; v < values; v++) {
      weights[v] = getDouble(bytes, at + RegressionForm.VALUE * v);
      means[v] = getDouble(bytes, at + RegressionForm.VALUE * v + Double.BYTES);
      if (weights[v] > 0 && weights[v] < least) {
        return false;
      }
      full += weights[v] > 0 ? 1 : 0;
    }
    return full > 1;
  }

  private double between(int values) {
    double n = 0;
    double sum = 0;
    for (int v = 0; v < values; v++) {
      n += weights[v];
      sum += weights[v] * means[v];
    }
    double mean = sum / n;
    double r = 0;
    for (int v = 0; v < values; v++) {
      double d = means[v] - mean;
      r += weights[v] / n * (d * d);
    }
    return r;
  }

  int children() {
    return kind == TreeMemory.MULTI ? form.values(attribute) : 2;
  }

  /** Fills in {@link #weight} and {@link #mean} of the best test's branches. */
  void branches(TreeMemory m, int leaf) {
    int at = m.statistics(leaf) + form.at(attribute);
    switch (kind) {
      case TreeMemory.NUMERIC -> numericBranches(m.bytes(), at);
      case TreeMemory.ONE -> oneAgainst(m.bytes(), at, form.values(attribute), (int) threshold);
      default -> eachValue(m.bytes(), at, form.values(attribute));
    }
  }

  private void numericBranches(byte[] bytes, int at) {
    double all = 0;
    double sum = 0;
    double left = 0;
    double leftSum = 0;
    for (int i = 0; i < KeyMap.size(bytes, at); i++) {
      double n = KeyMap.weight(bytes, at, i);
      double s = n * KeyMap.mean(bytes, at, i);
      all += n;
      sum += s;
      if (KeyMap.key(bytes, at, i) <= threshold) {
        left += n;
        leftSum += s;
      }
    }
    two(left, leftSum, all, sum);
  }

  double weight(int branch) {
    return weights[branch];
  }

  double mean(int branch) {
    return means[branch];
  }
}

package io.millrace.client.export;

import io.millrace.client.Model;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What leaves of trees for classes say, as tables with a row for each leaf; see
 * docs/wire-format.md.
 *
 * <pre>
 * log of class k = constant + sum over numeric attributes of curve (x - mean)^2, and of nominal ones of table[x];
 *                  minus infinity where a Gaussian of one point is missed
 * </pre>
 */
final class OnnxClassLeaves {
  private static final int MAJORITY = 1;
  private static final int BAYES = 2;
  private static final int OWN = 3;
  private static final int GAUSSIAN = 4;

  private final Model model;
  private final Map<String, String> config;
  private final List<OnnxTrees.Leaf> leaves;
  private final int classes;
  private final int width;
  private final int[] values;
  private final double[] majority;
  private final double[] majorityWeight;
  private final double[] bayesWeight;
  private final double[] shareOfMajority;
  private final double[] shareOfBayes;
  private final double[] constant;
  private final double[] mean;
  private final double[] curve;
  private final double[] point;

  /** Of a nominal attribute [leaves x values, classes]; null: it is numeric. */
  private final double[][] tables;

  private boolean anyBayes;

  OnnxClassLeaves(Model model, List<OnnxTrees.Leaf> leaves, int width) {
    this.model = model;
    this.config = model.config();
    this.leaves = leaves;
    this.width = width;
    this.classes = model.shape(leaves.get(0).tree() + ".numbers")[1];
    this.values = new int[width];
    this.tables = new double[width][];
    int n = leaves.size();
    for (int a = 0; a < width; a++) {
      values[a] = Integer.parseInt(config.getOrDefault("features.nominal." + a, "0"));
      tables[a] = values[a] == 0 ? null : new double[n * values[a] * classes];
    }
    majority = new double[n * classes];
    majorityWeight = new double[n];
    bayesWeight = new double[n];
    shareOfMajority = new double[n];
    shareOfBayes = new double[n];
    constant = new double[n * classes];
    mean = new double[n * classes * width];
    curve = new double[mean.length];
    point = new double[mean.length];
    Map<String, Tree> trees = new HashMap<>();
    for (int i = 0; i < n; i++) {
      fill(i, leaves.get(i), trees.computeIfAbsent(leaves.get(i).tree(), Tree::new));
    }
  }

  /** Tensors of a tree. */
  private final class Tree {
    final int[] parent;
    final double[] numbers;
    final double[] leaves;
    final int leafColumns;
    final double[] attributes;
    final int observed;

    Tree(String name) {
      double[] nodes = model.tensor(name + ".nodes");
      numbers = model.tensor(name + ".numbers");
      leaves = model.tensor(name + ".leaves");
      leafColumns = model.shape(name + ".leaves")[1];
      boolean drawn = model.tensors().contains(name + ".attributes");
      attributes = drawn ? model.tensor(name + ".attributes") : null;
      observed = drawn ? model.shape(name + ".attributes")[1] : width;
      parent = OnnxTrees.parents(nodes);
    }

    double weight(int node) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += numbers[node * classes + k];
      }
      return sum;
    }
  }

  private void fill(int i, OnnxTrees.Leaf leaf, Tree t) {
    int node = leaf.node();
    while (!(t.weight(node) > 0) && t.parent[node] >= 0) {
      node = t.parent[node];
    }
    majorityWeight[i] = t.weight(node);
    for (int k = 0; k < classes; k++) {
      double n = t.numbers[node * classes + k];
      majority[i * classes + k] = majorityWeight[i] > 0 ? n / majorityWeight[i] : 1.0 / classes;
    }
    shareOfMajority[i] = 1;
    Arrays.fill(constant, i * classes, (i + 1) * classes, Double.NEGATIVE_INFINITY);
    String rule = config.get("model.leaf");
    if (!leaf.active() || rule.equals("majority")) {
      return;
    }
    int at = leaf.place() * t.leafColumns;
    double mc = t.leaves[at + MAJORITY];
    double nb = t.leaves[at + BAYES];
    if (rule.equals("mixture")) {
      double a = StrictMath.exp(Math.min(mc, nb) - mc);
      double b = StrictMath.exp(Math.min(mc, nb) - nb);
      shareOfMajority[i] = a / (a + b);
    } else {
      shareOfMajority[i] = rule.equals("naive-bayes-adaptive") && mc > nb ? 1 : 0;
    }
    shareOfBayes[i] = 1 - shareOfMajority[i];
    if (shareOfBayes[i] > 0) {
      anyBayes = true;
      bayes(i, leaf, t, at);
    }
  }

  private void bayes(int i, OnnxTrees.Leaf leaf, Tree t, int at) {
    for (int k = 0; k < classes; k++) {
      double own = t.leaves[at + OWN + k];
      double count = t.numbers[leaf.node() * classes + k];
      bayesWeight[i] += own;
      if (own > 0 && count > 0) {
        constant[i * classes + k] = StrictMath.log(count / t.weight(leaf.node()));
      }
    }
    int place = at + OWN + classes;
    for (int j = 0; j < t.observed; j++) {
      int a = t.attributes == null ? j : (int) t.attributes[leaf.place() * t.observed + j];
      for (int k = 0; k < classes; k++) {
        double own = t.leaves[at + OWN + k];
        if (values[a] == 0) {
          gaussian(i * classes + k, a, own, t.leaves, place + GAUSSIAN * k);
        } else {
          nominal(i, k, a, own, t.leaves, place + k * values[a]);
        }
      }
      place += classes * (values[a] == 0 ? GAUSSIAN : values[a]);
    }
  }

  private void gaussian(int row, int a, double n, double[] from, int at) {
    double variance = n > 1 ? from[at + 1] / (n - 1) : 0;
    int to = row * width + a;
    mean[to] = from[at];
    if (variance > 0) {
      curve[to] = -1 / (2 * variance);
      constant[row] -= StrictMath.log(variance) / 2 + StrictMath.log(2 * Math.PI) / 2;
    } else if (n > 0) {
      point[to] = 1;
    }
  }

  private void nominal(int i, int k, int a, double n, double[] from, int at) {
    for (int v = 0; v < values[a]; v++) {
      tables[a][(i * values[a] + v) * classes + k] =
          StrictMath.log((from[at + v] + 1) / (n + values[a]));
    }
  }

  int classes() {
    return classes;
  }

  /**
   * Appends what the leaves say.
   *
   * @param x features, float [N, width]
   * @param leaf numbers of leaves, [N, trees]
   * @param smoothed whether votes are smoothed by one row of each class; those of a mixture are
   * @param to name for the votes, double [N, trees, classes]
   */
  void write(OnnxNodes g, String x, String leaf, boolean smoothed, String to) {
    int n = leaves.size();
    table(g, "majority", leaf, majority, n, classes);
    boolean smooth = smoothed || config.get("model.leaf").equals("mixture");
    String plain = smooth ? smooth(g, "majority", "majority.weight", leaf) : "majority";
    if (!anyBayes) {
      g.node("Identity", to, plain);
      return;
    }
    bayes(g, x, leaf);
    String other = smooth ? smoothBayes(g, leaf) : "bayes";
    table(g, "share.majority", leaf, shareOfMajority, n, 1);
    table(g, "share.bayes", leaf, shareOfBayes, n, 1);
    g.node("Mul", "part.majority", "share.majority", plain);
    g.node("Mul", "part.bayes", "share.bayes", other);
    g.node("Add", to, "part.majority", "part.bayes");
  }

  /** A row of a table for each leaf. */
  private static void table(OnnxNodes g, String name, String leaf, double[] rows, int... dims) {
    g.doubles(name + ".table", rows, dims);
    g.node("Gather", name, name + ".table", leaf);
  }

  private String smooth(OnnxNodes g, String votes, String weight, String leaf) {
    table(g, weight, leaf, majorityWeight, leaves.size(), 1);
    return smoothed(g, votes, weight);
  }

  /** {@code (N v + 1) / (N + C)}. */
  private String smoothed(OnnxNodes g, String votes, String weight) {
    g.doubles(votes + ".one", new double[] {1}, 1);
    g.doubles(votes + ".classes", new double[] {classes}, 1);
    g.node("Mul", votes + ".rows", votes, weight);
    g.node("Add", votes + ".more", votes + ".rows", votes + ".one");
    g.node("Add", votes + ".all", weight, votes + ".classes");
    g.node("Div", votes + ".smoothed", votes + ".more", votes + ".all");
    return votes + ".smoothed";
  }

  private String smoothBayes(OnnxNodes g, String leaf) {
    table(g, "bayes.own", leaf, bayesWeight, leaves.size(), 1);
    g.node("Where", "bayes.weight", "spoke", "bayes.own", "majority.weight");
    return smoothed(g, "bayes", "bayes.weight");
  }

  /** Naive Bayes; the majority where it has nothing to say. */
  private void bayes(OnnxNodes g, String x, String leaf) {
    logs(g, x, leaf);
    g.doubles("nothing", new double[] {-Double.MAX_VALUE}, 1);
    g.doubles("zero", new double[] {0}, 1);
    g.node("ReduceMax", "top", Map.of("keepdims", 1L), List.of(2L), "logs");
    g.node("Greater", "spoke", "top", "nothing");
    g.node("Where", "top.finite", "spoke", "top", "zero");
    g.node("Sub", "logs.below", "logs", "top.finite");
    g.node("Exp", "likelihood", "logs.below");
    g.integers("axis.classes", 2);
    g.node("ReduceSum", "likelihood.sum", Map.of("keepdims", 1L), "likelihood", "axis.classes");
    g.node("Div", "likelihood.share", "likelihood", "likelihood.sum");
    g.node("Where", "bayes", "spoke", "likelihood.share", "majority");
  }

  private void logs(OnnxNodes g, String x, String leaf) {
    int n = leaves.size();
    table(g, "constant", leaf, constant, n, classes);
    table(g, "mean", leaf, mean, n, classes, width);
    table(g, "curve", leaf, curve, n, classes, width);
    table(g, "point", leaf, point, n, classes, width);
    g.node("Cast", "x", Map.of("to", (long) OnnxNodes.DOUBLE), x);
    g.integers("shape.row", -1, 1, 1, width);
    g.node("Reshape", "x.row", "x", "shape.row");
    g.node("Sub", "distance", "x.row", "mean");
    g.node("Mul", "distance.square", "distance", "distance");
    g.node("Mul", "curves", "distance.square", "curve");
    g.integers("axis.attributes", 3);
    g.node("ReduceSum", "curves.sum", Map.of("keepdims", 0L), "curves", "axis.attributes");
    g.node("Sign", "distance.sign", "distance");
    g.node("Abs", "missed", "distance.sign");
    g.node("Mul", "missed.points", "missed", "point");
    g.node("ReduceSum", "missed.sum", Map.of("keepdims", 0L), "missed.points", "axis.attributes");
    g.doubles("none", new double[] {0.5}, 1);
    g.doubles("never", new double[] {Double.NEGATIVE_INFINITY}, 1);
    g.node("Greater", "impossible", "missed.sum", "none");
    g.node("Add", "sums.0", "constant", "curves.sum");
    String sums = "sums.0";
    for (int a = 0; a < width; a++) {
      if (values[a] > 0) {
        sums = addNominal(g, a, leaf, sums);
      }
    }
    g.node("Where", "logs", "impossible", "never", sums);
  }

  private String addNominal(OnnxNodes g, int a, String leaf, String sums) {
    String name = "nominal." + a;
    g.integers(name + ".column", a);
    g.integers(name + ".count", values[a]);
    g.doubles(name + ".table", tables[a], leaves.size() * values[a], classes);
    g.node("Gather", name + ".value", Map.of("axis", 1L), "x", name + ".column");
    g.node("Cast", name + ".place", Map.of("to", (long) OnnxNodes.INT64), name + ".value");
    g.node("Mul", name + ".first", leaf, name + ".count");
    g.node("Add", name + ".row", name + ".first", name + ".place");
    g.node("Gather", name + ".logs", name + ".table", name + ".row");
    g.node("Add", name + ".sums", sums, name + ".logs");
    return name + ".sums";
  }
}

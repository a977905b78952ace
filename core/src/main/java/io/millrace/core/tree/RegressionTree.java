package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.addDouble;
import static io.millrace.core.state.LittleEndian.getDouble;
import static io.millrace.core.state.LittleEndian.putDouble;

import io.millrace.core.compute.Elementary;
import io.millrace.core.drift.PageHinkley;
import io.millrace.core.drift.Signal;
import java.util.Arrays;

/**
 * The rule of a Hoeffding tree for numbers, after FIMT-DD. Ikonomovska, Gama, Dzeroski, "Learning
 * Model Trees from Evolving Data Streams", DMKD 2011.
 *
 * <pre>
 * mean      of the leaf, or of the nearest ancestor that has seen anything
 * line      mean_y + 3 sd_y w.z,  z = (x - mean) / (3 sd), 0 where sd = 0; nominal one-hot; bias 1
 *           w += r e z,  e = (y - mean_y) / (3 sd_y) - w.z,  r = min(weight rate / (1 + .001 wn), 1 / z.z)
 * adaptive  the mean where fe &lt; fl, else the line: f = decay f + weight error^2
 * a leaf splits if VR1 &gt; 0, and VR2 / VR1 &lt; 1 - eps or eps &lt; tau,  eps = sqrt(ln(1/delta) / (2n));
 * with one attribute alone if VR1 / var(y) &gt; eps or eps &lt; tau
 * </pre>
 *
 * <p>A leaf tries to split each time that its node has seen a weight of {@code grace} more, what it
 * began with included; n in eps is the weight that the leaf itself has seen.
 *
 * <p>Errors go into a Page-Hinkley test at every inner node of the path, root first; the first one
 * that fires becomes a leaf again. Deviations from the paper: a leaf keeps a bounded number of keys
 * of each attribute instead of every value; a subtree is dropped at once; children begin with the
 * line and the means of their side. Immutable; what is learned lies in the bytes of a {@link
 * TreeMemory}. A row costs depth + 20 d flops, and as many more as there are keys.
 *
 * @param grace weight between two attempts of a leaf to split
 * @param delta probability of a wrong choice of attribute, in (0, 1)
 * @param tau bound of eps under which a tie is broken
 * @param minSamples least weight of a branch
 * @param decay of the errors by which adaptive leaves choose, in [0, 1]
 * @param rate learning rate of the line
 * @param rateDecay how fast it falls with the weight that the line has seen
 * @param binary whether a nominal test is one value against the others alone
 * @param maxDepth largest depth of a leaf
 * @param maxNodes most nodes
 * @param maxBytes most bytes of nodes and statistics
 * @param test what lets a subtree go; null: nothing does
 */
public record RegressionTree(
    RegressionForm form,
    RegressionLeaf leaf,
    double grace,
    double delta,
    double tau,
    double minSamples,
    double decay,
    double rate,
    double rateDecay,
    boolean binary,
    int maxDepth,
    int maxNodes,
    long maxBytes,
    PageHinkley test) {
  private static final int N = 0;
  private static final int MEAN = 8;
  private static final int M2 = 16;

  /** An empty tree. */
  public byte[] root(RegressionScratch s) {
    return s.memory().root(0);
  }

  /** What the tree says of a row; fills in what {@link #learn} needs. */
  public double predict(TreeMemory m, double[] x, int from, RegressionScratch s) {
    s.leaf = m.route(x, from);
    int node = s.leaf;
    while (!(getDouble(m.bytes(), m.own(node) + N) > 0) && m.parent(node) >= 0) {
      node = m.parent(node);
    }
    s.mean = getDouble(m.bytes(), m.own(node) + MEAN);
    int at = m.statistics(s.leaf);
    double sd = deviation(m.bytes(), m.whole());
    double line = sd > 0 ? line(m, at, x, from, s.z) : 0;
    s.line = getDouble(m.bytes(), m.whole() + MEAN) + 3 * sd * line;
    s.prediction =
        switch (leaf) {
          case MEAN -> s.mean;
          case LINEAR -> s.line;
          case ADAPTIVE ->
              getDouble(m.bytes(), at + RegressionForm.MEAN_ERROR)
                      < getDouble(m.bytes(), at + RegressionForm.LINE_ERROR)
                  ? s.mean
                  : s.line;
        };
    return s.prediction;
  }

  /** {@code w.z}; fills in z, the bias at its end. */
  private double line(TreeMemory m, int leafAt, double[] x, int from, double[] z) {
    scale(m, x, from, z);
    double sum = 0;
    for (int i = 0; i < z.length; i++) {
      sum += getDouble(m.bytes(), leafAt + RegressionForm.LINE + Double.BYTES * i) * z[i];
    }
    return sum;
  }

  private void scale(TreeMemory m, double[] x, int from, double[] z) {
    int i = 0;
    for (int a = 0; a < form.attributes(); a++) {
      double v = x[from + a];
      int values = form.values(a);
      if (values == 0) {
        int at = m.whole() + form.scaleAt(a);
        double n = getDouble(m.bytes(), m.whole() + N);
        double sd = deviation(getDouble(m.bytes(), at + Double.BYTES), n);
        z[i++] = sd > 0 ? (v - getDouble(m.bytes(), at)) / (3 * sd) : 0;
      } else {
        Arrays.fill(z, i, i + values, 0);
        z[i + (int) v] = 1;
        i += values;
      }
    }
    z[i] = 1;
  }

  private static double deviation(byte[] bytes, int whole) {
    return deviation(getDouble(bytes, whole + M2), getDouble(bytes, whole + N));
  }

  private static double deviation(double m2, double n) {
    return n > 0 ? Math.sqrt(m2 / n) : 0;
  }

  /**
   * Learns a row that has just been predicted.
   *
   * @param m aimed at the tree; its array may be another one afterwards
   * @param y target
   * @param w weight, finite and at least 0
   * @return false: the errors would not be finite; nothing has changed
   */
  public boolean learn(
      TreeMemory m, double[] x, int from, double y, double w, RegressionScratch s) {
    double ofMean = w * (y - s.mean) * (y - s.mean);
    double ofLine = w * (y - s.line) * (y - s.line);
    double sd = deviation(m.bytes(), m.whole());
    double error = sd > 0 ? Math.abs(y - s.prediction) / (3 * sd) : 0;
    if (!(ofMean < Double.POSITIVE_INFINITY && ofLine < Double.POSITIVE_INFINITY)
        || !(error < Double.POSITIVE_INFINITY)) {
      return false;
    }
    m.setCalls(m.calls() + 1);
    if (w == 0) {
      return true;
    }
    int at = m.statistics(s.leaf);
    fade(m.bytes(), at + RegressionForm.MEAN_ERROR, ofMean);
    fade(m.bytes(), at + RegressionForm.LINE_ERROR, ofLine);
    int leafNode = s.leaf;
    if (test != null && sd > 0) {
      leafNode = regrow(m, x, from, error, s);
    }
    count(m, leafNode, x, from, y, w);
    stepLine(m, m.statistics(leafNode), x, from, y, w, s);
    observe(m, m.statistics(leafNode), x, from, y, w);
    attemptIfDue(m, leafNode, s);
    return true;
  }

  private void fade(byte[] bytes, int at, double error) {
    putDouble(bytes, at, decay * getDouble(bytes, at) + error);
  }

  /** Tests the inner nodes of the path; the leaf that it ends in now. */
  private int regrow(TreeMemory m, double[] x, int from, double error, RegressionScratch s) {
    double[] numbers = s.test;
    int node = 0;
    while (!m.isLeaf(node)) {
      int at = m.own(node) + RegressionForm.TEST;
      for (int i = 0; i < PageHinkley.LENGTH; i++) {
        numbers[i] = getDouble(m.bytes(), at + Double.BYTES * i);
      }
      Signal signal = test.add(numbers, 0, error);
      for (int i = 0; i < PageHinkley.LENGTH; i++) {
        putDouble(m.bytes(), at + Double.BYTES * i, numbers[i]);
      }
      if (signal == Signal.ROSE || signal == Signal.FELL) {
        cut(m, node, s);
        return node;
      }
      node = m.next(node, x, from);
    }
    return node;
  }

  /** Makes an inner node a leaf, with the line of its leftmost leaf. */
  private void cut(TreeMemory m, int node, RegressionScratch s) {
    int leftmost = node;
    while (!m.isLeaf(leftmost)) {
      leftmost = m.firstChild(leftmost);
    }
    double[] line = s.inherited;
    int from = m.statistics(leftmost) + RegressionForm.LINE;
    for (int i = 0; i < line.length; i++) {
      line[i] = getDouble(m.bytes(), from + Double.BYTES * i);
    }
    int[] place = s.places(m.nodes());
    int kept = 0;
    for (int i = 0; i < m.nodes(); i++) {
      int parent = m.parent(i);
      boolean below = parent >= 0 && (parent == node || place[parent] < 0);
      place[i] = below ? -1 : kept++;
    }
    m.close(node);
    m.assemble(place);
    int own = m.own(node); // its place is as before: what is left out stood behind it
    Arrays.fill(m.bytes(), own, own + RegressionForm.TEST, (byte) 0);
    for (int i = 0; i < line.length; i++) {
      putDouble(m.bytes(), m.statistics(node) + RegressionForm.LINE + Double.BYTES * i, line[i]);
    }
    s.watch().regrown(m.id(node));
  }

  /** Counts the row at the root's scales, on the path and at the leaf. */
  private void count(TreeMemory m, int leafNode, double[] x, int from, double y, double w) {
    byte[] bytes = m.bytes();
    int whole = m.whole();
    double n = getDouble(bytes, whole + N) + w;
    putDouble(bytes, whole + N, n);
    welford(bytes, whole + MEAN, whole + M2, n, y, w);
    for (int a = 0; a < form.attributes(); a++) {
      if (form.values(a) == 0) {
        int at = whole + form.scaleAt(a);
        welford(bytes, at, at + Double.BYTES, n, x[from + a], w);
      }
    }
    for (int node = leafNode; node >= 0; node = m.parent(node)) {
      int at = m.own(node);
      double k = getDouble(bytes, at + N) + w;
      double mean = getDouble(bytes, at + MEAN);
      putDouble(bytes, at + N, k);
      putDouble(bytes, at + MEAN, mean + w * (y - mean) / k);
    }
    int at = m.statistics(leafNode);
    double own = getDouble(bytes, at + RegressionForm.N) + w;
    putDouble(bytes, at + RegressionForm.N, own);
    welford(bytes, at + RegressionForm.MEAN, at + RegressionForm.M2, own, y, w);
  }

  /** Moves a mean and a sum of squares on; {@code n} counts the value already. */
  private static void welford(byte[] bytes, int mean, int m2, double n, double v, double w) {
    double before = getDouble(bytes, mean);
    double d = v - before;
    double after = before + w * d / n;
    putDouble(bytes, mean, after);
    addDouble(bytes, m2, w * d * (v - after));
  }

  private void stepLine(
      TreeMemory m, int at, double[] x, int from, double y, double w, RegressionScratch s) {
    byte[] bytes = m.bytes();
    addDouble(bytes, at + RegressionForm.LINE_WEIGHT, w);
    double sd = deviation(bytes, m.whole());
    if (!(sd > 0)) {
      return;
    }
    double[] z = s.z;
    double e = (y - getDouble(bytes, m.whole() + MEAN)) / (3 * sd) - line(m, at, x, from, z);
    double squares = 0;
    for (double v : z) {
      squares += v * v;
    }
    double seen = getDouble(bytes, at + RegressionForm.LINE_WEIGHT);
    double r = Math.min(w * rate / (1 + rateDecay * seen), 1 / squares);
    for (int i = 0; i < z.length; i++) {
      addDouble(bytes, at + RegressionForm.LINE + Double.BYTES * i, r * e * z[i]);
    }
  }

  private void observe(TreeMemory m, int at, double[] x, int from, double y, double w) {
    for (int a = 0; a < form.attributes(); a++) {
      int place = at + form.at(a);
      double v = x[from + a];
      if (form.values(a) == 0) {
        KeyMap.add(m.bytes(), place, form.keys(), v, y, w);
      } else {
        int value = place + RegressionForm.VALUE * (int) v;
        double n = getDouble(m.bytes(), value) + w;
        double mean = getDouble(m.bytes(), value + Double.BYTES);
        putDouble(m.bytes(), value, n);
        putDouble(m.bytes(), value + Double.BYTES, mean + w * (y - mean) / n);
      }
    }
  }

  private void attemptIfDue(TreeMemory m, int leafNode, RegressionScratch s) {
    int at = m.statistics(leafNode);
    double all = getDouble(m.bytes(), m.own(leafNode) + N);
    double last = getDouble(m.bytes(), at + RegressionForm.LAST);
    if (m.depth(leafNode) >= maxDepth || all - last < grace) {
      return;
    }
    putDouble(m.bytes(), at + RegressionForm.LAST, all);
    double n = getDouble(m.bytes(), at + RegressionForm.N);
    VarianceSearch found = s.search();
    if (!found.find(this, m, leafNode)) {
      return;
    }
    double eps = Math.sqrt(Elementary.log(1 / delta) / (2 * n));
    boolean alone = Double.isNaN(found.second);
    double ratio = alone ? Double.NaN : found.second / found.reduction;
    double variance = getDouble(m.bytes(), at + RegressionForm.M2) / n;
    boolean ahead = alone ? found.reduction / variance > eps : ratio < 1 - eps;
    boolean splits = found.reduction > 0 && (ahead || eps < tau) && hasRoom(m, found.children());
    s.watch().attempt(m.id(leafNode), found.attribute, found.reduction, ratio, eps, splits);
    if (splits) {
      split(m, leafNode, s);
    }
  }

  /** Whether a leaf can become so many. */
  private boolean hasRoom(TreeMemory m, int children) {
    long bytes = m.counted() + (long) children * m.nodeBytes() + (children - 1L) * m.leafBytes();
    return m.nodes() + children <= maxNodes && bytes <= maxBytes;
  }

  private void split(TreeMemory m, int leafNode, RegressionScratch s) {
    VarianceSearch found = s.search();
    found.branches(m, leafNode);
    int copied = RegressionForm.LINE + Double.BYTES * (form.inputs() + 1);
    byte[] before =
        Arrays.copyOfRange(m.bytes(), m.statistics(leafNode), m.statistics(leafNode) + copied);
    int children = found.children();
    int id = m.id(leafNode);
    int first = m.split(leafNode, found.kind, found.attribute, found.threshold, children);
    int inherited = RegressionForm.LINE_WEIGHT;
    for (int b = 0; b < children; b++) {
      m.wake(first + b);
      putDouble(m.bytes(), m.own(first + b) + N, found.weight(b));
      putDouble(m.bytes(), m.own(first + b) + MEAN, found.mean(b));
      System.arraycopy(
          before, inherited, m.bytes(), m.statistics(first + b) + inherited, copied - inherited);
    }
    s.watch().split(id, found.kind, found.attribute, found.threshold, found.reduction, m.made());
  }
}

package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.addDouble;
import static io.millrace.core.state.LittleEndian.getDouble;
import static io.millrace.core.state.LittleEndian.getInt;
import static io.millrace.core.state.LittleEndian.putDouble;
import static io.millrace.core.state.LittleEndian.putInt;

import io.millrace.core.compute.Elementary;

/**
 * The rule of a Hoeffding tree for classes. Domingos, Hulten, "Mining High-Speed Data Streams", KDD
 * 2000; leaves: Gama, Rocha, Medas, "Accurate Decision Trees for Mining High-Speed Data Streams",
 * KDD 2003, and Holmes, Kirkby, Pfahringer, "Stress-Testing Hoeffding Trees", PKDD 2005.
 *
 * <pre>
 * a leaf looks for a test each time that it has seen a weight of `grace` more, n in all:
 * eps = R sqrt(ln(1/delta) / (2n)),  R = log2 C (information gain) or 1 (Gini)
 * it splits by the best attribute if its gain G1 &gt; 0, and G1 - G2 &gt; eps or eps &lt; tau;  G2 = max(0, second)
 * </pre>
 *
 * <p>Deviations from the papers: n is the weight that the leaf itself has seen; the test that
 * splits nothing has the gain 0; published probabilities are smoothed by one row of each class;
 * leaves may mix their two votes by their losses. Immutable; what is learned lies in the bytes of a
 * {@link TreeMemory}. A row costs depth + 10 d C flops and, unless leaves vote by majority, d C
 * logarithms.
 *
 * @param form attributes and classes
 * @param grace weight between two attempts of a leaf to split, above 0
 * @param delta probability of a wrong choice of attribute, in (0, 1)
 * @param tau bound of eps under which a tie is broken
 * @param bins thresholds that are tried of a numeric attribute
 * @param binary whether a nominal test is one value against the others alone
 * @param minBranch share that two branches must pass
 * @param maxDepth largest depth of a leaf
 * @param maxNodes most nodes
 * @param maxBytes most bytes of nodes and statistics
 * @param review calls of learn between two reviews of which leaves are parked
 */
public record HoeffdingTree(
    ClassForm form,
    LeafRule rule,
    Impurity impurity,
    double grace,
    double delta,
    double tau,
    int bins,
    boolean binary,
    double minBranch,
    int maxDepth,
    int maxNodes,
    long maxBytes,
    long review) {
  private static final double HALF_LN_2_PI = Elementary.log(2 * Math.PI) / 2;

  /** Most bytes of a tree's array. */
  long mostBytes() {
    return form.memory().length(maxBytes);
  }

  /** An empty tree. */
  public byte[] root(long serial, TreeScratch s) {
    byte[] root = s.memory().root(serial);
    s.memory().aim(root);
    begin(s.memory(), 0, s);
    return root;
  }

  /** Starts an active leaf whose statistics are zeros. */
  private void begin(TreeMemory m, int leaf, TreeScratch s) {
    if (form.draws()) {
      int[] subset = s.subsets().draw(m.serial(), m.id(leaf));
      int at = m.statistics(leaf) + form.drawn();
      for (int i = 0; i < subset.length; i++) {
        putInt(m.bytes(), at + Integer.BYTES * i, subset[i]);
      }
    }
  }

  /**
   * What the tree says of a row.
   *
   * @param x attributes from {@code from} on
   * @param out overwritten
   */
  public void vote(TreeMemory m, double[] x, int from, LeafVotes out) {
    int leaf = m.route(x, from);
    out.leaf = leaf;
    out.weight = majority(m, leaf, out);
    out.bayesSpoke = false;
    out.bayesWeight = 0;
    boolean active = m.isActive(leaf);
    if (active && rule != LeafRule.MAJORITY) {
      bayes(m, leaf, x, from, out);
    }
    switch (active ? rule : LeafRule.MAJORITY) {
      case MAJORITY -> publish(out.majority, out.majorityWeight, out);
      case NAIVE_BAYES -> publishBayes(out);
      case NAIVE_BAYES_ADAPTIVE -> {
        int at = m.statistics(leaf);
        double mc = getDouble(m.bytes(), at + ClassForm.MAJORITY);
        double nb = getDouble(m.bytes(), at + ClassForm.BAYES);
        if (mc > nb) {
          publish(out.majority, out.majorityWeight, out);
        } else {
          publishBayes(out);
        }
      }
      case MIXTURE -> mix(m.bytes(), m.statistics(leaf), out);
    }
  }

  /** Shares of the classes; the weight at the leaf itself. */
  private double majority(TreeMemory m, int leaf, LeafVotes out) {
    double own = weight(m, leaf);
    double weight = own;
    int node = leaf;
    while (!(weight > 0) && m.parent(node) >= 0) {
      node = m.parent(node);
      weight = weight(m, node);
    }
    int classes = form.classes();
    int at = m.own(node);
    for (int k = 0; k < classes; k++) {
      double n = getDouble(m.bytes(), at + Double.BYTES * k);
      out.majority[k] = weight > 0 ? n / weight : 1.0 / classes;
    }
    out.majorityWeight = weight;
    return own;
  }

  private double weight(TreeMemory m, int node) {
    double sum = 0;
    int at = m.own(node);
    for (int k = 0; k < form.classes(); k++) {
      sum += getDouble(m.bytes(), at + Double.BYTES * k);
    }
    return sum;
  }

  /** Naive Bayes over the observed attributes, among the classes that the leaf itself has seen. */
  private void bayes(TreeMemory m, int leaf, double[] x, int from, LeafVotes out) {
    int classes = form.classes();
    byte[] bytes = m.bytes();
    int at = m.statistics(leaf);
    double[] log = out.bayes;
    double n = 0;
    for (int k = 0; k < classes; k++) {
      double own = getDouble(bytes, at + ClassForm.OWN + Double.BYTES * k);
      double count = getDouble(bytes, m.own(leaf) + Double.BYTES * k);
      n += own;
      log[k] = count > 0 && own > 0 ? Elementary.log(count / out.weight) : Double.NEGATIVE_INFINITY;
    }
    out.bayesWeight = n;
    int place = at + form.first();
    for (int i = 0; i < form.observed(); i++) {
      int a = form.draws() ? getInt(bytes, at + form.drawn() + Integer.BYTES * i) : i;
      for (int k = 0; k < classes; k++) {
        if (log[k] > Double.NEGATIVE_INFINITY) {
          double own = getDouble(bytes, at + ClassForm.OWN + Double.BYTES * k);
          log[k] +=
              form.values(a) == 0
                  ? gaussian(bytes, place + ClassForm.GAUSSIAN * k, own, x[from + a])
                  : nominal(bytes, place, form.values(a), k, own, x[from + a]);
        }
      }
      place += form.bytes(a);
    }
    softmax(log, out);
  }

  private static double gaussian(byte[] bytes, int of, double n, double x) {
    double mean = getDouble(bytes, of + ClassForm.MEAN);
    double variance = n > 1 ? getDouble(bytes, of + ClassForm.M2) / (n - 1) : 0;
    if (variance > 0) {
      double d = x - mean;
      return -Elementary.log(variance) / 2 - HALF_LN_2_PI - d * d / (2 * variance);
    }
    return x == mean ? 0 : Double.NEGATIVE_INFINITY;
  }

  private static double nominal(byte[] bytes, int of, int values, int k, double n, double x) {
    double seen = getDouble(bytes, of + Double.BYTES * (k * values + (int) x));
    return Elementary.log((seen + 1) / (n + values));
  }

  /** Logarithms to shares; the majority where none is left. */
  private void softmax(double[] log, LeafVotes out) {
    double top = Double.NEGATIVE_INFINITY;
    for (double v : log) {
      top = Math.max(top, v);
    }
    out.bayesSpoke = top > Double.NEGATIVE_INFINITY;
    if (!out.bayesSpoke) {
      System.arraycopy(out.majority, 0, log, 0, log.length);
      return;
    }
    double sum = 0;
    for (int k = 0; k < log.length; k++) {
      log[k] = Elementary.exp(log[k] - top);
      sum += log[k];
    }
    for (int k = 0; k < log.length; k++) {
      log[k] /= sum;
    }
  }

  private void publish(double[] vote, double weight, LeafVotes out) {
    for (int k = 0; k < vote.length; k++) {
      out.vote[k] = vote[k];
      out.probability[k] = LeafVotes.smoothed(vote[k], weight, vote.length);
    }
  }

  private void publishBayes(LeafVotes out) {
    publish(out.bayes, out.bayesSpoke ? out.bayesWeight : out.majorityWeight, out);
  }

  /** Both votes, smoothed, weighted by e to the power of minus their losses. */
  private void mix(byte[] bytes, int at, LeafVotes out) {
    double lossOfMajority = getDouble(bytes, at + ClassForm.MAJORITY);
    double lossOfBayes = getDouble(bytes, at + ClassForm.BAYES);
    double least = Math.min(lossOfMajority, lossOfBayes);
    double a = Elementary.exp(least - lossOfMajority);
    double b = Elementary.exp(least - lossOfBayes);
    for (int k = 0; k < out.vote.length; k++) {
      out.vote[k] = (a * smoothedMajority(out, k) + b * smoothedBayes(out, k)) / (a + b);
      out.probability[k] = out.vote[k];
    }
  }

  private static double smoothedMajority(LeafVotes v, int k) {
    return LeafVotes.smoothed(v.majority[k], v.majorityWeight, v.majority.length);
  }

  private static double smoothedBayes(LeafVotes v, int k) {
    double n = v.bayesSpoke ? v.bayesWeight : v.majorityWeight;
    return LeafVotes.smoothed(v.bayes[k], n, v.bayes.length);
  }

  /**
   * Learns a row.
   *
   * @param m aimed at the tree; its array may be another one afterwards
   * @param x attributes from {@code from} on
   * @param w weight, finite and at least 0; 0: nothing is learned, but the call counts
   * @param votes of the tree for this row; overwritten where they are made anew
   */
  public void learn(
      TreeMemory m, double[] x, int from, int y, double w, LeafVotes votes, TreeScratch s) {
    long calls = m.calls() + 1;
    m.setCalls(calls);
    if (calls % review == 0 && enforce(m, s)) {
      vote(m, x, from, votes);
    }
    if (w == 0) {
      return;
    }
    int leaf = votes.leaf;
    boolean active = m.isActive(leaf);
    if (active && votes.weight > 0) {
      judge(m, y, w, votes);
    }
    addDouble(m.bytes(), m.own(leaf) + Double.BYTES * y, w);
    if (active) {
      observe(m, leaf, x, from, y, w);
      attemptIfDue(m, leaf, s);
    }
  }

  /** Keeps within the bytes; whether other leaves are active than before. */
  private boolean enforce(TreeMemory m, TreeScratch s) {
    boolean[] woken = LeafBudget.enforce(m, form.classes(), maxBytes, s);
    if (woken == null) {
      return false;
    }
    for (int i = 0; i < m.nodes(); i++) {
      if (woken[i]) {
        begin(m, i, s);
      }
    }
    return true;
  }

  /** Takes note of how well the two ways to vote have done. */
  private void judge(TreeMemory m, int y, double w, LeafVotes v) {
    int at = m.statistics(v.leaf);
    switch (rule) {
      case NAIVE_BAYES_ADAPTIVE -> {
        if (LeafVotes.best(v.majority) == y) {
          addDouble(m.bytes(), at + ClassForm.MAJORITY, w);
        }
        if (LeafVotes.best(v.bayes) == y) {
          addDouble(m.bytes(), at + ClassForm.BAYES, w);
        }
      }
      case MIXTURE -> {
        double majority = -w * Elementary.log(smoothedMajority(v, y));
        double bayes = -w * Elementary.log(smoothedBayes(v, y));
        addDouble(m.bytes(), at + ClassForm.MAJORITY, majority);
        addDouble(m.bytes(), at + ClassForm.BAYES, bayes);
      }
      default -> {} // the others have nothing to choose
    }
  }

  private void observe(TreeMemory m, int leaf, double[] x, int from, int y, double w) {
    byte[] bytes = m.bytes();
    int at = m.statistics(leaf);
    int ownAt = at + ClassForm.OWN + Double.BYTES * y;
    double before = getDouble(bytes, ownAt);
    putDouble(bytes, ownAt, before + w);
    int place = at + form.first();
    for (int i = 0; i < form.observed(); i++) {
      int a = form.draws() ? getInt(bytes, at + form.drawn() + Integer.BYTES * i) : i;
      double v = x[from + a];
      int values = form.values(a);
      if (values == 0) {
        observe(bytes, place + ClassForm.GAUSSIAN * y, before, v, w);
      } else {
        addDouble(bytes, place + Double.BYTES * (y * values + (int) v), w);
      }
      place += form.bytes(a);
    }
  }

  private static void observe(byte[] bytes, int of, double before, double x, double w) {
    double mean = getDouble(bytes, of + ClassForm.MEAN);
    double d = x - mean;
    mean += w / (before + w) * d; // exact for the first value, whatever its weight
    putDouble(bytes, of + ClassForm.MEAN, mean);
    addDouble(bytes, of + ClassForm.M2, w * d * (x - mean));
    if (!(before > 0) || x < getDouble(bytes, of + ClassForm.MIN)) {
      putDouble(bytes, of + ClassForm.MIN, x);
    }
    if (!(before > 0) || x > getDouble(bytes, of + ClassForm.MAX)) {
      putDouble(bytes, of + ClassForm.MAX, x);
    }
  }

  private double ownWeight(TreeMemory m, int leaf) {
    int at = m.statistics(leaf) + ClassForm.OWN;
    double n = 0;
    for (int k = 0; k < form.classes(); k++) {
      n += getDouble(m.bytes(), at + Double.BYTES * k);
    }
    return n;
  }

  private void attemptIfDue(TreeMemory m, int leaf, TreeScratch s) {
    double n = ownWeight(m, leaf);
    int last = m.statistics(leaf) + ClassForm.LAST;
    if (m.depth(leaf) >= maxDepth || n - getDouble(m.bytes(), last) < grace) {
      return;
    }
    putDouble(m.bytes(), last, n);
    SplitSearch found = s.search();
    if (!found.find(this, m, leaf)) {
      return;
    }
    double range = impurity.range(form.classes());
    double eps = range * Math.sqrt(Elementary.log(1 / delta) / (2 * n));
    boolean wanted = found.gain > 0 && (found.gain - found.second > eps || eps < tau);
    boolean splits = wanted && hasRoom(m, found.children());
    s.watch().attempt(m.id(leaf), found.attribute, found.gain, found.second, eps, splits);
    if (splits) {
      split(m, leaf, s);
    }
  }

  /** Whether there may be so many nodes more; leaves can be parked, nodes cannot. */
  private boolean hasRoom(TreeMemory m, int children) {
    int nodes = m.nodes() + children;
    return nodes <= maxNodes && (long) nodes * m.nodeBytes() <= maxBytes;
  }

  private void split(TreeMemory m, int leaf, TreeScratch s) {
    SplitSearch test = s.search();
    int children = test.children();
    int classes = form.classes();
    double[] weights = test.weights(m, leaf);
    int id = m.id(leaf);
    int first = m.split(leaf, test.kind, test.attribute, test.threshold, children);
    for (int b = 0; b < children; b++) {
      for (int k = 0; k < classes; k++) {
        putDouble(m.bytes(), m.own(first + b) + Double.BYTES * k, weights[b * classes + k]);
      }
    }
    long bytes = m.counted() + (long) children * m.leafBytes();
    if (m.active() + children == m.leaves() && bytes <= maxBytes) {
      for (int b = 0; b < children; b++) {
        m.wake(first + b);
        begin(m, first + b, s);
      }
    } else {
      enforce(m, s);
    }
    s.watch().split(id, test.kind, test.attribute, test.threshold, test.gain, m.made());
  }
}

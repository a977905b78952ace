package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.getDouble;
import static io.millrace.core.state.LittleEndian.getInt;
import static io.millrace.core.state.LittleEndian.putDouble;
import static io.millrace.core.state.LittleEndian.putInt;

import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.state.StateException;

/**
 * A tree as tensors, and back. With N nodes, of which A are active leaves:
 *
 * <pre>
 * NAME.nodes       N x 7   kind (0 leaf, 1 x &lt;= threshold, 2 x = threshold, 3 a branch for each value), attribute,
 *                          threshold or value, first child, children, whether it is an active leaf, id
 * NAME.numbers     N x .   what the rule keeps of each node
 * NAME.leaves      A x .   what the rule keeps of each active leaf, in the order of the nodes
 * NAME.attributes  A x m   attributes that each of them observes; only where these are drawn
 * NAME.whole       .       calls of learn, serial, nodes ever made, then what the rule keeps of the whole tree
 * </pre>
 *
 * <p>All are exact: a rounded threshold sends rows elsewhere. A tree that is read again answers
 * every row as the one that was written, and goes on as it would have.
 */
final class TreeTensors {
  private static final int COLUMNS = 7;
  private static final int KIND = 0;
  private static final int ATTRIBUTE = 1;
  private static final int THRESHOLD = 2;
  private static final int FIRST_CHILD = 3;
  private static final int CHILDREN = 4;
  private static final int ACTIVE = 5;
  private static final int ID = 6;

  private static final int CALLS = 0;
  private static final int SERIAL = 1;
  private static final int MADE = 2;
  private static final int WHOLE = 3;

  /** Tensors of a tree at most, and bytes of the name and shape of one at most. */
  private static final long TENSORS = 5;

  private static final long DESCRIPTION = 64;

  /** Most of what is counted, so that it is exact as a double. */
  private static final double LARGEST_COUNT = 1L << 53;

  private final int[] values;
  private final int wholeNumbers;
  private final int nodeNumbers;
  private final int leafNumbers;
  private final int drawnAt;
  private final int drawn;
  private final int drawnBytes;

  /**
   * Tensors of trees.
   *
   * @param values of each attribute: 0 numeric, else how many it has
   * @param m a view of such trees
   * @param drawnAt where the drawn attributes begin among a leaf's statistics
   * @param drawn how many are drawn; 0: all are observed
   */
  TreeTensors(int[] values, TreeMemory m, int drawnAt, int drawn) {
    this.values = values;
    this.wholeNumbers = m.wholeBytes() / Double.BYTES;
    this.nodeNumbers = (m.nodeBytes() - TreeMemory.NODE) / Double.BYTES;
    this.drawnAt = drawnAt;
    this.drawn = drawn;
    this.drawnBytes = Double.BYTES * ((drawn + 1) / 2);
    this.leafNumbers = (m.leafBytes() - drawnBytes) / Double.BYTES;
  }

  /** Writes a tree. */
  void write(String name, TreeMemory m, ModelWriter out) {
    int n = m.nodes();
    double[] nodes = new double[n * COLUMNS];
    double[] numbers = new double[n * nodeNumbers];
    double[] leaves = new double[m.active() * leafNumbers];
    double[] attributes = new double[m.active() * drawn];
    int leaf = 0;
    for (int i = 0; i < n; i++) {
      writeNode(m, i, nodes, i * COLUMNS);
      copyOut(m.bytes(), m.own(i), numbers, i * nodeNumbers, nodeNumbers);
      if (m.isActive(i)) {
        writeLeaf(m, i, leaves, leaf * leafNumbers, attributes, leaf * drawn);
        leaf++;
      }
    }
    double[] whole = new double[WHOLE + wholeNumbers];
    whole[CALLS] = m.calls();
    whole[SERIAL] = m.serial();
    whole[MADE] = m.made();
    copyOut(m.bytes(), m.whole(), whole, WHOLE, wholeNumbers);
    out.exact(name + ".nodes", new int[] {n, COLUMNS}, nodes);
    out.exact(name + ".numbers", new int[] {n, nodeNumbers}, numbers);
    out.exact(name + ".leaves", new int[] {leaf, leafNumbers}, leaves);
    if (drawn > 0) {
      out.exact(name + ".attributes", new int[] {leaf, drawn}, attributes);
    }
    out.exact(name + ".whole", new int[] {whole.length}, whole);
  }

  private static void writeNode(TreeMemory m, int i, double[] nodes, int at) {
    boolean leaf = m.isLeaf(i);
    nodes[at + KIND] = m.kind(i);
    nodes[at + ATTRIBUTE] = m.attribute(i);
    nodes[at + THRESHOLD] = m.threshold(i);
    nodes[at + FIRST_CHILD] = leaf ? -1 : m.firstChild(i);
    nodes[at + CHILDREN] = m.children(i);
    nodes[at + ACTIVE] = m.isActive(i) ? 1 : 0;
    nodes[at + ID] = m.id(i);
  }

  private void writeLeaf(
      TreeMemory m, int i, double[] leaves, int at, double[] attributes, int attributesAt) {
    int from = m.statistics(i);
    int before = drawn == 0 ? leafNumbers : drawnAt / Double.BYTES;
    copyOut(m.bytes(), from, leaves, at, before);
    copyOut(m.bytes(), from + drawnAt + drawnBytes, leaves, at + before, leafNumbers - before);
    for (int j = 0; j < drawn; j++) {
      attributes[attributesAt + j] = getInt(m.bytes(), from + drawnAt + Integer.BYTES * j);
    }
  }

  private static void copyOut(byte[] bytes, int from, double[] to, int at, int n) {
    for (int j = 0; j < n; j++) {
      to[at + j] = getDouble(bytes, from + Double.BYTES * j);
    }
  }

  private static void copyIn(double[] from, int at, byte[] bytes, int to, int n) {
    for (int j = 0; j < n; j++) {
      putDouble(bytes, to + Double.BYTES * j, from[at + j]);
    }
  }

  /** Whether a model has such a tree. */
  static boolean has(String name, PublishedModel from) {
    return from.tensors().containsKey(name + ".nodes");
  }

  /**
   * Refuses tensors that are not those of a tree. Allocates no more than a number for each node.
   *
   * @throws StateException naming the tensor and what is wrong with it
   */
  void require(String name, PublishedModel from) {
    int n = rows(name + ".nodes", COLUMNS, from);
    double[] nodes = from.finiteTensor(name + ".nodes", n, COLUMNS);
    if (n == 0) {
      throw new StateException("tensor '" + name + ".nodes' has no nodes; a tree has a root");
    }
    int active = 0;
    int[] parents = new int[n];
    for (int i = 0; i < n; i++) {
      requireNode(name, nodes, i, n, parents);
      active += (int) nodes[i * COLUMNS + ACTIVE];
    }
    for (int i = 1; i < n; i++) {
      if (parents[i] != 1) {
        throw wrong(name, i, "is the child of " + parents[i] + " nodes; must be of one");
      }
    }
    from.finiteTensor(name + ".numbers", n, nodeNumbers);
    from.finiteTensor(name + ".leaves", active, leafNumbers);
    requireWhole(name, n, from);
    if (drawn > 0) {
      requireAttributes(name, from.finiteTensor(name + ".attributes", active, drawn));
    }
  }

  private void requireAttributes(String name, double[] attributes) {
    for (int j = 0; j < attributes.length; j++) {
      double before = j % drawn == 0 ? -1 : attributes[j - 1];
      if (!isWhole(attributes[j], before + 1, values.length - 1)) {
        throw new StateException(
            "tensor '"
                + name
                + ".attributes' has "
                + attributes[j]
                + " behind "
                + before
                + "; must be attributes below "
                + values.length
                + ", ascending");
      }
    }
  }

  private void requireWhole(String name, int n, PublishedModel from) {
    double[] whole = from.finiteTensor(name + ".whole", WHOLE + wholeNumbers);
    if (!isWhole(whole[CALLS], 0, LARGEST_COUNT)
        || !isWhole(whole[SERIAL], 0, LARGEST_COUNT)
        || !isWhole(whole[MADE], n, Integer.MAX_VALUE)) {
      throw new StateException(
          "tensor '"
              + name
              + ".whole' begins with "
              + whole[CALLS]
              + ", "
              + whole[SERIAL]
              + ", "
              + whole[MADE]
              + "; must be counts, the last at least the "
              + n
              + " nodes");
    }
  }

  private static int rows(String tensor, int columns, PublishedModel from) {
    PublishedModel.Tensor t = from.tensors().get(tensor);
    if (t == null || t.shape().length != 2 || t.shape()[1] != columns) {
      from.tensor(tensor, 1, columns); // says what is wrong
    }
    return t == null ? 0 : t.shape()[0];
  }

  private void requireNode(String name, double[] nodes, int i, int n, int[] parents) {
    int at = i * COLUMNS;
    double kind = nodes[at + KIND];
    double active = nodes[at + ACTIVE];
    if (!isWhole(kind, TreeMemory.LEAF, TreeMemory.MULTI)
        || !isWhole(active, 0, kind == TreeMemory.LEAF ? 1 : 0)
        || !isWhole(nodes[at + ID], 0, Integer.MAX_VALUE)) {
      throw wrong(name, i, "is of kind " + kind + ", active " + active + ", which is none");
    }
    if (kind == TreeMemory.LEAF) {
      return;
    }
    double attribute = nodes[at + ATTRIBUTE];
    if (!isWhole(attribute, 0, values.length - 1)) {
      throw wrong(name, i, "tests attribute " + attribute + " of " + values.length);
    }
    int v = values[(int) attribute];
    boolean fits =
        kind == TreeMemory.NUMERIC
            ? v == 0
            : v > 0 && (kind == TreeMemory.MULTI || isWhole(nodes[at + THRESHOLD], 0, v - 1));
    double children = nodes[at + CHILDREN];
    double first = nodes[at + FIRST_CHILD];
    if (!fits || children != (kind == TreeMemory.MULTI ? v : 2)) {
      throw wrong(
          name,
          i,
          "tests attribute "
              + (int) attribute
              + ", which has "
              + (v == 0 ? "numbers" : v + " values")
              + ", by kind "
              + kind
              + " at "
              + nodes[at + THRESHOLD]
              + " with "
              + children
              + " children");
    }
    if (!isWhole(first, i + 1, n - children)) {
      throw wrong(name, i, "has its first child at " + first + " of " + n + " nodes");
    }
    for (int b = 0; b < children; b++) {
      parents[(int) first + b]++;
    }
  }

  private static boolean isWhole(double v, double low, double high) {
    return v >= low && v <= high && v == Math.rint(v);
  }

  private static StateException wrong(String name, int node, String what) {
    return new StateException(
        "tensor '" + name + ".nodes': node " + node + " " + what + "; choose another version");
  }

  /**
   * Most bytes of a tree's tensors, each with its name and shape.
   *
   * @param counted most bytes of the tree by {@link TreeMemory#counted}
   */
  long mostBytes(TreeMemory m, long counted) {
    double ofNode = Double.BYTES * (COLUMNS + nodeNumbers) / (double) m.nodeBytes();
    double ofLeaf = Double.BYTES * (leafNumbers + drawn) / (double) m.leafBytes();
    long whole = (long) Double.BYTES * (WHOLE + wholeNumbers);
    return TENSORS * DESCRIPTION + whole + (long) Math.ceil(counted * Math.max(ofNode, ofLeaf));
  }

  /** A tree from tensors that {@link #require} has let pass. */
  byte[] read(String name, PublishedModel from, TreeMemory m) {
    double[] nodes = from.tensors().get(name + ".nodes").data();
    double[] numbers = from.tensors().get(name + ".numbers").data();
    double[] whole = from.tensors().get(name + ".whole").data();
    int n = nodes.length / COLUMNS;
    int active = 0;
    for (int i = 0; i < n; i++) {
      active += (int) nodes[i * COLUMNS + ACTIVE];
    }
    m.begin(n, active, (long) whole[CALLS], (long) whole[SERIAL], (int) whole[MADE]);
    copyIn(whole, WHOLE, m.bytes(), m.whole(), wholeNumbers);
    int leaf = 0;
    for (int i = 0; i < n; i++) {
      int at = i * COLUMNS;
      boolean isActive = nodes[at + ACTIVE] == 1;
      boolean isLeaf = nodes[at + KIND] == TreeMemory.LEAF;
      m.set(
          i,
          (int) nodes[at + KIND],
          (int) nodes[at + ATTRIBUTE],
          nodes[at + THRESHOLD],
          isLeaf ? isActive ? leaf : -1 : (int) nodes[at + FIRST_CHILD],
          (int) nodes[at + CHILDREN],
          (int) nodes[at + ID]);
      copyIn(numbers, i * nodeNumbers, m.bytes(), m.own(i), nodeNumbers);
      if (isActive) {
        readLeaf(name, from, m, i, leaf++);
      }
    }
    return m.bytes();
  }

  private void readLeaf(String name, PublishedModel from, TreeMemory m, int node, int leaf) {
    double[] leaves = from.tensors().get(name + ".leaves").data();
    int to = m.statistics(node);
    int before = drawn == 0 ? leafNumbers : drawnAt / Double.BYTES;
    int at = leaf * leafNumbers;
    copyIn(leaves, at, m.bytes(), to, before);
    copyIn(leaves, at + before, m.bytes(), to + drawnAt + drawnBytes, leafNumbers - before);
    if (drawn > 0) {
      double[] attributes = from.tensors().get(name + ".attributes").data();
      for (int j = 0; j < drawn; j++) {
        putInt(m.bytes(), to + drawnAt + Integer.BYTES * j, (int) attributes[leaf * drawn + j]);
      }
    }
  }
}

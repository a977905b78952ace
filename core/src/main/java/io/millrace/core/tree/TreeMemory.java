package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.getDouble;
import static io.millrace.core.state.LittleEndian.getInt;
import static io.millrace.core.state.LittleEndian.getLong;
import static io.millrace.core.state.LittleEndian.putDouble;
import static io.millrace.core.state.LittleEndian.putInt;
import static io.millrace.core.state.LittleEndian.putLong;

import java.util.Arrays;

/**
 * A tree in one array of bytes, which is as long as the tree needs and so grows with it.
 *
 * <pre>
 * header   i32 nodes, i32 leaves, i32 active leaves, i32 nodes ever made, i64 calls of learn, i64 serial,
 *          then what the rule keeps of the whole tree
 * node *   i32 parent, branch, kind, attribute, first child (of a leaf: place of its statistics, -1 if it
 *          is parked), children, depth, id; f64 threshold; then what the rule keeps of every node
 * leaf *   statistics of the active leaves
 * </pre>
 *
 * <p>Numbers are little-endian. Children of a node stand one behind the other in the order of the
 * branches; a parent stands before its children. The array is replaced where the tree grows or
 * shrinks: ask {@link #bytes} for it after every call. This object is a view that is aimed at one
 * tree after the other. Not thread-safe.
 */
public final class TreeMemory {
  public static final int LEAF = 0;

  /** {@code x <= threshold}: branch 0, else branch 1. */
  public static final int NUMERIC = 1;

  /** {@code x = threshold}: branch 0, else branch 1. */
  public static final int ONE = 2;

  /** Branch x. */
  public static final int MULTI = 3;

  /** Bytes of the header that every tree has. */
  static final int HEADER = 32;

  /** Bytes of a node that every tree has. */
  static final int NODE = 40;

  private static final int NODES = 0;
  private static final int LEAVES = 4;
  private static final int ACTIVE = 8;
  private static final int MADE = 12;
  private static final int CALLS = 16;
  private static final int SERIAL = 24;

  private static final int PARENT = 0;
  private static final int BRANCH = 4;
  private static final int KIND = 8;
  private static final int ATTRIBUTE = 12;
  private static final int FIRST_CHILD = 16;
  private static final int CHILDREN = 20;
  private static final int DEPTH = 24;
  private static final int ID = 28;
  private static final int THRESHOLD = 32;

  private final int header;
  private final int nodeBytes;
  private final int leafBytes;
  private byte[] bytes;
  private int firstNode;
  private int firstLeaf;

  /** Where {@link #assemble} puts a tree together; swapped with the tree's own where that fits. */
  private byte[] spare = {};

  /**
   * A view.
   *
   * @param header bytes of the whole tree beside {@link #HEADER}
   * @param node bytes of a node beside {@link #NODE}
   * @param leaf bytes of an active leaf's statistics
   */
  TreeMemory(int header, int node, int leaf) {
    this.header = HEADER + header;
    this.nodeBytes = NODE + node;
    this.leafBytes = leaf;
  }

  /** A tree of one active leaf. */
  byte[] root(long serial) {
    byte[] root = new byte[header + nodeBytes + leafBytes];
    putInt(root, NODES, 1);
    putInt(root, LEAVES, 1);
    putInt(root, ACTIVE, 1);
    putInt(root, MADE, 1);
    putLong(root, SERIAL, serial);
    putInt(root, header + PARENT, -1);
    return root;
  }

  /** Looks at a new tree, whose nodes are to be {@link #set} in their order. */
  void begin(int nodes, int active, long calls, long serial, int made) {
    byte[] tree = new byte[header + nodes * nodeBytes + active * leafBytes];
    putInt(tree, NODES, nodes);
    putInt(tree, ACTIVE, active);
    putInt(tree, MADE, made);
    putLong(tree, CALLS, calls);
    putLong(tree, SERIAL, serial);
    aim(tree);
    putInt(tree, node(0) + PARENT, -1);
  }

  /**
   * Puts a node in; its children come behind it.
   *
   * @param firstChild of a leaf: the place of its statistics, -1 if it is parked
   */
  void set(
      int node, int kind, int attribute, double threshold, int firstChild, int children, int id) {
    int at = node(node);
    putInt(bytes, at + KIND, kind);
    putInt(bytes, at + ATTRIBUTE, attribute);
    putDouble(bytes, at + THRESHOLD, threshold);
    putInt(bytes, at + FIRST_CHILD, firstChild);
    putInt(bytes, at + CHILDREN, children);
    putInt(bytes, at + ID, id);
    if (kind == LEAF) {
      putInt(bytes, LEAVES, leaves() + 1);
      return;
    }
    for (int b = 0; b < children; b++) {
      int child = node(firstChild + b);
      putInt(bytes, child + PARENT, node);
      putInt(bytes, child + BRANCH, b);
      putInt(bytes, child + DEPTH, depth(node) + 1);
    }
  }

  /** Looks at a tree. */
  public TreeMemory aim(byte[] tree) {
    bytes = tree;
    firstNode = header;
    firstLeaf = header + getInt(tree, NODES) * nodeBytes;
    return this;
  }

  /** The tree, as it is now. */
  public byte[] bytes() {
    return bytes;
  }

  public int nodes() {
    return getInt(bytes, NODES);
  }

  public int leaves() {
    return getInt(bytes, LEAVES);
  }

  public int active() {
    return getInt(bytes, ACTIVE);
  }

  public long calls() {
    return getLong(bytes, CALLS);
  }

  void setCalls(long n) {
    putLong(bytes, CALLS, n);
  }

  /** Number of the tree among those of its forest. */
  public long serial() {
    return getLong(bytes, SERIAL);
  }

  /** Nodes that were ever made. */
  int made() {
    return getInt(bytes, MADE);
  }

  /** Bytes that the rule keeps of the whole tree. */
  int wholeBytes() {
    return header - HEADER;
  }

  /** Bytes in front of the nodes. */
  int headerBytes() {
    return header;
  }

  int nodeBytes() {
    return nodeBytes;
  }

  int leafBytes() {
    return leafBytes;
  }

  /** Bytes of nodes and statistics, as bounds count them: without the header. */
  public long counted() {
    return (long) nodes() * nodeBytes + (long) active() * leafBytes;
  }

  /** Where the rule's numbers of the whole tree begin. */
  public int whole() {
    return HEADER;
  }

  /** Where the rule's numbers of a node begin. */
  public int own(int node) {
    return node(node) + NODE;
  }

  /** Where the statistics of an active leaf begin. */
  public int statistics(int leaf) {
    return firstLeaf + slot(leaf) * leafBytes;
  }

  private int node(int node) {
    return firstNode + node * nodeBytes;
  }

  private int slot(int leaf) {
    return getInt(bytes, node(leaf) + FIRST_CHILD);
  }

  public int parent(int node) {
    return getInt(bytes, node(node) + PARENT);
  }

  public int branch(int node) {
    return getInt(bytes, node(node) + BRANCH);
  }

  public int kind(int node) {
    return getInt(bytes, node(node) + KIND);
  }

  public boolean isLeaf(int node) {
    return kind(node) == LEAF;
  }

  public boolean isActive(int node) {
    return kind(node) == LEAF && slot(node) >= 0;
  }

  public int attribute(int node) {
    return getInt(bytes, node(node) + ATTRIBUTE);
  }

  public double threshold(int node) {
    return getDouble(bytes, node(node) + THRESHOLD);
  }

  public int firstChild(int node) {
    return getInt(bytes, node(node) + FIRST_CHILD);
  }

  public int children(int node) {
    return getInt(bytes, node(node) + CHILDREN);
  }

  public int depth(int node) {
    return getInt(bytes, node(node) + DEPTH);
  }

  /** Number of the node among all that were ever made. */
  public int id(int node) {
    return getInt(bytes, node(node) + ID);
  }

  /** Largest depth of a node. */
  public int depth() {
    int most = 0;
    for (int i = 0; i < nodes(); i++) {
      most = Math.max(most, depth(i));
    }
    return most;
  }

  /**
   * The child that a row belongs to.
   *
   * @param x attributes from {@code from} on
   */
  int next(int node, double[] x, int from) {
    int at = node(node);
    double v = x[from + getInt(bytes, at + ATTRIBUTE)];
    double threshold = getDouble(bytes, at + THRESHOLD);
    int branch =
        switch (getInt(bytes, at + KIND)) {
          case NUMERIC -> v <= threshold ? 0 : 1;
          case ONE -> v == threshold ? 0 : 1;
          default -> (int) v;
        };
    return getInt(bytes, at + FIRST_CHILD) + branch;
  }

  /** The leaf that a row belongs to. */
  int route(double[] x, int from) {
    int node = 0;
    while (!isLeaf(node)) {
      node = next(node, x, from);
    }
    return node;
  }

  /**
   * Turns an active leaf into an inner node, its children into active leaves with numbers of zero.
   *
   * @return the first child
   */
  int split(int leaf, int kind, int attribute, double threshold, int children) {
    int nodes = nodes();
    int active = active();
    int slot = slot(leaf);
    int made = getInt(bytes, MADE);
    byte[] larger =
        new byte[header + (nodes + children) * nodeBytes + (active - 1 + children) * leafBytes];
    System.arraycopy(bytes, 0, larger, 0, firstLeaf);
    System.arraycopy(
        bytes, firstLeaf, larger, firstLeaf + children * nodeBytes, active * leafBytes);
    aimLarger(larger, nodes + children);
    Arrays.fill(bytes, firstLeaf + slot * leafBytes, firstLeaf + (slot + 1) * leafBytes, (byte) 0);
    for (int b = 0; b < children; b++) {
      int at = node(nodes + b);
      putInt(bytes, at + PARENT, leaf);
      putInt(bytes, at + BRANCH, b);
      putInt(bytes, at + FIRST_CHILD, b == 0 ? slot : active - 1 + b);
      putInt(bytes, at + DEPTH, depth(leaf) + 1);
      putInt(bytes, at + ID, made + b);
    }
    int at = node(leaf);
    putInt(bytes, at + KIND, kind);
    putInt(bytes, at + ATTRIBUTE, attribute);
    putDouble(bytes, at + THRESHOLD, threshold);
    putInt(bytes, at + FIRST_CHILD, nodes);
    putInt(bytes, at + CHILDREN, children);
    putInt(bytes, LEAVES, leaves() - 1 + children);
    putInt(bytes, ACTIVE, active - 1 + children);
    putInt(bytes, MADE, made + children);
    return nodes;
  }

  private void aimLarger(byte[] larger, int nodes) {
    putInt(larger, NODES, nodes);
    aim(larger);
  }

  /** Turns an inner node into a leaf; its descendants are to be left out by {@link #assemble}. */
  void close(int node) {
    int at = node(node);
    putInt(bytes, at + KIND, LEAF);
    putInt(bytes, at + ATTRIBUTE, 0);
    putDouble(bytes, at + THRESHOLD, 0);
    putInt(bytes, at + FIRST_CHILD, -1);
    putInt(bytes, at + CHILDREN, 0);
  }

  /**
   * Puts the tree together anew.
   *
   * @param place new place of each node, in the order they have; -1: the node is left out
   * @param active whether a leaf that stays has statistics from now on; those of a leaf that had
   *     none are zeros
   */
  void assemble(int[] place, boolean[] active) {
    int nodes = 0;
    int leaves = 0;
    int slots = 0;
    for (int i = 0; i < nodes(); i++) {
      if (place[i] >= 0) {
        nodes++;
        leaves += isLeaf(i) ? 1 : 0;
        slots += isLeaf(i) && active[i] ? 1 : 0;
      }
    }
    int length = header + nodes * nodeBytes + slots * leafBytes;
    byte[] to = spare.length == length ? spare : new byte[length];
    System.arraycopy(bytes, 0, to, 0, header);
    int toLeaf = header + nodes * nodeBytes;
    int slot = 0;
    for (int i = 0; i < nodes(); i++) {
      if (place[i] >= 0) {
        int at = header + place[i] * nodeBytes;
        System.arraycopy(bytes, node(i), to, at, nodeBytes);
        int parent = parent(i);
        putInt(to, at + PARENT, parent < 0 ? -1 : place[parent]);
        if (!isLeaf(i)) {
          putInt(to, at + FIRST_CHILD, place[firstChild(i)]);
        } else if (active[i]) {
          moveStatistics(i, to, toLeaf + slot * leafBytes);
          putInt(to, at + FIRST_CHILD, slot++);
        } else {
          putInt(to, at + FIRST_CHILD, -1);
        }
      }
    }
    putInt(to, NODES, nodes);
    putInt(to, LEAVES, leaves);
    putInt(to, ACTIVE, slots);
    if (length == bytes.length) { // the one that is no longer used serves the next time
      System.arraycopy(to, 0, bytes, 0, length);
      spare = to;
      aim(bytes);
    } else {
      aim(to);
      spare = new byte[0];
    }
  }

  private void moveStatistics(int leaf, byte[] to, int at) {
    if (slot(leaf) < 0) {
      Arrays.fill(to, at, at + leafBytes, (byte) 0);
    } else {
      System.arraycopy(bytes, statistics(leaf), to, at, leafBytes);
    }
  }
}

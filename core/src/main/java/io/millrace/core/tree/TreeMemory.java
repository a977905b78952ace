package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.getDouble;
import static io.millrace.core.state.LittleEndian.getInt;
import static io.millrace.core.state.LittleEndian.getLong;
import static io.millrace.core.state.LittleEndian.putDouble;
import static io.millrace.core.state.LittleEndian.putInt;
import static io.millrace.core.state.LittleEndian.putLong;

import java.util.Arrays;

/**
 * A tree in one array of bytes, which grows with the tree. It is up to an eighth longer than what
 * it holds, so that few splits replace it.
 *
 * <pre>
 * header   i32 nodes, i32 leaves, i32 active leaves, i32 nodes ever made, i64 calls of learn, i64 serial,
 *          then what the rule keeps of the whole tree
 * node *   i32 parent, branch, kind, attribute, first child (of a leaf: place of its statistics, -1 if it
 *          is parked), children, depth, id; f64 threshold; then what the rule keeps of every node
 * free     zeros
 * leaf *   statistics of the active leaves, the first at the end of the array
 * </pre>
 *
 * <p>Numbers are little-endian. Children of a node stand one behind the other in the order of the
 * branches; a parent stands before its children. Nodes are added at the end of the nodes,
 * statistics in front of the statistics, so nothing is moved. The array is replaced where it gets
 * too short: ask {@link #bytes} for it after every call. This object is a view that is aimed at one
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
    byte[] root = new byte[length((long) nodeBytes + leafBytes)];
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
    byte[] tree = new byte[length((long) nodes * nodeBytes + (long) active * leafBytes)];
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

  /**
   * Length of the array of a tree: the header, and what is counted rounded up to a multiple of an
   * eighth of the power of two that is not above it.
   *
   * @param counted by {@link #counted}
   */
  int length(long counted) {
    long step = Math.max(8, Long.highestOneBit(counted) / 8);
    return Math.toIntExact(header + (counted + step - 1) / step * step);
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
    return statisticsAt(bytes, slot(leaf));
  }

  private int statisticsAt(byte[] tree, int slot) {
    return tree.length - (slot + 1) * leafBytes;
  }

  private int node(int node) {
    return header + node * nodeBytes;
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
   * Turns an active leaf into an inner node, its children into parked leaves with numbers of zero.
   *
   * @return the first child
   */
  int split(int leaf, int kind, int attribute, double threshold, int children) {
    park(leaf, ownerOfLast());
    int nodes = nodes();
    int made = getInt(bytes, MADE);
    reserve(children, 0);
    putInt(bytes, NODES, nodes + children);
    for (int b = 0; b < children; b++) {
      int at = node(nodes + b);
      putInt(bytes, at + PARENT, leaf);
      putInt(bytes, at + BRANCH, b);
      putInt(bytes, at + FIRST_CHILD, -1);
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
    putInt(bytes, MADE, made + children);
    return nodes;
  }

  /** The active leaf whose statistics come last. */
  private int ownerOfLast() {
    int last = active() - 1;
    int node = nodes() - 1; // new leaves are woken at the end of both
    while (!(isLeaf(node) && slot(node) == last)) {
      node--;
    }
    return node;
  }

  /**
   * Takes the statistics from an active leaf; those that come last take their place.
   *
   * @param owner of the last statistics
   */
  private void park(int leaf, int owner) {
    int last = active() - 1;
    int slot = slot(leaf);
    int from = statisticsAt(bytes, last);
    if (slot != last) {
      System.arraycopy(bytes, from, bytes, statisticsAt(bytes, slot), leafBytes);
      putInt(bytes, node(owner) + FIRST_CHILD, slot);
    }
    Arrays.fill(bytes, from, from + leafBytes, (byte) 0);
    putInt(bytes, node(leaf) + FIRST_CHILD, -1);
    putInt(bytes, ACTIVE, last);
  }

  /** Gives a parked leaf statistics of zeros. */
  void wake(int leaf) {
    reserve(0, 1);
    int slot = active();
    putInt(bytes, node(leaf) + FIRST_CHILD, slot);
    putInt(bytes, ACTIVE, slot + 1);
  }

  /**
   * Parks the leaves that are not to be active, then wakes those that are.
   *
   * @param active by node
   * @param owner room for a number for each node
   */
  void activate(boolean[] active, int[] owner) {
    int nodes = nodes();
    for (int i = 0; i < nodes; i++) {
      if (isActive(i)) {
        owner[slot(i)] = i;
      }
    }
    for (int i = 0; i < nodes; i++) {
      if (isActive(i) && !active[i]) {
        int slot = slot(i);
        int moved = owner[active() - 1];
        park(i, moved);
        owner[slot] = moved;
      }
    }
    for (int i = 0; i < nodes; i++) {
      if (isLeaf(i) && active[i] && slot(i) < 0) {
        wake(i);
      }
    }
  }

  /** Makes room for more. */
  private void reserve(int moreNodes, int moreLeaves) {
    long counted = counted() + (long) moreNodes * nodeBytes + (long) moreLeaves * leafBytes;
    if (header + counted > bytes.length) {
      resize(length(counted));
    }
  }

  /** Gives back what the array has beyond the length for so much. */
  void fit(long most) {
    if (bytes.length > length(most)) {
      resize(length(counted()));
    }
  }

  private void resize(int length) {
    byte[] other = new byte[length];
    int front = node(nodes());
    int back = active() * leafBytes;
    System.arraycopy(bytes, 0, other, 0, front);
    System.arraycopy(bytes, bytes.length - back, other, length - back, back);
    bytes = other;
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
   * Puts the tree together anew, all of its leaves active.
   *
   * @param place new place of each node, in the order they have; -1: the node is left out
   */
  void assemble(int[] place) {
    int nodes = 0;
    int leaves = 0;
    for (int i = 0; i < nodes(); i++) {
      if (place[i] >= 0) {
        nodes++;
        leaves += isLeaf(i) ? 1 : 0;
      }
    }
    byte[] to = new byte[length((long) nodes * nodeBytes + (long) leaves * leafBytes)];
    System.arraycopy(bytes, 0, to, 0, header);
    int slot = 0;
    for (int i = 0; i < nodes(); i++) {
      if (place[i] >= 0) {
        int at = header + place[i] * nodeBytes;
        System.arraycopy(bytes, node(i), to, at, nodeBytes);
        int parent = parent(i);
        putInt(to, at + PARENT, parent < 0 ? -1 : place[parent]);
        if (isLeaf(i)) {
          if (slot(i) >= 0) {
            System.arraycopy(bytes, statistics(i), to, statisticsAt(to, slot), leafBytes);
          }
          putInt(to, at + FIRST_CHILD, slot++);
        } else {
          putInt(to, at + FIRST_CHILD, place[firstChild(i)]);
        }
      }
    }
    putInt(to, NODES, nodes);
    putInt(to, LEAVES, leaves);
    putInt(to, ACTIVE, slot);
    bytes = to;
  }
}

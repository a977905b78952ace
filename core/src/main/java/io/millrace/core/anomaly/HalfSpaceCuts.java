package io.millrace.core.anomaly;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;

/**
 * Where the nodes of half-space trees cut, as a function of the key of a stream and the numbers of
 * tree and node. On the way down a tree it keeps the work ranges that the cuts above have left.
 *
 * <pre>
 * s_j: uniform;  work range of attribute j at the root  [s_j - 2 max(s_j, 1 - s_j), s_j + ..]
 * a node takes attribute floor(u d) and cuts its range in the middle
 * </pre>
 *
 * <p>Scratch, one per subtask: nothing in it has to be saved. Not thread-safe.
 */
final class HalfSpaceCuts {
  private final PhiloxDraws stream = new PhiloxDraws(0, "");
  private final Draws draws = stream.fork(Purpose.HALF_SPACES);
  private long key;
  private int features;
  private int tree;
  private double[] low = new double[0];
  private double[] high = low;

  /** For each attribute the walk in which its range was set. */
  private long[] walkOf = new long[0];

  private long walk;
  private int attribute;
  private double cut;

  /** Aims at the trees of a stream over so many features. */
  void aim(long streamKey, int width) {
    key = streamKey;
    features = width;
    if (low.length < width) {
      low = new double[width];
      high = new double[width];
      walkOf = new long[width];
    }
  }

  /** Begins at the root of a tree. */
  void root(int ofTree) {
    tree = ofTree;
    walk++;
  }

  /** Loads a node; its parent is the one loaded and narrowed before, if it has one. */
  void load(int node) {
    attribute = (int) (at(node).uniform(0) * features);
    if (walkOf[attribute] != walk) {
      walkOf[attribute] = walk;
      double s = at(0).uniform(attribute);
      double reach = 2 * Math.max(s, 1 - s);
      low[attribute] = s - reach;
      high[attribute] = s + reach;
    }
    cut = (low[attribute] + high[attribute]) / 2;
  }

  private Draws at(int node) {
    stream.at(key, (long) tree << 32 | node);
    return draws;
  }

  /** Goes to a side of the node loaded. */
  void narrow(boolean right) {
    if (right) {
      low[attribute] = cut;
    } else {
      high[attribute] = cut;
    }
  }

  /** Loads a node from the root on. */
  void seek(int ofTree, int node) {
    root(ofTree);
    for (int bit = Integer.highestOneBit(node) >> 1; bit > 0; bit >>= 1) {
      load(node / (2 * bit));
      narrow((node & bit) != 0);
    }
    load(node);
  }

  /** Attribute of the node loaded. */
  int attribute() {
    return attribute;
  }

  /** Where it is cut, in units of its usual range. */
  double cut() {
    return cut;
  }
}

package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.getDouble;

/**
 * Keeps a tree within its bytes: the leaves with the most to gain from a split stay active, the
 * others are parked, which frees their statistics. What a leaf has to gain is the weight of all
 * classes but its largest. Domingos, Hulten, "Mining High-Speed Data Streams", KDD 2000, section 3.
 *
 * <pre>
 * k = floor((maxBytes - nodes (40 + 8C)) / A), at least 0, at most all leaves
 * </pre>
 *
 * <p>Of equal ones the lowest id stays. A parked leaf goes on counting classes, so it can be woken
 * later, with empty statistics.
 */
final class LeafBudget {
  private LeafBudget() {}

  /**
   * Parks and wakes leaves where anything is parked, as new leaves are, or the bound is passed.
   *
   * @return which leaves have been woken, by node; null: the same leaves are active as before
   */
  static boolean[] enforce(TreeMemory m, int classes, long maxBytes, TreeScratch s) {
    if (m.active() == m.leaves() && m.counted() <= maxBytes) {
      return null;
    }
    long room = Math.floorDiv(maxBytes - (long) m.nodes() * m.nodeBytes(), m.leafBytes());
    int k = (int) Math.max(0, Math.min(room, m.leaves()));
    boolean[] active = choose(m, classes, k, s);
    boolean[] woken = s.moreFlags(m.nodes());
    boolean changed = false;
    for (int i = 0; i < m.nodes(); i++) {
      woken[i] = active[i] && !m.isActive(i);
      changed |= active[i] != m.isActive(i);
    }
    if (changed) {
      m.activate(active, s.places(m.nodes()));
    }
    m.fit(maxBytes);
    return changed ? woken : null;
  }

  private static boolean[] choose(TreeMemory m, int classes, int k, TreeScratch s) {
    int nodes = m.nodes();
    boolean[] active = s.flags(nodes);
    if (k == 0) {
      return active;
    }
    double[] promise = s.promise(nodes);
    int leaves = 0;
    for (int i = 0; i < nodes; i++) {
      if (m.isLeaf(i)) {
        promise[leaves++] = promise(m, i, classes);
      }
    }
    double least = largest(promise, leaves, k);
    int above = 0;
    for (int i = 0; i < nodes; i++) {
      if (m.isLeaf(i) && promise(m, i, classes) > least) {
        active[i] = true;
        above++;
      }
    }
    for (int i = 0; i < nodes && above < k; i++) {
      if (m.isLeaf(i) && promise(m, i, classes) == least) {
        active[i] = true;
        above++;
      }
    }
    return active;
  }

  private static double promise(TreeMemory m, int leaf, int classes) {
    double weight = 0;
    double most = 0;
    for (int k = 0; k < classes; k++) {
      double n = getDouble(m.bytes(), m.own(leaf) + Double.BYTES * k);
      weight += n;
      most = Math.max(most, n);
    }
    return weight - most;
  }

  /** The k-th largest of the first n, which are put in another order. Hoare's selection. */
  static double largest(double[] a, int n, int k) {
    int from = 0;
    int to = n - 1;
    while (from < to) {
      double pivot = a[(from + to) >>> 1];
      int i = from;
      int j = to;
      while (i <= j) {
        while (a[i] > pivot) {
          i++;
        }
        while (a[j] < pivot) {
          j--;
        }
        if (i <= j) {
          double t = a[i];
          a[i++] = a[j];
          a[j--] = t;
        }
      }
      if (k - 1 <= j) {
        to = j;
      } else if (k - 1 >= i) {
        from = i;
      } else {
        return a[k - 1];
      }
    }
    return a[k - 1];
  }
}

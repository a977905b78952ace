package io.millrace.core.tree;

import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import java.util.Arrays;

/**
 * Which attributes a node of a forest's tree observes: drawn without replacement when the node is
 * made, by the first m steps of a shuffle.
 *
 * <pre>
 * counter = [node id, serial of the tree, block, purpose]      j = i + floor(u_i (d - i)),  swap i and j
 * </pre>
 *
 * <p>So the subset is a function of seed, key, tree and node. Not thread-safe.
 */
public final class SubsetDraw {
  private final int[] order;
  private final int[] subset;
  private PhiloxDraws stream;
  private long seed;

  /**
   * A draw.
   *
   * @param attributes d
   * @param observed m, at most d
   */
  public SubsetDraw(int attributes, int observed) {
    order = new int[attributes];
    subset = new int[observed];
  }

  /** Aims at the stream of a key. */
  public void aim(long jobSeed, String key) {
    if (stream == null || seed != jobSeed) {
      stream = new PhiloxDraws(jobSeed, key);
      seed = jobSeed;
    }
    stream.at(key, 0);
  }

  /**
   * Draws.
   *
   * @param serial of the tree, below 2^32
   * @param node its id
   * @return ascending; live, overwritten by the next draw
   */
  public int[] draw(long serial, int node) {
    PhiloxDraws u = stream.at(serial << Integer.SIZE | node).fork(Purpose.ATTRIBUTES);
    int d = order.length;
    for (int i = 0; i < d; i++) {
      order[i] = i;
    }
    for (int i = 0; i < subset.length; i++) {
      int j = i + (int) (u.uniform(i) * (d - i));
      int t = order[i];
      order[i] = order[j];
      order[j] = t;
      subset[i] = order[i];
    }
    Arrays.sort(subset);
    return subset;
  }
}

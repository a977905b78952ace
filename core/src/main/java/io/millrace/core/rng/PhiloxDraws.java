package io.millrace.core.rng;

import java.util.Arrays;

/**
 * {@link Draws} by {@link Philox}, aimed at one (stream id, step) at a time.
 *
 * <pre>
 * key     = splitmix64(jobSeed XOR fnv1a64(utf8(streamId))),  k0 = low word, k1 = high word
 * counter = [step low word, step high word, block, purpose]
 * uniform(i): block i/2, words 0,1 or 2,3      index(i): block i/4, word i%4
 * normal(i):  block i/2, u1 = 1 - uniform of words 0,1, u2 = uniform of words 2,3,
 *             sqrt(-2 ln u1) cos(2 pi u2) for even i, .. sin(..) for odd i  (Box-Muller)
 * </pre>
 *
 * <p>Logarithm, cosine and sine are {@link StrictMath}'s: the same bits on every machine. The last
 * block and the last pair of normals are remembered, so reading indexes in order computes each
 * block once. Blocks are 32-bit: indexes stay below 2^33. Holds no state that has to be saved:
 * aiming it again gives the same numbers again. Not thread-safe; one per subtask.
 */
public final class PhiloxDraws implements Draws {
  private static final double TWO_PI = 2 * Math.PI;

  private final long jobSeed;
  private final PhiloxDraws root;
  private final int purpose;
  private final int[] words = new int[4];
  private PhiloxDraws[] forks = new PhiloxDraws[0];

  /** Where the root is aimed; unused in forks, which read their root's. */
  private long key;

  private long step;

  /** Counts aims of the root, so that forks notice that their remembered block is stale. */
  private long aim;

  private long cachedAim = -1;
  private int cachedBlock;
  private boolean pairCached;
  private double cosine;
  private double sine;

  /** Draws of purpose {@link Purpose#NOISE} at step 0 of a stream. */
  public PhiloxDraws(long jobSeed, String streamId) {
    this.jobSeed = jobSeed;
    this.root = this;
    this.purpose = Purpose.NOISE;
    this.key = Philox.key(jobSeed, streamId);
  }

  private PhiloxDraws(PhiloxDraws root, int purpose) {
    this.jobSeed = root.jobSeed;
    this.root = root;
    this.purpose = purpose;
  }

  /**
   * Aims this and all its forks at a step of the present stream.
   *
   * @return this
   */
  public PhiloxDraws at(long newStep) {
    root.step = newStep;
    root.aim++;
    return this;
  }

  /**
   * Aims this and all its forks at a step of another stream.
   *
   * @return this
   */
  public PhiloxDraws at(String streamId, long newStep) {
    return at(Philox.key(jobSeed, streamId), newStep);
  }

  /**
   * Aims this and all its forks at a step of another stream, for those who keep its key.
   *
   * @param streamKey as {@link Philox#key} makes it
   * @return this
   */
  public PhiloxDraws at(long streamKey, long newStep) {
    root.key = streamKey;
    return at(newStep);
  }

  @Override
  public double uniform(long index) {
    load(index >>> 1);
    return (index & 1) == 0
        ? Philox.uniform53(words[0], words[1])
        : Philox.uniform53(words[2], words[3]);
  }

  @Override
  public double normal(long index) {
    load(index >>> 1);
    if (!pairCached) {
      // 1 - u lies in (0, 1]: the logarithm is finite.
      double r = Math.sqrt(-2 * StrictMath.log(1 - Philox.uniform53(words[0], words[1])));
      double angle = TWO_PI * Philox.uniform53(words[2], words[3]);
      cosine = r * StrictMath.cos(angle);
      sine = r * StrictMath.sin(angle);
      pairCached = true;
    }
    return (index & 1) == 0 ? cosine : sine;
  }

  @Override
  public int index(long index, int bound) {
    if (bound < 1) {
      throw new IllegalStateException("bound = " + bound + ", must be at least 1");
    }
    load(index >>> 2);
    return (int) ((words[(int) (index & 3)] & 0xFFFFFFFFL) * bound >>> 32);
  }

  @Override
  public PhiloxDraws fork(int forPurpose) {
    if (forPurpose == root.purpose) {
      return root;
    }
    for (PhiloxDraws f : root.forks) {
      if (f.purpose == forPurpose) {
        return f;
      }
    }
    PhiloxDraws f = new PhiloxDraws(root, forPurpose);
    root.forks = Arrays.copyOf(root.forks, root.forks.length + 1);
    root.forks[root.forks.length - 1] = f;
    return f;
  }

  private void load(long block) {
    if (block < 0 || block > 0xFFFFFFFFL) {
      throw new IllegalStateException("block " + block + " is outside 0 .. 2^32 - 1");
    }
    if (cachedAim != root.aim || cachedBlock != (int) block) {
      long s = root.step;
      long k = root.key;
      Philox.block(
          (int) s, (int) (s >>> 32), (int) block, purpose, (int) k, (int) (k >>> 32), words);
      cachedAim = root.aim;
      cachedBlock = (int) block;
      pairCached = false;
    }
  }
}

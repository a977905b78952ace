package io.millrace.core.sample.data;

import io.millrace.core.rng.Draws;

/** Which rows a client keeps where more have come than there is room for. */
public enum Keeping {
  /** All of them: where there is no room left, a row is not taken. */
  ALL {
    @Override
    long slot(long sequence, int capacity, Draws draws) {
      return sequence;
    }
  },

  /** The last ones; the oldest gives way. */
  WINDOW {
    @Override
    long slot(long sequence, int capacity, Draws draws) {
      return sequence % capacity;
    }
  },

  /**
   * A uniform sample of all that have come, without replacement. Vitter, "Random Sampling with a
   * Reservoir", ACM Transactions on Mathematical Software 1985, Algorithm R. Deviations from the
   * paper: none.
   */
  RESERVOIR {
    @Override
    long slot(long sequence, int capacity, Draws draws) {
      // 53 random bits: an index of 32 would be biased by as much as there are rows in 2^32.
      return sequence < capacity ? sequence : (long) (draws.uniform(0) * (sequence + 1));
    }
  };

  /**
   * Where a row goes; at least {@code capacity}: nowhere.
   *
   * @param sequence rows that have come before it
   * @param draws at the step {@code sequence} of the client's own stream
   */
  abstract long slot(long sequence, int capacity, Draws draws);
}

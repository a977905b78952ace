package io.millrace.core.sample.posterior;

import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/**
 * A bounded number of draws, evenly spaced over a run of any length: each stride-th is kept, and
 * when there is no room every second one goes and the stride doubles. Draws nothing at random, so a
 * run that is restored keeps the same ones. Immutable: draws are in a state of {@link #schema}.
 */
public final class ThinnedDraws {
  /** Draws kept by default. */
  public static final int CAPACITY = 200;

  private static final String COUNTS = "counts";
  private static final String DRAWS = "draws";

  /** Places in {@link #COUNTS}. */
  private enum Count {
    SEEN,
    KEPT,
    STRIDE
  }

  private final int size;
  private final int capacity;

  /**
   * For draws of a size.
   *
   * @param capacity even, at least 2
   */
  public ThinnedDraws(int size, int capacity) {
    if (capacity < 2 || capacity % 2 == 1) {
      throw new IllegalStateException("capacity = " + capacity + ", must be even, at least 2");
    }
    this.size = size;
    this.capacity = capacity;
  }

  /** What is kept. */
  public StateSchema schema() {
    return new StateSchema.Builder()
        .block(COUNTS, StateSchema.Type.LONGS, Count.values().length)
        .block(DRAWS, (long) capacity * size)
        .build();
  }

  /**
   * Takes a draw in, or passes it over.
   *
   * @param theta [d], not modified
   */
  public void add(LearnerState state, double[] theta) {
    long[] counts = state.longs(COUNTS);
    double[] draws = state.block(DRAWS);
    long stride = Math.max(1, counts[Count.STRIDE.ordinal()]);
    if (counts[Count.SEEN.ordinal()]++ % stride != 0) {
      return;
    }
    int kept = (int) counts[Count.KEPT.ordinal()];
    if (kept == capacity) {
      kept /= 2;
      for (int k = 1; k < kept; k++) {
        System.arraycopy(draws, 2 * k * size, draws, k * size, size);
      }
      stride *= 2;
    }
    System.arraycopy(theta, 0, draws, kept * size, size);
    counts[Count.KEPT.ordinal()] = kept + 1L;
    counts[Count.STRIDE.ordinal()] = stride;
  }

  /** Number of draws kept. */
  public int kept(LearnerState state) {
    return (int) state.longs(COUNTS)[Count.KEPT.ordinal()];
  }

  /** Draws from one kept to the next; 0 before the first. */
  public long stride(LearnerState state) {
    return state.longs(COUNTS)[Count.STRIDE.ordinal()];
  }

  /** The draws kept, in order; [kept x d] at the beginning, live. */
  public double[] draws(LearnerState state) {
    return state.block(DRAWS);
  }
}

package io.millrace.bench.samples;

/**
 * What the examples of a measurement look like.
 *
 * @param name for the report
 * @param dense all coordinates, or some of many
 * @param dimension coordinates of the model
 * @param perExample coordinates of an example
 */
public record Shape(String name, boolean dense, int dimension, int perExample) {
  /** 32 coordinates, all given. */
  public static final Shape DENSE_32 = new Shape("dense-32", true, 32, 32);

  /** 40 of 1,000 coordinates: the model lies in the first-level cache. */
  public static final Shape SPARSE_1000 = new Shape("sparse-40-of-1000", false, 1000, 40);

  /** 40 of 262,144 coordinates: a model of 2 MiB. */
  public static final Shape SPARSE_2_18 = new Shape("sparse-40-of-262144", false, 1 << 18, 40);

  /**
   * Bytes that one example must move at least: its values (and indices) read once as doubles, the
   * parameters it touches read once and written once.
   */
  public int leastBytesPerExample() {
    return perExample * (dense ? 8 : 12) + (perExample + 1) * 16;
  }
}

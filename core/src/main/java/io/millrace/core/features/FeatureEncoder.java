package io.millrace.core.features;

import io.millrace.core.model.Rows;
import java.util.Map;

/**
 * Turns features given as Java values into rows, as the job does with events: used by the client
 * and the command line. Not thread-safe.
 */
public final class FeatureEncoder {
  private final InputSpec input;
  private final FeatureHasher hasher;

  public FeatureEncoder(InputSpec input) {
    this.input = input;
    this.hasher = input.kind() == InputSpec.Kind.NAMED ? new FeatureHasher(input.hashBits()) : null;
  }

  /** An empty batch of the right kind. */
  public Rows newRows() {
    return new Rows(input.dense());
  }

  /**
   * Appends a dense row, or a sparse one from its full vector.
   *
   * @param label target or class index; NaN: none
   * @throws IllegalArgumentException saying what does not fit; nothing is appended then
   */
  public void add(Rows rows, double[] features, double label, double weight) {
    throw new UnsupportedOperationException();
  }

  /** Appends a sparse row; indices need not be sorted. Otherwise as the dense one. */
  public void add(Rows rows, int[] indices, double[] values, double label, double weight) {
    throw new UnsupportedOperationException();
  }

  /**
   * Appends a row of named features: a number is hashed by its name, everything else is a category
   * by its {@code toString()}; null counts as absent. Otherwise as the dense one.
   */
  public void add(Rows rows, Map<String, ?> features, double label, double weight) {
    throw new UnsupportedOperationException();
  }

  /**
   * Index of a class name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public double label(String className) {
    throw new UnsupportedOperationException();
  }

  /** Collisions among named features so far. */
  public long collisions() {
    return hasher == null ? 0 : hasher.collisions();
  }
}

package io.millrace.core.features;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns features given as Java values into rows. The client and the command line use it; the job
 * does the same with events as bytes. Refuses what the job sends to the dead letters. Not
 * thread-safe.
 */
public final class FeatureEncoder {
  private final InputSpec input;
  private final FeatureHasher hasher;

  /** An encoder for what a job takes. */
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
    if (hasher != null) {
      throw new IllegalArgumentException("features have no names; this model needs named ones");
    }
    if (features.length != input.dimension()) {
      throw new IllegalArgumentException(
          "features has " + features.length + " values, the model expects " + input.dimension());
    }
    check(label, weight);
    rows.beginRow();
    for (int i = 0; i < features.length; i++) {
      double v = features[i];
      if (!Double.isFinite(v)) {
        rows.dropRow();
        throw notFinite(Integer.toString(i), v);
      }
      if (input.dense()) {
        rows.add(v);
      } else if (v != 0) {
        rows.add(i, v);
      }
    }
    end(rows, label, weight);
  }

  /**
   * Appends a sparse row; indices need not be sorted, and each is there at most once, as the job
   * demands. Otherwise as the dense one.
   */
  public void add(Rows rows, int[] indices, double[] values, double label, double weight) {
    if (input.kind() != InputSpec.Kind.SPARSE) {
      throw new IllegalArgumentException(
          "features are sparse; this model needs " + input.kind() + " ones");
    }
    if (indices.length != values.length) {
      throw new IllegalArgumentException(
          indices.length + " indices and " + values.length + " values; must be as many");
    }
    check(label, weight);
    rows.beginRow();
    for (int c = 0; c < indices.length; c++) {
      int i = indices[c];
      if (i < 0 || i >= input.dimension()) {
        rows.dropRow();
        throw new IllegalArgumentException(
            "index " + i + " is outside 0 .. " + (input.dimension() - 1));
      }
      if (!Double.isFinite(values[c])) {
        rows.dropRow();
        throw notFinite(Integer.toString(i), values[c]);
      }
      rows.add(i, values[c]);
    }
    requireFew(rows);
    requireDistinct(rows, indices);
    end(rows, label, weight);
  }

  /** Indices in ascending order need no second look. */
  private static void requireDistinct(Rows rows, int[] indices) {
    boolean ascending = true;
    for (int c = 1; c < indices.length; c++) {
      ascending &= indices[c] > indices[c - 1];
    }
    if (!ascending) {
      int[] sorted = indices.clone();
      Arrays.sort(sorted);
      for (int c = 1; c < sorted.length; c++) {
        if (sorted[c] == sorted[c - 1]) {
          rows.dropRow();
          throw new IllegalArgumentException(
              "index " + sorted[c] + " is there more than once; each may be there at most once");
        }
      }
    }
    rows.markDistinct();
  }

  /**
   * Appends a row of named features: a number is hashed by its name, everything else is a category
   * by its {@code toString()}; null counts as absent. Names are taken in sorted order, so that
   * equal maps give equal rows. Otherwise as the dense one.
   */
  public void add(Rows rows, Map<String, ?> features, double label, double weight) {
    if (hasher == null) {
      throw new IllegalArgumentException(
          "features are named; this model needs " + input.kind() + " ones");
    }
    check(label, weight);
    rows.beginRow();
    new TreeMap<>(features)
        .forEach(
            (name, value) -> {
              if (value instanceof Number number) {
                double v = number.doubleValue();
                if (!Double.isFinite(v)) {
                  rows.dropRow();
                  throw notFinite(name, v);
                }
                rows.add(hasher.number(name), v);
              } else if (value != null) {
                rows.add(hasher.category(name, value.toString()), 1);
              }
            });
    end(rows, label, weight);
  }

  private void end(Rows rows, double label, double weight) {
    requireFew(rows);
    rows.endRow(label, weight);
  }

  private void requireFew(Rows rows) {
    if (rows.pendingCoordinates() > input.maxFeatures()) {
      int found = rows.pendingCoordinates();
      rows.dropRow();
      throw new IllegalArgumentException(
          found + " features; at most " + input.maxFeatures() + " are allowed");
    }
  }

  private void check(double label, double weight) {
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("weight = " + weight + "; must be finite and at least 0");
    }
    if (Double.isNaN(label)) {
      return;
    }
    boolean fits =
        switch (input.target()) {
          case REAL -> Double.isFinite(label);
          case NON_NEGATIVE -> Double.isFinite(label) && label >= 0;
          case CLASS -> label >= 0 && label < input.classes().size() && label == Math.rint(label);
          case NONE -> false;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "label = "
              + label
              + "; must be "
              + switch (input.target()) {
                case REAL -> "finite";
                case NON_NEGATIVE -> "finite and at least 0";
                case CLASS -> "an index into " + input.classes();
                case NONE -> "absent";
              });
    }
  }

  private static IllegalArgumentException notFinite(String feature, double v) {
    return new IllegalArgumentException("feature '" + feature + "' = " + v + "; must be finite");
  }

  /**
   * Index of a class name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public double label(String className) {
    int i = input.classes().indexOf(className);
    if (i < 0) {
      throw new IllegalArgumentException(
          "label = '" + className + "'; must be one of " + input.classes());
    }
    return i;
  }

  /** Collisions among named features so far. */
  public long collisions() {
    return hasher == null ? 0 : hasher.collisions();
  }
}

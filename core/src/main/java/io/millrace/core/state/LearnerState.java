package io.millrace.core.state;

import java.util.List;

/**
 * What one key has learned: named blocks of doubles and the number of steps taken. Owned by whoever
 * holds it (a Flink state backend, a test); algorithms keep no reference to it. Not thread-safe.
 */
public final class LearnerState {
  private final StateSchema schema;
  private final double[][] blocks;

  /** Block 0: one load less on the way to the parameters of a key that no cache holds. */
  private final double[] first;

  private long steps;

  /** A fresh state: all zeros, no steps. */
  public LearnerState(StateSchema schema) {
    this.schema = schema;
    this.blocks = new double[schema.size()][];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = new double[schema.length(i)];
    }
    first = first(blocks);
  }

  private LearnerState(LearnerState other) {
    this.schema = other.schema;
    this.steps = other.steps;
    this.blocks = new double[other.blocks.length][];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = other.blocks[i].clone();
    }
    first = first(blocks);
  }

  private static double[] first(double[][] blocks) {
    return blocks.length == 0 ? null : blocks[0];
  }

  /**
   * A state over given blocks, no steps.
   *
   * @param blocks in the order and of the lengths of {@code schema}; the arrays are kept
   * @throws IllegalStateException if they do not fit
   */
  public static LearnerState of(StateSchema schema, List<double[]> blocks) {
    if (blocks.size() != schema.size()) {
      throw new IllegalStateException(
          blocks.size() + " blocks for a schema of " + schema.size() + " blocks");
    }
    double[][] arrays = blocks.toArray(double[][]::new);
    for (int i = 0; i < arrays.length; i++) {
      if (arrays[i].length != schema.length(i)) {
        throw new IllegalStateException(
            "block '"
                + schema.name(i)
                + "' has "
                + arrays[i].length
                + " elements, its schema "
                + schema.length(i));
      }
    }
    return new LearnerState(schema, arrays);
  }

  private LearnerState(StateSchema schema, double[][] blocks) {
    this.schema = schema;
    this.blocks = blocks;
    this.first = first(blocks);
  }

  public StateSchema schema() {
    return schema;
  }

  /**
   * The live array of a block: writing to it changes the state.
   *
   * @throws IllegalStateException if the schema has no such block
   */
  public double[] block(String name) {
    int i = schema.indexOf(name);
    if (i < 0) {
      throw new IllegalStateException("no block '" + name + "' was declared");
    }
    return blocks[i];
  }

  /** The live array of block {@code i} of the schema. */
  public double[] block(int i) {
    return i == 0 ? first : blocks[i];
  }

  /** Optimizer steps taken. */
  public long steps() {
    return steps;
  }

  public void setSteps(long steps) {
    this.steps = steps;
  }

  /** A deep copy. */
  public LearnerState copy() {
    return new LearnerState(this);
  }
}

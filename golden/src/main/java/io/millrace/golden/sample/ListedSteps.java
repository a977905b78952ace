package io.millrace.golden.sample;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.UnsupportedGolden;

/**
 * Randomness of one local step as a golden file lists it: rows of the mini-batch and the normals of
 * the noise. What is not listed cannot be drawn.
 */
final class ListedSteps implements Draws {
  private final int purpose;
  private final ListedSteps root;
  private int[] rows = {};
  private double[] z = {};

  ListedSteps() {
    purpose = -1;
    root = this;
  }

  private ListedSteps(ListedSteps root, int purpose) {
    this.root = root;
    this.purpose = purpose;
  }

  /**
   * Aims at a step.
   *
   * @param listed indexes of rows, or null for none
   * @param noise normals, or null for none
   * @param rowCount of the client
   */
  ListedSteps at(JsonNode listed, JsonNode noise, int rowCount, int batch, int size) {
    rows =
        listed == null
            ? new int[0]
            : Fields.integers("minibatch_indexes", listed, 0, Math.max(rowCount - 1, 0));
    if (listed != null && rows.length != batch) {
      throw new MalformedGolden(
          "'minibatch_indexes' has " + rows.length + " entries, expected " + batch);
    }
    z = noise == null ? new double[0] : Fields.flat("z", noise, size);
    return this;
  }

  @Override
  public double uniform(long index) {
    throw missing("uniform numbers", index);
  }

  @Override
  public double normal(long index) {
    if (purpose != Purpose.NOISE || index >= root.z.length) {
      throw missing("normals", index);
    }
    return root.z[(int) index];
  }

  @Override
  public int index(long index, int bound) {
    if (purpose != Purpose.MINI_BATCH || index >= root.rows.length) {
      throw missing("rows", index);
    }
    return root.rows[(int) index];
  }

  @Override
  public Draws fork(int forPurpose) {
    return new ListedSteps(root, forPurpose);
  }

  private UnsupportedGolden missing(String what, long index) {
    return new UnsupportedGolden(
        "the sampler draws "
            + what
            + " for purpose "
            + purpose
            + ", number "
            + index
            + ", which the file does not list");
  }
}

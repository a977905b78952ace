package io.millrace.golden.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Set;

/**
 * Randomness as a golden file lists it, by step: {@code coins} for {@link Purpose#SCHEDULE}, {@code
 * batches} for {@link Purpose#MINI_BATCH} (indexes of rows), {@code rademacher} (signs) or {@code
 * probes} (normals) for {@link Purpose#PERTURBATION}. What is not listed cannot be drawn.
 */
final class ListedDraws implements Draws {
  static final Set<String> INPUTS = Set.of("coins", "rademacher", "probes");

  private final JsonNode inputs;
  private final int purpose;
  private final ListedDraws root;
  private int step;

  ListedDraws(JsonNode inputs) {
    this.inputs = inputs;
    this.purpose = Purpose.NOISE;
    this.root = this;
  }

  private ListedDraws(ListedDraws root, int purpose) {
    this.inputs = root.inputs;
    this.purpose = purpose;
    this.root = root;
  }

  ListedDraws at(int newStep) {
    root.step = newStep;
    return this;
  }

  @Override
  public Draws fork(int forPurpose) {
    return new ListedDraws(root, forPurpose);
  }

  @Override
  public boolean coin(long index, double p) {
    double coin = value("coins", Purpose.SCHEDULE, index);
    if (coin != 0 && coin != 1) {
      throw malformed("coins", coin, "0 or 1");
    }
    return coin != 0;
  }

  @Override
  public double sign(long index) {
    double sign = value("rademacher", Purpose.PERTURBATION, index);
    if (sign != 1 && sign != -1) {
      throw malformed("rademacher", sign, "1 or -1");
    }
    return sign;
  }

  @Override
  public double normal(long index) {
    return value("probes", Purpose.PERTURBATION, index);
  }

  @Override
  public double uniform(long index) {
    throw missing("uniform numbers", index);
  }

  @Override
  public int index(long index, int bound) {
    double row = value("batches", Purpose.MINI_BATCH, index);
    if (!(row >= 0 && row < bound) || row != Math.rint(row)) {
      throw malformed("batches", row, "a row below " + bound);
    }
    return (int) row;
  }

  private double value(String field, int of, long index) {
    JsonNode step = inputs.path(field).path(root.step);
    JsonNode v = step.isArray() ? step.path((int) index) : step;
    if (purpose != of || v.isMissingNode()) {
      throw missing(field, index);
    }
    // A flag is a coin.
    return v.isBoolean() ? (v.booleanValue() ? 1 : 0) : Fields.number(field, v);
  }

  private MalformedGolden malformed(String field, double v, String allowed) {
    return new MalformedGolden(
        "inputs." + field + "[" + root.step + "] has " + v + "; must be " + allowed);
  }

  private UnsupportedGolden missing(String what, long index) {
    return new UnsupportedGolden(
        "the method draws "
            + what
            + " for purpose "
            + purpose
            + ", number "
            + index
            + " of step "
            + root.step
            + ", which the file does not list");
  }
}

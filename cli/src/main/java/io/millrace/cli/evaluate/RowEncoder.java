package io.millrace.cli.evaluate;

import io.millrace.cli.data.DataException;
import io.millrace.cli.data.DataRow;
import io.millrace.cli.data.DataSchema;
import io.millrace.core.features.FeatureEncoder;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings rows of a file into the form the learner takes. Not thread-safe. */
public final class RowEncoder {
  private final InputSpec.Kind kind;
  private final InputSpec.Target target;
  private final FeatureEncoder named;
  private final Map<String, Object> features = new LinkedHashMap<>();

  public RowEncoder(InputSpec input) {
    kind = input.kind();
    target = input.target();
    named = kind == InputSpec.Kind.NAMED ? new FeatureEncoder(input) : null;
  }

  /**
   * What rows of a file look like to a learner.
   *
   * @param target of the loss
   * @param hashBits of named features
   */
  public static InputSpec inputOf(DataSchema schema, InputSpec.Target target, int hashBits) {
    return new InputSpec(
        schema.kind(),
        schema.dimension(),
        hashBits,
        target,
        target == InputSpec.Target.CLASS ? schema.classes() : List.of(),
        Integer.MAX_VALUE);
  }

  /**
   * Appends {@code row}, with its label if it has one.
   *
   * @throws DataException for a label that a job with this loss would refuse
   */
  public void add(Rows rows, DataRow row) throws DataException {
    if (target == InputSpec.Target.NON_NEGATIVE && row.target < 0) {
      throw new DataException(
          "row "
              + row.number
              + ": label is "
              + row.target
              + "; this loss takes numbers from 0 up, as counts are");
    }
    if (named != null) {
      features.clear();
      for (int i = 0; i < row.count; i++) {
        features.put(
            row.name[i], row.category[i] == null ? (Object) row.value[i] : row.category[i]);
      }
      named.add(rows, features, row.target, row.weight);
      return;
    }
    rows.beginRow();
    rows.reserve(row.count);
    for (int i = 0; i < row.count; i++) {
      if (kind == InputSpec.Kind.DENSE) {
        rows.add(row.value[i]);
      } else {
        rows.add(row.index[i], row.value[i]);
      }
    }
    rows.endRow(row.target, row.weight);
  }

  /** Collisions among named features so far. */
  public long collisions() {
    return named == null ? 0 : named.collisions();
  }
}

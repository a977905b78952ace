package io.millrace.cli.evaluate;

import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.supervised.SupervisedOptions;
import java.util.Arrays;

/**
 * Rows over the coordinates that occur in them. A weight of a linear model whose coordinate no row
 * has stays 0 and adds nothing to any norm; a rule that goes over all coordinates still pays for it
 * at every step, and most coordinates that names are hashed into are such. Models that draw their
 * first parameters by coordinate keep all.
 *
 * @param options of the learner, as wide as coordinates occur
 */
public record OccurringRows(Rows rows, SupervisedOptions options) {
  /**
   * Leaves out the coordinates that do not occur; those that do keep their order.
   *
   * @param rows renumbered in place where coordinates are left out
   */
  static OccurringRows of(Rows rows, SupervisedOptions options) {
    InputSpec input = options.input();
    if (input.dense() || !options.model().equals(ModelOptions.linear())) {
      return new OccurringRows(rows, options);
    }
    int end = rows.count() == 0 ? 0 : rows.end(rows.count() - 1);
    int[] index = rows.index();
    int[] place = new int[input.width()];
    Arrays.fill(place, -1);
    for (int c = 0; c < end; c++) {
      place[index[c]] = 0;
    }
    int found = 0;
    for (int i = 0; i < place.length; i++) {
      place[i] = place[i] < 0 ? -1 : found++;
    }
    for (int c = 0; c < end; c++) {
      index[c] = place[index[c]];
    }
    InputSpec narrow =
        new InputSpec(
            InputSpec.Kind.SPARSE,
            Math.max(1, found),
            input.hashBits(),
            input.target(),
            input.classes(),
            input.maxFeatures());
    return new OccurringRows(rows, options.withInput(narrow));
  }
}

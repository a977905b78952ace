package io.millrace.core.optim;

/**
 * A hyperparameter: the only home of its default, its range and its explanation.
 *
 * @param name lower-case with hyphens, as in the job's YAML (beta1, weight-decay)
 * @param def default; flags are 0 or 1
 */
public record Hyper(String name, double def, Range range, String doc) {
  public Hyper {
    if (!range.contains(def)) {
      throw new IllegalStateException(
          "hyperparameter '" + name + "': default " + def + " is outside " + range);
    }
  }
}

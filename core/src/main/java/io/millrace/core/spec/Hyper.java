package io.millrace.core.spec;

/**
 * A hyperparameter: the only home of its default, its range and its explanation.
 *
 * @param name lower-case with hyphens, as in the job's YAML (beta1, weight-decay)
 * @param def default; flags are 0 or 1
 * @param structural whether the lengths of slots depend on it: a running job cannot change it
 */
public record Hyper(String name, double def, Range range, String doc, boolean structural) {
  public Hyper {
    if (!range.contains(def)) {
      throw new IllegalStateException(
          "hyperparameter '" + name + "': default " + def + " is outside " + range);
    }
  }

  /** One that may change while a job runs. */
  public Hyper(String name, double def, Range range, String doc) {
    this(name, def, range, doc, false);
  }

  /** The same with another default. */
  public Hyper withDefault(double other) {
    return new Hyper(name, other, range, doc, structural);
  }

  /** One that is part of the shape of the state. */
  public static Hyper structural(String name, double def, Range range, String doc) {
    return new Hyper(name, def, range, doc, true);
  }
}

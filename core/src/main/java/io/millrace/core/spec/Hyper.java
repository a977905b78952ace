package io.millrace.core.spec;

/**
 * A hyperparameter: the only home of its default, its range and its explanation.
 *
 * @param name lower-case with hyphens, as in the job's YAML (beta1, weight-decay)
 * @param def default; flags are 0 or 1
 * @param structural whether the lengths of slots depend on it: a running job cannot change it
 * @param list whether it is the first of a list; the others have the names {@code name-2}, {@code
 *     name-3}, ... and no default
 */
public record Hyper(
    String name, double def, Range range, String doc, boolean structural, boolean list) {
  public Hyper {
    if (!range.contains(def)) {
      throw new IllegalStateException(
          "hyperparameter '" + name + "': default " + def + " is outside " + range);
    }
  }

  /** One that may change while a job runs. */
  public Hyper(String name, double def, Range range, String doc) {
    this(name, def, range, doc, false, false);
  }

  /** The same with another default. */
  public Hyper withDefault(double other) {
    return new Hyper(name, other, range, doc, structural, list);
  }

  /** One that is part of the shape of the state. */
  public static Hyper structural(String name, double def, Range range, String doc) {
    return new Hyper(name, def, range, doc, true, false);
  }

  /** The first of a list of any length. */
  public static Hyper list(String name, double def, Range range, String doc) {
    return new Hyper(name, def, range, doc, false, true);
  }

  /** Name of element {@code k} of the list, from 1. */
  public String element(int k) {
    return element(name, k);
  }

  /** Name of element {@code k}, from 1, of the list whose first has a name. */
  public static String element(String name, int k) {
    return k == 1 ? name : name + "-" + k;
  }

  /** Which element of this list goes by a name, from 1; 0: none. */
  int elementOf(String given) {
    if (given.equals(name)) {
      return 1;
    }
    if (!list || !given.startsWith(name + "-")) {
      return 0;
    }
    String k = given.substring(name.length() + 1);
    // No leading zero, no sign, and few enough digits for an int.
    return k.matches("[2-9]|[1-9][0-9]{1,8}") ? Integer.parseInt(k) : 0;
  }
}

package io.millrace.core.features;

import io.millrace.core.ConfigException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the events of a job must look like: features and label. Used alike by the operator, the
 * client and the command line.
 *
 * @param kind how features come
 * @param dimension coordinates of a dense or sparse vector; ignored where named
 * @param hashBits named features are hashed into {@code 2^hashBits} coordinates
 * @param target what a label is
 * @param classes class names in order of their index; for {@link Target#CLASS} at least two
 * @param maxFeatures most coordinates one event may carry
 */
public record InputSpec(
    Kind kind, int dimension, int hashBits, Target target, List<String> classes, int maxFeatures)
    implements Serializable {
  /** How features come. */
  public enum Kind {
    DENSE,
    SPARSE,
    NAMED
  }

  /** What a label is. */
  public enum Target {
    /** Any finite number. */
    REAL,
    /** A finite number, at least 0. */
    NON_NEGATIVE,
    /** A class: its name, or its index as a number. */
    CLASS,
    /** There are no labels. */
    NONE
  }

  public InputSpec {
    classes = List.copyOf(classes);
    List<String> faults = new ArrayList<>();
    if (kind != Kind.NAMED && dimension < 1) {
      faults.add(
          "features.dimension = "
              + dimension
              + "; must be at least 1 because features.kind is "
              + kind.name().toLowerCase(Locale.ROOT));
    }
    if (kind == Kind.NAMED && (hashBits < 1 || hashBits > 28)) {
      faults.add("features.hash-bits = " + hashBits + "; must lie in [1, 28]");
    }
    if (target == Target.CLASS && classes.size() < 2) {
      faults.add(
          "model.classes = "
              + classes
              + "; must name at least two classes because the loss is one for classes");
    }
    if (classes.stream().distinct().count() != classes.size()) {
      faults.add("model.classes = " + classes + "; names must differ");
    }
    if (maxFeatures < 1) {
      faults.add("limits.features-per-example = " + maxFeatures + "; must be at least 1");
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
  }

  /** Coordinates of the model's input. */
  public int width() {
    return kind == Kind.NAMED ? 1 << hashBits : dimension;
  }

  /** Whether rows are dense. */
  public boolean dense() {
    return kind == Kind.DENSE;
  }
}

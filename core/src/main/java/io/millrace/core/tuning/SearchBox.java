package io.millrace.core.tuning;

import io.millrace.core.ConfigException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the points of a tuner mean: a range and a scale for every parameter. Immutable.
 *
 * @param parameters in the order of the entries of a point
 */
public record SearchBox(List<Parameter> parameters) {
  /** How a range is gone through. */
  public enum Scale {
    LINEAR,
    /** Equal ratios are equal steps: for rates and other positive numbers of unknown size. */
    LOGARITHMIC,
    /** Whole numbers, both ends included. */
    INTEGER
  }

  /**
   * One parameter.
   *
   * @param low what 0 means
   * @param high what 1 means
   */
  public record Parameter(String name, double low, double high, Scale scale) {
    /**
     * The value at an entry of a point.
     *
     * @param u in [0, 1]
     */
    public double value(double u) {
      return switch (scale) {
        case LINEAR -> Math.min(high, low + u * (high - low));
        case LOGARITHMIC ->
            Math.max(low, Math.min(high, low * StrictMath.exp(u * StrictMath.log(high / low))));
        case INTEGER -> Math.min(high, low + Math.floor(u * (high - low + 1)));
      };
    }

    private void faults(List<String> into) {
      boolean finite = Double.isFinite(low) && Double.isFinite(high);
      if (!finite || !(low < high)) {
        into.add(
            "parameter '" + name + "' = [" + low + ", " + high + "]; must be finite and ascending");
      } else if (scale == Scale.LOGARITHMIC && !(low > 0)) {
        into.add(
            "parameter '"
                + name
                + "' = ["
                + low
                + ", "
                + high
                + "]; must lie above 0 because its scale is logarithmic");
      } else if (scale == Scale.INTEGER && (low != Math.rint(low) || high != Math.rint(high))) {
        into.add(
            "parameter '"
                + name
                + "' = ["
                + low
                + ", "
                + high
                + "]; must have whole numbers as ends");
      }
    }
  }

  /**
   * Checks the parameters.
   *
   * @throws ConfigException listing every fault
   */
  public SearchBox {
    parameters = List.copyOf(parameters);
    List<String> faults = new ArrayList<>();
    if (parameters.isEmpty()) {
      faults.add("a search box has no parameters; name at least one");
    }
    Set<String> names = new HashSet<>();
    for (Parameter p : parameters) {
      p.faults(faults);
      if (!names.add(p.name())) {
        faults.add("parameter '" + p.name() + "' is given twice");
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
  }

  /** d, numbers per point. */
  public int dimension() {
    return parameters.size();
  }

  /**
   * The values at a point.
   *
   * @param point [d], entries in [0, 1], not modified
   * @param values [d], overwritten
   */
  public void decode(double[] point, double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = parameters.get(i).value(point[i]);
    }
  }
}

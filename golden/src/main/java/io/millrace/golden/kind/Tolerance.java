package io.millrace.golden.kind;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far a value may be from the expected one. Two forms are in use: {@code {"rtol": r, "atol":
 * a}} allows {@code r |expected| + a}; a plain number {@code r} allows {@code r max(1,
 * |expected|)}. Errors are divided by {@code max(least, weight |expected| + offset)}, so that
 * {@link #bound} is what they may be at most.
 */
public record Tolerance(double bound, double weight, double offset, double least) {
  /** The tolerance that a file states. */
  public static Tolerance of(JsonNode file) {
    JsonNode t = Fields.need(file, "tolerance");
    if (!t.isObject()) {
      return new Tolerance(allowed("tolerance", Fields.number("tolerance", t)), 1, 0, 1);
    }
    double relative = allowed("rtol", Fields.number(t, "rtol"));
    double absolute = allowed("atol", Fields.number(t, "atol"));
    return relative > 0
        ? new Tolerance(relative, 1, absolute / relative, 0)
        : new Tolerance(absolute, 0, 1, 0);
  }

  /** A tolerance of 1 or more lets almost anything pass. */
  private static double allowed(String field, double tolerance) {
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new MalformedGolden("'" + field + "' is " + tolerance + "; must lie in [0, 1)");
    }
    return tolerance;
  }

  /** The same bound on plain differences. */
  public Tolerance absolute() {
    return new Tolerance(bound, 0, 1, 0);
  }

  /** A tolerance so many times as large, in errors that are divided by as much: the same bound. */
  public Tolerance times(double factor) {
    return new Tolerance(bound, weight * factor, offset * factor, least * factor);
  }

  /** The error of {@code actual}; infinite where one of the two is not finite and they differ. */
  public double error(double expected, double actual) {
    if (expected == actual || Double.isNaN(expected) && Double.isNaN(actual)) {
      return 0;
    }
    double scale = Math.max(least, weight * Math.abs(expected) + offset);
    double error = Math.abs(actual - expected) / scale;
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}

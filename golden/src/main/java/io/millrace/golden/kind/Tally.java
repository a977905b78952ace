package io.millrace.golden.kind;

import java.util.Locale;

/** Counts the comparisons of one file and remembers the largest error and the first fault. */
public final class Tally {
  private final Tolerance tolerance;
  private long cases;
  private double largestError;
  private String firstFault = "";

  public Tally(Tolerance tolerance) {
    this.tolerance = tolerance;
  }

  public Tolerance tolerance() {
    return tolerance;
  }

  /** One more case is about to be compared. */
  public void begin() {
    cases++;
  }

  /** Compares within the file's tolerance. */
  public void compare(String where, double expected, double actual) {
    compare(where, expected, actual, tolerance);
  }

  /** Compares arrays within the file's tolerance. */
  public void compare(String where, double[] expected, double[] actual) {
    compare(where, expected, actual, tolerance);
  }

  /** Compares arrays within a tolerance of their own. */
  public void compare(String where, double[] expected, double[] actual, Tolerance within) {
    if (expected.length != actual.length) {
      fault(
          where + ": " + actual.length + " values, expected " + expected.length,
          Double.POSITIVE_INFINITY);
      return;
    }
    for (int i = 0; i < expected.length; i++) {
      compare(where + "[" + i + "]", expected[i], actual[i], within);
    }
  }

  /** Compares within a tolerance of its own. */
  public void compare(String where, double expected, double actual, Tolerance within) {
    double error = within.error(expected, actual);
    if (error <= within.bound()) {
      largestError = Math.max(largestError, error);
    } else {
      fault(
          String.format(
              Locale.ROOT,
              "%s = %s, expected %s (error %.3g, allowed %.3g)",
              where,
              actual,
              expected,
              error,
              within.bound()),
          error);
    }
  }

  /** Compares what has to be equal; a difference counts as an infinite error. */
  public void exact(String where, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      fault(where + " = " + actual + ", expected " + expected, Double.POSITIVE_INFINITY);
    }
  }

  private void fault(String message, double error) {
    largestError = Math.max(largestError, error);
    if (firstFault.isEmpty()) {
      firstFault = message;
    }
  }

  public long cases() {
    return cases;
  }

  public double largestError() {
    return largestError;
  }

  /** Empty where every comparison held. */
  public String firstFault() {
    return firstFault;
  }
}

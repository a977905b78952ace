package io.millrace.core.dictionary.learner;

import io.millrace.core.compute.Vectors;
import java.util.Locale;

/** What is done to a signal before it is coded or learned from. */
public enum SignalScaling {
  /** Taken as it is. */
  NONE(false, false),
  /** Divided by its norm. */
  UNIT_NORM(false, true),
  /** Its mean subtracted. */
  CENTER(true, false),
  /** Its mean subtracted, then divided by its norm. */
  CENTER_UNIT_NORM(true, true);

  /** Squares above this have lost nothing to underflow. */
  private static final double SMALL = 1e-290;

  private final boolean centers;
  private final boolean scales;

  SignalScaling(boolean centers, boolean scales) {
    this.centers = centers;
    this.scales = scales;
  }

  /** Whether the mean of a signal is taken off. */
  boolean centers() {
    return centers;
  }

  /** The word in the job's YAML. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Applies itself in place: {@code (x - offset) / scale}. A signal that is zero, or has become
   * zero, stays zero.
   *
   * @param x [n] from {@code at}
   */
  public void apply(double[] x, int at, int n) {
    takeOff(offset(x, at, n), x, at, n);
    divide(scale(x, at, n), x, at, n);
  }

  /** Takes an {@link #offset} off. */
  void takeOff(double offset, double[] x, int at, int n) {
    for (int i = at; centers && i < at + n; i++) {
      x[i] -= offset;
    }
  }

  /** Divides by a {@link #scale}. */
  void divide(double scale, double[] x, int at, int n) {
    for (int i = at; scales && i < at + n; i++) {
      x[i] /= scale;
    }
  }

  /**
   * What is taken off a signal: its mean, or 0. The mean of a flat signal is its value to the bit:
   * a rounded one would leave differences of a last place, which {@link #scale} would make a signal
   * of norm 1.
   */
  public double offset(double[] x, int at, int n) {
    if (!centers) {
      return 0;
    }
    double sum = 0;
    boolean flat = true;
    for (int i = 0; i < n; i++) {
      sum += x[at + i];
      flat &= x[at + i] == x[at];
    }
    return flat ? x[at] : sum / n;
  }

  /** What a signal is divided by once the offset is off: its norm, or 1 where that is 0. */
  public double scale(double[] x, int at, int n) {
    if (!scales) {
      return 1;
    }
    double squares = Vectors.dot(x, at, x, at, n);
    // Squares of very large or small numbers leave the range of doubles, norms do not.
    boolean inRange = squares > SMALL && squares < Double.POSITIVE_INFINITY;
    double norm = inRange ? Math.sqrt(squares) : Vectors.norm(x, at, n);
    return norm > 0 ? norm : 1;
  }
}

package io.millrace.core.dictionary;

import io.millrace.core.linalg.Vectors;
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

  private final boolean centers;
  private final boolean scales;

  SignalScaling(boolean centers, boolean scales) {
    this.centers = centers;
    this.scales = scales;
  }

  /** The word in the job's YAML. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Applies itself in place. A signal that is zero, or has become zero, stays zero.
   *
   * @param x [n] from {@code offset}
   */
  public void apply(double[] x, int offset, int n) {
    if (centers) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += x[offset + i];
      }
      double mean = sum / n;
      for (int i = 0; i < n; i++) {
        x[offset + i] -= mean;
      }
    }
    if (scales) {
      double norm = Math.sqrt(Vectors.dot(x, offset, x, offset, n));
      if (norm > 0) {
        for (int i = 0; i < n; i++) {
          x[offset + i] /= norm;
        }
      }
    }
  }
}

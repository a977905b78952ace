package io.millrace.core.scaling;

/** Whether features are brought to a common scale on the way to the model. */
public enum Scaling {
  /** Features are used as they come. */
  NONE(Double.POSITIVE_INFINITY),
  /** Features are scaled by running statistics in the key's state; see {@link FeatureScaler}. */
  STANDARD(Double.POSITIVE_INFINITY),
  /** The same, but the statistics forget all but about the last 1,000 rows. */
  RECENT(1000);

  private final double window;

  Scaling(double window) {
    this.window = window;
  }

  /** Rows that the statistics remember; infinite: all. */
  public double window() {
    return window;
  }
}

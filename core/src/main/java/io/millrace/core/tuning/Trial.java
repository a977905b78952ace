package io.millrace.core.tuning;

/**
 * One evaluation that a {@link Tuner} asks for: which configuration, at which point of the unit
 * box, with how much resource. Filled by {@link Tuner#next}; whoever runs the trial keeps it and
 * hands it back with its loss.
 */
public final class Trial {
  private final double[] point;
  private int config;
  private int rung;
  private double resource;

  /** A trial yet to be filled. */
  public Trial(int dimension) {
    point = new double[dimension];
  }

  /**
   * Fills all but the point.
   *
   * @param config number of the configuration, from 0; trials of one continue the same learner
   * @param rung from 0
   * @param resource what the configuration has had in all when the trial ends, above 0: events
   *     consumed, in a unit of the caller
   */
  public Trial set(int config, int rung, double resource) {
    this.config = config;
    this.rung = rung;
    this.resource = resource;
    return this;
  }

  /** Live array of the point, every entry in [0, 1]. */
  public double[] point() {
    return point;
  }

  public int config() {
    return config;
  }

  public int rung() {
    return rung;
  }

  public double resource() {
    return resource;
  }
}

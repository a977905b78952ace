package io.millrace.core.model;

/** A loss of one raw output. Its methods take and return plain numbers, for use in inner loops. */
public abstract class ScalarLoss implements Loss {
  /** The loss at raw output {@code s}. */
  public abstract double value(double s, double y);

  /** Its derivative in {@code s}. */
  public abstract double derivative(double s, double y);

  /** The prediction that {@code s} stands for. */
  public double mean(double s) {
    return s;
  }

  /**
   * Mean and derivative in one call, for losses that share work between them.
   *
   * @param out [2], overwritten: {@code mean(s)} and {@code derivative(s, y)}, with the same bits
   */
  public void meanAndDerivative(double s, double y, double[] out) {
    out[0] = mean(s);
    out[1] = derivative(s, y);
  }

  /** The loss as reported, from {@link #mean(double)}. */
  public double reported(double mean, double y) {
    return value(mean, y);
  }

  /** Second derivative in {@code s}. */
  public double curvature(double s, double y) {
    throw new IllegalStateException(getClass().getSimpleName() + " offers no curvature");
  }

  /** The class that a mean stands for; -1 where there are none. */
  public int classOf(double mean) {
    return -1;
  }

  @Override
  public final int outputs() {
    return 1;
  }

  @Override
  public final double value(double[] raw, double y) {
    return value(raw[0], y);
  }

  @Override
  public final void derivative(double[] raw, double y, double[] out) {
    out[0] = derivative(raw[0], y);
  }

  @Override
  public final void mean(double[] raw, double[] out) {
    out[0] = mean(raw[0]);
  }

  @Override
  public final double reported(double[] mean, double y) {
    return reported(mean[0], y);
  }

  @Override
  public final int classOf(double[] mean) {
    return classOf(mean[0]);
  }

  @Override
  public final void curvature(double[] raw, double y, double[] direction, double[] out) {
    out[0] = curvature(raw[0], y) * direction[0];
  }
}

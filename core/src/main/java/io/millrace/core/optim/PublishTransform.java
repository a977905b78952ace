package io.millrace.core.optim;

/**
 * Publishes another point than the one that is stepped on. Only around optimizers that publish the
 * point they step on, and at most one.
 */
public interface PublishTransform extends Part {
  /**
   * Told of every step, after all other parts.
   *
   * @param before parameters before the step, not modified
   * @param theta parameters after it, not modified
   * @param slots modified only where this part declared them
   */
  void stepped(double[] before, double[] theta, Slots slots);

  /**
   * Changes the parameters into the point to publish.
   *
   * @param point holds the parameters
   * @param slots not modified
   */
  void publish(double[] point, Slots slots);
}

package io.millrace.core.sample;

/**
 * A point at which a client knows the gradient of its likelihood exactly. All clients of an epoch
 * have the same point.
 *
 * @param point [d], kept, not to be modified
 * @param gradient [d], {@code sum_i grad log p(x_i | point)} over the rows of the client, likewise
 */
public record Anchor(double[] point, double[] gradient) {
  /** Asks a likelihood. */
  public static Anchor of(Likelihood likelihood, double[] point) {
    double[] gradient = new double[point.length];
    likelihood.addGradient(point, 1, gradient);
    return new Anchor(point.clone(), gradient);
  }
}

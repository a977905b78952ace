package io.millrace.core.model;

import io.millrace.core.compute.Elementary;

/**
 * How wrong a model's raw outputs are for a label. Immutable and thread-safe.
 *
 * <p>Arrays hold one element per output; labels are targets or class indices and have been checked
 * against the loss's target kind.
 */
public interface Loss {
  /** Raw outputs the model must have. */
  int outputs();

  /**
   * The exact loss, of which {@link #derivative} is the derivative. It is at least 0, and 0 or near
   * it where the model fits the row: rules that step by it (Polyak steps, and what is capped by
   * them) assume that.
   *
   * @param raw not modified
   */
  double value(double[] raw, double y);

  /**
   * Derivative of {@link #value} in the raw outputs; where it jumps, an element of the
   * subdifferential.
   *
   * @param raw not modified
   * @param out overwritten
   */
  void derivative(double[] raw, double y, double[] out);

  /**
   * The prediction that raw outputs stand for: a mean, probabilities, or a score.
   *
   * @param raw not modified
   * @param out overwritten
   */
  void mean(double[] raw, double[] out);

  /**
   * The loss as it is reported, from {@link #mean}'s result. Log-losses are limited to what a
   * probability within [1e-6, 1 - 1e-6] costs, so that one row cannot drown a running mean.
   */
  double reported(double[] mean, double y);

  /** The class that {@link #mean}'s result stands for; -1 where there are no classes. */
  int classOf(double[] mean);

  /**
   * Whether {@link #derivative} grows without bound with the error. Under such a loss a step can be
   * the larger the further off the model is, so a model can run away; see {@code LossLevel}.
   */
  default boolean steep() {
    return false;
  }

  /** What a change of the labels' unit, or of their size, does to {@link #derivative}. */
  enum LabelUnit {
    /** Labels are classes and have none. */
    NONE,
    /** Outputs and derivatives are in the labels' unit. */
    ERROR,
    /** Outputs are in the labels' unit, derivatives have none. */
    SIGN,
    /** Outputs are logarithms; derivatives are counts. */
    COUNT
  }

  /** The unit of outputs and derivatives. */
  default LabelUnit labelUnit() {
    return LabelUnit.NONE;
  }

  /** Whether {@link #curvature} is offered. */
  default boolean curved() {
    return false;
  }

  /**
   * Second derivative of {@link #value} in the raw outputs, times a direction.
   *
   * @param raw not modified
   * @param direction not modified
   * @param out overwritten
   */
  default void curvature(double[] raw, double y, double[] direction, double[] out) {
    throw new IllegalStateException(getClass().getSimpleName() + " offers no curvature");
  }

  /** Reported loss of a probability {@code q} that was given to what then happened. */
  static double logLoss(double q) {
    return -Elementary.log(Math.min(Math.max(q, 1e-6), 1 - 1e-6));
  }

  /** Whether the means are probabilities of classes. */
  default boolean probabilities() {
    return false;
  }
}

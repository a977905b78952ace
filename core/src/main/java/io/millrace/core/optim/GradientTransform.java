package io.millrace.core.optim;

/** Changes every gradient that an optimizer asks for, before the optimizer sees it. */
public interface GradientTransform extends Part {
  /**
   * Changes {@code update} in place.
   *
   * @param update gradient, or what an earlier part made of it
   * @param theta where it was taken, not modified
   */
  void apply(double[] update, double[] theta, Slots slots, StepContext context);
}

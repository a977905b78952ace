package io.millrace.core.optim;

/** A composable part of an optimizer: one update vector in, one out, in place. Immutable. */
public interface GradientTransform {
  void declareSlots(ParamLayout layout, Slots.Declaration slots);

  /**
   * Changes {@code update} in place.
   *
   * @param update gradient, or what an earlier part made of it
   * @param theta not modified
   */
  void apply(double[] update, double[] theta, Slots slots, StepContext context);

  SparseSupport sparse();
}

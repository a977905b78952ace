package io.millrace.core.optim;

/** Changes the parameters beside the optimizer's step: decay, shrinking, projection. */
public interface ParamTransform extends Part {
  /** When, relative to the optimizer's step. */
  enum Place {
    BEFORE_STEP,
    AFTER_STEP
  }

  Place place();

  /**
   * Changes {@code theta} in place.
   *
   * @param slots modified only where this part declared them
   */
  void apply(double[] theta, Slots slots, StepContext context);
}

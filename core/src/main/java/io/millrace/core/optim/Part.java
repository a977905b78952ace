package io.millrace.core.optim;

/**
 * Something put around an optimizer by {@link io.millrace.core.catalog.Optimizers#configure}: a
 * {@link GradientTransform}, a {@link ParamTransform} or a {@link PublishTransform}. Immutable;
 * shared by all keys of a subtask.
 */
public interface Part {
  /**
   * Declares slots; zero-filled before the first step. Their names start with the part's id and a
   * dot, so that they cannot meet the optimizer's.
   */
  default void declareSlots(ParamLayout layout, Slots.Declaration slots) {}

  /** What happens when a step sees only the touched coordinates. */
  SparseSupport sparse();
}

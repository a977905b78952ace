package io.millrace.core.optim;

import java.util.Set;

/**
 * An update rule. It is immutable, and one object serves all keys: its state is in slots, which it
 * declares and which each call hands to it.
 */
public interface Optimizer {
  /** What it asks of the objective. */
  default Set<Oracle> needs() {
    return Set.of(Oracle.GRADIENT);
  }

  /** Declares slots: names and lengths; zero-filled before the first step. */
  void declareSlots(ParamLayout layout, Slots.Declaration slots);

  /**
   * Called once before the first step, for slots that do not start at zero or depend on the start
   * point.
   *
   * @param theta start point, not modified
   */
  default void initialize(double[] theta, Slots slots) {}

  /**
   * One step on one mini-batch. Allocates nothing in steady state.
   *
   * <p>A step that overflows leaves a number that is not finite in theta or in a slot. It does not
   * throw, does not clamp what overflowed, and does not pass over the step: whoever called sees the
   * number, takes the whole step back, slots included, and refuses the mini-batch.
   *
   * @param theta modified in place
   * @param slots modified in place
   */
  void step(Objective objective, double[] theta, Slots slots, StepContext context);

  /**
   * Writes the point to publish and to predict with to {@code out}. Unless a rule overrides this,
   * it is the point that is stepped on.
   */
  default void publish(double[] theta, Slots slots, double[] out) {
    System.arraycopy(theta, 0, out, 0, theta.length);
  }

  /** Whether {@link #publish} is more than a copy. */
  default boolean publishesAnotherPoint() {
    return false;
  }

  /**
   * Whether {@link #step} is exactly {@code theta -= learningRate * gradient(theta)} and there are
   * no slots. A learner may then take the step itself, in one pass and with the same bits. May
   * depend on the hyperparameters.
   */
  default boolean onlyDescends() {
    return false;
  }

  /**
   * What the rule promises when a step sees only the touched coordinates. May depend on the
   * hyperparameters.
   */
  SparseSupport sparse();

  /** Whether a step asks for {@link StepContext#parameterUnit} and {@code gradientUnit}. */
  default boolean usesUnits() {
    return false;
  }
}

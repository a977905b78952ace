package io.millrace.core.sample;

import io.millrace.core.optim.Slots;

/**
 * Turns an estimated gradient of the log posterior into a random step. It is immutable, and one
 * object serves all chains: what it keeps of a chain is in slots, which travel with theta.
 */
public interface Diffusion {
  /** Declares slots, one double per parameter each; zero-filled before the first step. */
  default void declareSlots(int size, Slots.Declaration slots) {}

  /**
   * Whether theta may be where the chain begins.
   *
   * @return empty, or what is wrong: "theta[3] = -1.0; must be positive"
   */
  default String faultOfStart(double[] theta) {
    return "";
  }

  /**
   * Called before the gradient is asked for: a diffusion with momentum moves theta here.
   *
   * @param theta modified in place
   */
  default void advance(double[] theta, Slots slots) {}

  /**
   * One step. Allocates nothing in steady state. Where it overflows it leaves a number that is not
   * finite in theta or in a slot; whoever called takes the visit back.
   *
   * @param theta modified in place
   * @param drift [d], the estimated gradient of the log posterior at theta; scratch afterwards
   * @param meanRow [d], the mean gradient of the rows drawn; scratch afterwards
   */
  void step(double[] theta, double[] drift, double[] meanRow, Slots slots, LocalStep step);

  /**
   * How much noise an estimate brings into a step, as a part of the noise that is meant: the mean
   * over the parameters of the one variance over the other. At a temperature above 0.
   *
   * @param theta where the chain is, not modified
   * @param variance [d], of each coordinate of the estimated gradient; not modified
   * @param slots not modified
   */
  double noiseRatio(double[] theta, double[] variance, Slots slots, LocalStep step);
}

package io.millrace.core.sample;

import io.millrace.core.optim.Slots;

/**
 * Estimates the gradient of the log-likelihood of all clients from some rows of one. It is
 * immutable, and one object serves all chains and clients: what it keeps of a chain at a client is
 * in slots, which it declares and which each call hands to it.
 */
public interface Estimator {
  /**
   * Declares slots, zero-filled before {@link #initialize}. One chain at one client has them.
   *
   * @param size number of parameters
   * @param rows of the client
   */
  default void declareSlots(int size, int rows, Slots.Declaration slots) {}

  /**
   * Called before the first estimate with these slots.
   *
   * @param theta where the chain is, not modified
   */
  default void initialize(Shard shard, double[] theta, Slots slots) {}

  /** Whether it asks for {@link Shard#anchor}. */
  default boolean needsAnchor() {
    return false;
  }

  /**
   * Adds an estimate of {@code 1/f sum_i grad log p(x_i | theta)} over the client's rows to {@code
   * out}. Allocates nothing in steady state.
   *
   * @param theta not modified
   * @param out [d], added to
   * @param meanRow [d], overwritten by the mean gradient at theta of the rows drawn, or of all
   */
  void estimate(
      Shard shard, double[] theta, Slots slots, LocalStep step, double[] out, double[] meanRow);
}

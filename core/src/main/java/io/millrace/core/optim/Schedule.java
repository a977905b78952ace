package io.millrace.core.optim;

/** Learning rate as a function of the steps a key has taken. Pure and immutable. */
@FunctionalInterface
public interface Schedule {
  /**
   * The learning rate.
   *
   * @param step steps taken before this one, from 0
   */
  double at(long step);
}

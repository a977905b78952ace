package io.millrace.cli.systems;

/**
 * A sequence of linear systems, each of which is solved once with one omega: what a policy decides
 * about. Which systems come does not depend on the omegas.
 */
public interface SystemStream {
  /** Moves to the next system; before the first call there is none. */
  void next();

  /** A number that is known of the present system before it is solved. */
  double context();

  /** The least context that can come. */
  double contextLow();

  /** The greatest context that can come. */
  double contextHigh();

  /**
   * Solves the present system.
   *
   * @param omega in (0, 2)
   * @return iterations, the cost of that omega
   */
  int iterations(double omega);
}

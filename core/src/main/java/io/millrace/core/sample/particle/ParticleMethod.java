package io.millrace.core.sample.particle;

import io.millrace.core.compute.Workspace;

/**
 * Moves particles that together stand for a distribution. Immutable; the particles are the state.
 */
public interface ParticleMethod {
  /**
   * One step of all particles, from where they all are. In steady state allocates nothing.
   *
   * @param particles [count x d], moved in place
   * @param count at least 1
   * @param stepSize eps, positive
   */
  void step(Score score, double[] particles, int count, double stepSize, Workspace workspace);
}

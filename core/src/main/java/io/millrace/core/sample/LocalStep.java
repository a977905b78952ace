package io.millrace.core.sample;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;

/**
 * What a local step may use beside theta and its slots. Reused: aimed at one step after another.
 * Not thread-safe.
 */
public final class LocalStep {
  private final Workspace workspace;
  private Draws draws;
  private long index;
  private double stepSize;
  private double temperature;

  public LocalStep(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Aims at a step.
   *
   * @param at running number of the step in its chain, from 0
   * @param size h, as in {@code theta + h/2 v + sqrt(h) z}; positive
   * @param heat T, which multiplies the variance of the noise; 0: no noise is drawn
   * @param of this step: a function of job seed, chain and step
   * @return this
   */
  public LocalStep aim(long at, double size, double heat, Draws of) {
    index = at;
    stepSize = size;
    temperature = heat;
    if (draws != of) {
      draws = of;
    }
    return this;
  }

  /** Running number of the step in its chain, from 0. */
  public long index() {
    return index;
  }

  /** The step size h. */
  public double stepSize() {
    return stepSize;
  }

  /** The temperature T; 1 samples the posterior. */
  public double temperature() {
    return temperature;
  }

  /** Randomness of this step; mini-batches and noise are purposes of their own. */
  public Draws draws() {
    return draws;
  }

  public Workspace workspace() {
    return workspace;
  }
}

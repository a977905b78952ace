package io.millrace.core.rng;

/**
 * What random numbers are drawn for. Each purpose is an independent stream. Numbers are part of the
 * result of a job: append only.
 */
public final class Purpose {
  /** Noise of Langevin steps; also the default of a fresh {@link PhiloxDraws}. */
  public static final int NOISE = 0;

  /** Choice of the rows of a mini-batch. */
  public static final int MINI_BATCH = 1;

  /** Choices about order and timing: which client next, coin flips of variance reduction. */
  public static final int SCHEDULE = 2;

  /** Stochastic rounding in compression. */
  public static final int ROUNDING = 3;

  /** Directions of zeroth-order estimates and of Hessian probes. */
  public static final int PERTURBATION = 4;

  /** Start points. */
  public static final int INITIALIZATION = 5;

  /** Noise added to gradients. */
  public static final int GRADIENT_NOISE = 6;

  /** Signals that take the place of unused atoms of a dictionary. */
  public static final int ATOMS = 7;

  /** Start values of models; apart from what optimizers draw at the same step. */
  public static final int MODEL = 8;

  /** Uniforms by which a policy picks an arm. */
  public static final int ARM = 9;

  /** Normals of posterior samples, by which a policy ranks arms. */
  public static final int POSTERIOR = 10;

  /** How often the trees of a forest take an event. */
  public static final int BAGGING = 16;

  /** Which attributes a node of a forest's tree observes. */
  public static final int ATTRIBUTES = 17;

  /** Where half-space trees cut. */
  public static final int HALF_SPACES = 18;

  /** Arms that a baseline draws, in whose shadow a policy learns. */
  public static final int BASELINE = 24;

  /** Which row of a reservoir gives way to a new one. */
  public static final int RESERVOIR = 32;

  /** Samples by which a detector of drift compares. */
  public static final int DRIFT = 40;

  private Purpose() {}
}

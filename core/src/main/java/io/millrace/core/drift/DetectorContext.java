package io.millrace.core.drift;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;

/**
 * What a detector may use for one value, and what it leaves beside its signal. One per subtask,
 * used again; not thread-safe.
 */
public final class DetectorContext {
  private final Draws draws;
  private final Workspace workspace;

  private double statistic = Double.NaN;
  private double threshold = Double.NaN;

  /**
   * A context.
   *
   * @param draws to be aimed by the caller at the value that is about to be added
   */
  public DetectorContext(Draws draws, Workspace workspace) {
    this.draws = draws;
    this.workspace = workspace;
  }

  /** Random numbers of the value at hand. */
  Draws draws() {
    return draws;
  }

  /** Scratch. */
  Workspace workspace() {
    return workspace;
  }

  /** Forgets what the last value has left. */
  public void clear() {
    statistic = Double.NaN;
    threshold = Double.NaN;
  }

  /** Leaves the statistic of a test, and the threshold that it was compared with. */
  void tested(double value, double limit) {
    statistic = value;
    threshold = limit;
  }

  /** Statistic of the last test; NaN: no test was made. */
  public double statistic() {
    return statistic;
  }

  /** What the statistic was compared with: beyond it lies a change. NaN: no test was made. */
  public double threshold() {
    return threshold;
  }
}

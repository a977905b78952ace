package io.millrace.core.tuning;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/** What all tuners have: a declaration, a dimension, and the best trial so far. */
abstract class AbstractTuner implements Tuner {
  private final TunerSpec spec;
  private final TunerSettings settings;

  AbstractTuner(TunerSpec spec, TunerSettings settings) {
    this.spec = spec;
    this.settings = settings;
  }

  @Override
  public final String id() {
    return spec.id();
  }

  @Override
  public final int stateVersion() {
    return spec.stateVersion();
  }

  @Override
  public final int dimension() {
    return settings.dimension();
  }

  @Override
  public final int constraints() {
    return settings.constraints();
  }

  @Override
  public final int incumbent(LearnerState state) {
    return Incumbent.config(state);
  }

  @Override
  public final void incumbentPoint(LearnerState state, double[] point) {
    Incumbent.point(state, point);
  }

  /** Blocks of the best trial; those of the method follow. */
  final StateSchema.Builder blocks() {
    return Incumbent.declare(new StateSchema.Builder(), dimension());
  }

  /** Counts a trial that is handed out. */
  static void count(LearnerState state) {
    state.setSteps(state.steps() + 1);
  }

  /** A point of the unit box, each of its entries uniform. */
  static void uniform(Draws draws, double[] point) {
    Draws uniforms = draws.fork(Purpose.INITIALIZATION);
    for (int i = 0; i < point.length; i++) {
      point[i] = uniforms.uniform(i);
    }
  }

  static double clamp(double u) {
    return Math.max(0, Math.min(1, u));
  }

  /** What counts of a loss: one that is not finite is worse than all others. */
  static double counted(double loss) {
    return Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY;
  }
}

package io.millrace.core.sample.chain;

import io.millrace.core.optim.Slots;
import io.millrace.core.sample.Diffusion;
import io.millrace.core.sample.Estimator;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.Shard;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;

/**
 * A Langevin kernel: an estimator, the correction of the client, and a diffusion, composed.
 * Immutable; one object serves all chains and clients.
 *
 * <pre>
 * v = grad log p(theta) + estimate + conducive gradient,   then a step of the diffusion along v
 * </pre>
 *
 * @param estimator of the gradient of everybody's rows
 * @param diffusion that takes the step
 */
public record Sampler(Estimator estimator, Diffusion diffusion) {
  /**
   * Name of the block of a chain that holds the parameters; the others are the diffusion's slots.
   */
  public static final String THETA = "theta";

  /** What travels with a chain: {@link #THETA}, then the slots of the diffusion. */
  public StateSchema chainSchema(int size) {
    StateSchema.Builder schema = new StateSchema.Builder().block(THETA, size);
    diffusion.declareSlots(size, declaration(schema, size));
    return schema.build();
  }

  /** What a client keeps of a chain: the slots of the estimator. Often nothing. */
  public StateSchema clientSchema(int size, int rows) {
    StateSchema.Builder schema = new StateSchema.Builder();
    estimator.declareSlots(size, rows, declaration(schema, size));
    return schema.build();
  }

  private static Slots.Declaration declaration(StateSchema.Builder schema, int size) {
    return new Slots.Declaration() {
      @Override
      public void elementwise(String name) {
        schema.block(name, size);
      }

      @Override
      public void block(String name, long length) {
        schema.block(name, length);
      }
    };
  }

  /**
   * The estimated gradient of the log posterior at theta.
   *
   * @param theta [d], not modified
   * @param clientSlots of the estimator
   * @param out [d], overwritten
   * @param meanRow [d], overwritten by the mean gradient of the rows drawn
   */
  public void drift(
      Shard shard,
      double[] theta,
      Slots clientSlots,
      LocalStep step,
      double[] out,
      double[] meanRow) {
    Arrays.fill(out, 0);
    shard.prior().addGradient(theta, out);
    estimator.estimate(shard, theta, clientSlots, step, out, meanRow);
    shard.addCorrection(theta, out);
  }

  /**
   * One local step. Allocates nothing in steady state. A step that overflows leaves a number that
   * is not finite.
   *
   * @param theta [d], modified in place
   * @param chainSlots of the diffusion
   * @param clientSlots of the estimator
   */
  public void step(
      Shard shard, double[] theta, Slots chainSlots, Slots clientSlots, LocalStep step) {
    double[] v = step.workspace().array("drift", theta.length);
    double[] meanRow = step.workspace().array("mean-row", theta.length);
    diffusion.advance(theta, chainSlots);
    drift(shard, theta, clientSlots, step, v, meanRow);
    diffusion.step(theta, v, meanRow, chainSlots, step);
  }
}

package io.millrace.core.optim;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/**
 * An optimizer on its own: parameters, slots and step count, without model, features or job. Used
 * where golden files are replayed and where the contract of optimizers is tested. Not thread-safe.
 */
public final class OptimizerRun {
  /** Name of the block that holds the parameters; the others are the optimizer's slots. */
  public static final String THETA = "theta";

  private static final String STREAM = "optimizer-run";

  private final Optimizer optimizer;
  private final ParamLayout layout;
  private final LearnerState state;
  private final long seed;
  private final Context context;
  private final StateSlots slots;

  /**
   * A run that has not taken a step.
   *
   * @param start copied
   * @param seed of the draws that steps may use
   */
  public OptimizerRun(Optimizer optimizer, ParamLayout layout, double[] start, long seed) {
    this(optimizer, layout, new LearnerState(schema(optimizer, layout)), seed);
    if (start.length != layout.size()) {
      throw new IllegalStateException(
          "start point has " + start.length + " values, layout has " + layout.size());
    }
    System.arraycopy(start, 0, theta(), 0, start.length);
    optimizer.initialize(theta(), slots);
  }

  /** As above with a single vector of parameters and seed 0. */
  public OptimizerRun(Optimizer optimizer, double[] start) {
    this(optimizer, ParamLayout.vector(start.length), start, 0);
  }

  private OptimizerRun(Optimizer optimizer, ParamLayout layout, LearnerState state, long seed) {
    this.optimizer = optimizer;
    this.layout = layout;
    this.state = state;
    this.seed = seed;
    this.context = new Context(seed);
    this.slots = new StateSlots(state);
  }

  /**
   * The blocks of a run: {@link #THETA}, then the slots in declaration order.
   *
   * @throws io.millrace.core.ConfigException where they are more than one key can hold
   */
  public static StateSchema schema(Optimizer optimizer, ParamLayout layout) {
    StateSchema.Builder schema = new StateSchema.Builder().block(THETA, layout.size());
    optimizer.declareSlots(
        layout,
        new Slots.Declaration() {
          @Override
          public void elementwise(String name) {
            schema.block(name, layout.size());
          }

          @Override
          public void block(String name, long length) {
            schema.block(name, length);
          }
        });
    return schema.build();
  }

  /** From now on steps use these dense kernels; at first they use the reference ones. */
  public void computeWith(ComputeBackend backend) {
    context.backend = backend;
  }

  /** Takes one step at the given learning rate. Allocates nothing in steady state. */
  public void step(Objective objective, double learningRate) {
    context.own.at(state.steps());
    step(objective, learningRate, context.own);
  }

  /** The same with randomness from elsewhere. */
  public void step(Objective objective, double learningRate, Draws draws) {
    context.learningRate = learningRate;
    context.draws = draws;
    context.stepSize = learningRate;
    optimizer.step(objective, theta(), slots, context);
    state.setSteps(state.steps() + 1);
  }

  /** Step size of the last step: the rule's own choice, else the learning rate. */
  public double stepSize() {
    return context.stepSize;
  }

  /** The live parameters. */
  public double[] theta() {
    return state.block(THETA);
  }

  /** Writes the point to publish to {@code out}. */
  public void publish(double[] out) {
    optimizer.publish(theta(), slots, out);
  }

  /** The live slots. */
  public Slots slots() {
    return slots;
  }

  /** The live state. */
  public LearnerState state() {
    return state;
  }

  public long steps() {
    return state.steps();
  }

  /** A run with a deep copy of the state and scratch space of its own. */
  public OptimizerRun copy() {
    return new OptimizerRun(optimizer, layout, state.copy(), seed);
  }

  private static final class Context implements StepContext {
    private final PhiloxDraws own;
    private final Workspace workspace = new Workspace();
    private Draws draws;
    private double learningRate;
    private double stepSize;
    private ComputeBackend backend = ScalarBackend.INSTANCE;

    Context(long seed) {
      own = new PhiloxDraws(seed, STREAM);
      draws = own;
    }

    @Override
    public double learningRate() {
      return learningRate;
    }

    @Override
    public Draws draws() {
      return draws;
    }

    @Override
    public Workspace workspace() {
      return workspace;
    }

    @Override
    public Kernels compute() {
      return workspace.kernels(backend);
    }

    @Override
    public void stepSize(double taken) {
      stepSize = taken;
    }
  }
}

package io.millrace.core.optim.variance;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.HyperValues;

/**
 * What SVRG and its streaming form share: stages of an anchor point, the gradient mu of a large
 * batch there, and steps {@code theta -= lr (g(theta) - g(anchor) + mu)}. Immutable.
 */
abstract class AnchoredDescent implements Optimizer {
  /** The anchor point. */
  private static final String ANCHOR = "ws";

  private static final String MEAN = "mu";

  /** {@link #STAGE}, {@link #LEFT}. */
  private static final String PROGRESS = "progress";

  /** Stages begun. */
  private static final int STAGE = 0;

  /** Steps left in this stage; 0: mu has to be found. */
  private static final int LEFT = 1;

  private final AnchorBatch anchor;

  AnchoredDescent(HyperValues values) {
    anchor = new AnchorBatch(values);
  }

  /** Steps of a stage, at least 1. */
  abstract double length(double stage);

  /** Size of its large batch in units of the anchor steps, at least 1. */
  abstract double anchorSize(double stage);

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(ANCHOR);
    slots.elementwise(MEAN);
    slots.block(PROGRESS, 2);
    anchor.declareSlots(slots);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] point = slots.get(ANCHOR);
    double[] mu = slots.get(MEAN);
    double[] progress = slots.get(PROGRESS);
    if (progress[LEFT] == 0) {
      double stage = progress[STAGE];
      if (!anchor.gradient(f, theta, anchorSize(stage), slots, context, mu)) {
        return;
      }
      System.arraycopy(theta, 0, point, 0, theta.length);
      progress[STAGE]++;
      progress[LEFT] = length(stage);
      return; // This mini-batch is part of mu; the steps are of others.
    }
    double[] here = context.workspace().array("here", theta.length);
    double[] there = context.workspace().array("there", theta.length);
    f.gradient(theta, here);
    f.gradient(point, there);
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      theta[i] -= lr * (here[i] - there[i] + mu[i]);
    }
    progress[LEFT]--;
  }

  /** mu moves every coordinate at every step. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

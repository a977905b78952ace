package io.millrace.core.optim.parameterfree;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * DoG, distance over gradients: a step size without a parameter to tune. Ivgi, Hinder, Carmon, "DoG
 * is SGD's Best Friend: A Parameter-Free Dynamic Step Size Schedule", arXiv:2302.12022, equations
 * DoG and section 2.
 *
 * <pre>
 * g     &lt;- g + wd theta          (coupled weight decay)
 * rbar  &lt;- max(rbar, |theta - theta_0|),   first reps-rel (1 + |theta_0|)
 * S     &lt;- S + |g|^2,                      first eps + |g|^2
 * theta &lt;- theta - lr rbar / sqrt(S) g
 * avg   &lt;- (1 - k) avg + k theta,  k = (1 + avg-gamma) / (t + avg-gamma)
 * </pre>
 *
 * <p>Norms go over all parameters. Published is the average, which the method needs in use; lr is a
 * factor, 1 in the paper. Deviations from the paper: none. Memory 2d + 2 (theta_0, average, rbar,
 * S), one gradient, 11d flops and two reductions per step. Immutable.
 */
public final class Dog implements Optimizer {
  static final Hyper REPS_REL =
      new Hyper("reps-rel", 1e-6, Range.positive(), "first move, relative to 1 + |theta_0|");
  static final Hyper EPS =
      new Hyper("eps", 1e-8, Range.positive(), "sum of squared gradients before the first step");
  static final Hyper AVG_GAMMA =
      new Hyper(
          "avg-gamma", 8, Range.nonNegative(), "the larger, the shorter the average's memory");
  static final List<Hyper> HYPERS = List.of(REPS_REL, EPS, WeightDecay.COUPLED, AVG_GAMMA);

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "dog",
          1,
          new Source(
              "Ivgi, Hinder, Carmon, DoG is SGD's Best Friend: A Parameter-Free Dynamic Step Size"
                  + " Schedule, arXiv:2302.12022",
              Source.Confidence.CODE),
          1,
          HYPERS,
          values -> new Dog(values, false));

  private static final String START = "start";
  private static final String AVERAGE = "average";
  private static final String DISTANCE = "rbar";
  private static final String SQUARES = "s";

  private final double repsRel;
  private final double eps;
  private final double weightDecay;
  private final double gamma;
  private final boolean perBlock;

  /**
   * DoG or L-DoG.
   *
   * @param perBlock whether every block of the layout has norms of its own
   */
  Dog(HyperValues values, boolean perBlock) {
    repsRel = values.get(REPS_REL);
    eps = values.get(EPS);
    weightDecay = values.get(WeightDecay.COUPLED);
    gamma = values.get(AVG_GAMMA);
    this.perBlock = perBlock;
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    int groups = perBlock ? layout.blocks().size() : 1;
    slots.elementwise(START);
    slots.elementwise(AVERAGE);
    slots.block(DISTANCE, groups);
    slots.block(SQUARES, groups);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    System.arraycopy(theta, 0, slots.get(START), 0, theta.length);
    System.arraycopy(theta, 0, slots.get(AVERAGE), 0, theta.length);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    if (perBlock) {
      List<ParamLayout.Block> blocks = f.layout().blocks();
      for (int b = 0; b < blocks.size(); b++) {
        int from = blocks.get(b).offset();
        move(theta, g, slots, b, from, from + blocks.get(b).size(), context);
      }
    } else {
      move(theta, g, slots, 0, 0, theta.length, context);
    }
  }

  /** The step on the parameters that share a norm. */
  private void move(
      double[] theta, double[] g, Slots slots, int group, int from, int to, StepContext context) {
    double[] start = slots.get(START);
    double[] average = slots.get(AVERAGE);
    double[] distance = slots.get(DISTANCE);
    double[] squares = slots.get(SQUARES);
    long t = slots.nextStep();
    double far = 0;
    double norm = 0;
    double steep = 0;
    for (int i = from; i < to; i++) {
      double moved = theta[i] - start[i];
      far += moved * moved;
      norm += start[i] * start[i];
      g[i] += weightDecay * theta[i];
      steep += g[i] * g[i];
    }
    if (t == 1) {
      distance[group] = repsRel * (1 + Math.sqrt(norm));
      squares[group] = eps + steep;
    } else {
      distance[group] = Math.max(distance[group], Math.sqrt(far));
      squares[group] += steep;
    }
    double rate = context.learningRate() * distance[group] / Math.sqrt(squares[group]);
    double k = (1 + gamma) / (t + gamma);
    for (int i = from; i < to; i++) {
      theta[i] -= rate * g[i];
      average[i] = (1 - k) * average[i] + k * theta[i];
    }
    context.stepSize(rate);
  }

  @Override
  public void publish(double[] theta, Slots slots, double[] out) {
    System.arraycopy(slots.get(AVERAGE), 0, out, 0, out.length);
  }

  @Override
  public boolean publishesAnotherPoint() {
    return true;
  }

  /** The distance goes over all coordinates, and the average moves everywhere. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

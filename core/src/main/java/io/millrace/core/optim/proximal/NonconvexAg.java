package io.millrace.core.optim.proximal;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Accelerated proximal gradient under a nonconvex penalty, SCAD or MCP: sparse parameters, the
 * large ones unbiased. The method of Ghadimi, Lan, arXiv:1310.3787, with the damping, the restart
 * and the splitting of the penalty of Yang, Asgharian, Bhatnagar, arXiv:2009.10629.
 *
 * <pre>
 * p(t)   =  l |t| + c(t),  c smooth and concave: of slope -sign(t) min(max((|t| - o) / w, 0), l)
 *           SCAD: o = l, w = a - 1;  MCP: o = 0, w = gamma
 * alpha  &lt;- 1 after a restart, else 2 / (1 + sqrt(1 + 4 / alpha^2))       alpha from 1
 * md     =  (1 - alpha) ag + alpha x
 * G      =  g(md) + c'(md)
 * x      &lt;- soft(x - lr/alpha G, l lr/alpha)
 * ag     &lt;- soft(md - lr G, l lr)
 * restart: md moved less in the step before than in the one before that, and the last restart is
 *          three steps back or more
 * </pre>
 *
 * <p>The convex part of the penalty alone goes into the proximal steps, as the method asks; so the
 * maps are soft thresholds and not those of the parts "scad" and "mcp". The learning rate should
 * stay below 1 / L, L the largest curvature of the loss and no less than 1 / w. Noisy gradients
 * restart it often, which keeps lr/alpha within a few times lr.
 *
 * <p>The parameters are x, published is ag; both have exact zeros. Deviations from the authors'
 * code: it returns md; it leaves the intercept unpenalised; its rate is fixed. Memory 2d + 4 (ag,
 * md, damping and speeds), one gradient and 24d flops per step. Immutable.
 */
public final class NonconvexAg implements Optimizer {
  static final Hyper LAMBDA =
      new Hyper("lambda", 1e-3, Range.nonNegative(), "slope of the penalty at zero");
  static final Hyper MCP =
      new Hyper("mcp", 0, Range.flag(), "1: minimax concave penalty; 0: SCAD penalty");
  static final Hyper A =
      new Hyper(
          "a",
          3.7,
          new Range(2, true, Double.POSITIVE_INFINITY, true, false),
          "SCAD: flat from this many times lambda on");
  static final Hyper GAMMA =
      new Hyper(
          "gamma",
          3,
          new Range(1, true, Double.POSITIVE_INFINITY, true, false),
          "minimax concave penalty: flat from this many times lambda on");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "nonconvex_ag",
          1,
          new Source(
              "Ghadimi, Lan, Accelerated Gradient Methods for Nonconvex Nonlinear and Stochastic"
                  + " Programming, arXiv:1310.3787; Yang, Asgharian, Bhatnagar, Accelerated"
                  + " Gradient Methods for Sparse Statistical Learning with Nonconvex Penalties,"
                  + " arXiv:2009.10629",
              Source.Confidence.CODE_READ),
          0.05,
          List.of(LAMBDA, MCP, A, GAMMA),
          NonconvexAg::new);

  private static final String AGGREGATE = "ag";
  private static final String MIDDLE = "md";
  private static final String PACE = "pace";

  /** Within the pace: alpha, steps since the restart, how far md moved last and before that. */
  private static final int ALPHA = 0;

  private static final int SINCE = 1;
  private static final int SPEED = 2;
  private static final int SPEED_BEFORE = 3;
  private static final int LEAST_BETWEEN_RESTARTS = 3;

  private final double lambda;
  private final double from;
  private final double width;

  NonconvexAg(HyperValues values) {
    boolean mcp = values.flag(MCP);
    lambda = values.get(LAMBDA);
    from = mcp ? 0 : lambda;
    width = mcp ? values.get(GAMMA) : values.get(A) - 1;
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(AGGREGATE);
    slots.elementwise(MIDDLE);
    slots.block(PACE, 4);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    System.arraycopy(theta, 0, slots.get(AGGREGATE), 0, theta.length);
    System.arraycopy(theta, 0, slots.get(MIDDLE), 0, theta.length);
    double[] pace = slots.get(PACE);
    pace[ALPHA] = 1;
    pace[SPEED] = 1;
    pace[SPEED_BEFORE] = 1;
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] ag = slots.get(AGGREGATE);
    double[] md = slots.get(MIDDLE);
    double[] pace = slots.get(PACE);
    double alpha = damping(pace);
    double moved = 0;
    for (int i = 0; i < theta.length; i++) {
      double to = ag[i] + alpha * (theta[i] - ag[i]);
      moved += (to - md[i]) * (to - md[i]);
      md[i] = to;
    }
    pace[SPEED_BEFORE] = pace[SPEED];
    pace[SPEED] = Math.sqrt(moved);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(md, g);
    double rate = context.learningRate();
    double ahead = rate / alpha;
    for (int i = 0; i < theta.length; i++) {
      double slope = g[i] - concave(md[i]);
      theta[i] = soft(theta[i] - ahead * slope, ahead * lambda);
      ag[i] = soft(md[i] - rate * slope, rate * lambda);
    }
  }

  private static double damping(double[] pace) {
    pace[SINCE]++;
    if (pace[SPEED_BEFORE] > pace[SPEED] && pace[SINCE] >= LEAST_BETWEEN_RESTARTS) {
      pace[SINCE] = 0;
      pace[ALPHA] = 1;
    } else {
      pace[ALPHA] = 2 / (1 + Math.sqrt(1 + 4 / (pace[ALPHA] * pace[ALPHA])));
    }
    return pace[ALPHA];
  }

  /** By how much the penalty is less steep at t than lambda, with the sign of t. */
  private double concave(double t) {
    return Math.copySign(Math.min(Math.max((Math.abs(t) - from) / width, 0), lambda), t);
  }

  private static double soft(double t, double threshold) {
    double size = Math.abs(t) - threshold;
    // Written so that NaN stays NaN and is seen by the learner's guard.
    return size <= 0 ? 0 : Math.copySign(size, t);
  }

  @Override
  public void publish(double[] theta, Slots slots, double[] out) {
    System.arraycopy(slots.get(AGGREGATE), 0, out, 0, theta.length);
  }

  @Override
  public boolean publishesAnotherPoint() {
    return true;
  }

  /** The restart looks at all coordinates, and all of them move at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

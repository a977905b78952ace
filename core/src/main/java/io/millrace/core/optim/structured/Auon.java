package io.millrace.core.optim.structured;

import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.NewtonSchulz;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.ParamLayout.Block;
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
 * AuON and Hybrid-AuON: momentum bounded by a root mean square of hyperbolic cosines. "AuON: A
 * Linear-time Alternative to Orthogonal Momentum Updates", arXiv:2509.24320; order and constants as
 * in the authors' code (ryyzn9/AuON). For each matrix
 *
 * <pre>
 * theta &lt;- theta (1 - lr wd)
 * m     &lt;- m + (1 - mu) (g - m),   u = g + mu (m - g)
 * u     &lt;- NS(u / (|u| + 1e-7), ns-steps)                    (hybrid: ns-steps above 0)
 * s      = gamma u / (|u| + 1e-7),  R = sqrt(mean(cosh(s)^2))
 * theta &lt;- theta - lr u / (R + 1e-8)                         nothing where u = 0
 * </pre>
 *
 * <p>NS is {@link NewtonSchulz}; the code's hybrid takes 5 iterations, its text speaks of one.
 * Deviations from the code: it hands small tensors to Adam, here every block follows the rule.
 * Memory d (m), one gradient, about 12d flops and d cosines per step. Immutable.
 */
public final class Auon implements Optimizer {
  static final Hyper MOMENTUM =
      new Hyper("momentum", 0.95, Range.halfOpen(0, 1), "mu, decay of the momentum");
  static final Hyper GAMMA = new Hyper("gamma", 1.5, Range.nonNegative(), "scale of the bound");
  static final Hyper NS_STEPS =
      new Hyper("ns-steps", 0, Range.integers(0, 20), "Newton-Schulz iterations before the bound");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "auon",
          1,
          new Source(
              "AuON: A Linear-time Alternative to Orthogonal Momentum Updates, arXiv:2509.24320",
              Source.Confidence.CODE),
          0.24,
          List.of(MOMENTUM, WeightDecay.DECOUPLED, GAMMA, NS_STEPS),
          Auon::new);

  private static final String AVERAGE = "m";

  private final double momentum;
  private final double weightDecay;
  private final double gamma;
  private final int nsSteps;

  Auon(HyperValues values) {
    momentum = values.get(MOMENTUM);
    weightDecay = values.get(WeightDecay.DECOUPLED);
    gamma = values.get(GAMMA);
    nsSteps = (int) values.get(NS_STEPS);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(AVERAGE);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    Workspace workspace = context.workspace();
    double[] m = slots.get(AVERAGE);
    double[] g = workspace.array("g", theta.length);
    double[] u = workspace.array("u", theta.length);
    f.gradient(theta, g);
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      theta[i] *= 1 - lr * weightDecay;
      m[i] += (1 - momentum) * (g[i] - m[i]);
      u[i] = g[i] + momentum * (m[i] - g[i]);
    }
    List<Block> blocks = f.layout().blocks();
    for (int k = 0; k < blocks.size(); k++) {
      Block block = blocks.get(k);
      int from = block.offset();
      int to = from + block.size();
      double norm = context.compute().norm(block.size(), u, from);
      if (nsSteps > 0 && norm > 0) {
        for (int i = from; i < to; i++) {
          u[i] /= norm + 1e-7;
        }
        double[] scratch =
            workspace.atLeast("newton-schulz", NewtonSchulz.scratch(block.rows(), block.cols()));
        NewtonSchulz.iterate(
            context.compute(), u, from, block.rows(), block.cols(), nsSteps, scratch);
        norm = context.compute().norm(block.size(), u, from);
      }
      if (norm == 0) {
        continue; // No direction.
      }
      double scale = gamma / (norm + 1e-7);
      double sum = 0;
      for (int i = from; i < to; i++) {
        double c = StrictMath.cosh(scale * u[i]);
        sum += c * c;
      }
      double rate = lr / (Math.sqrt(sum / block.size()) + 1e-8);
      for (int i = from; i < to; i++) {
        theta[i] -= rate * u[i];
      }
    }
  }

  /** The bound is a mean over a whole block. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

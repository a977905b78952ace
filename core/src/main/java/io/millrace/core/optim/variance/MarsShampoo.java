package io.millrace.core.optim.variance;

import io.millrace.core.linalg.NewtonSchulz;
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
 * MARS-Shampoo: orthogonalized momentum of variance-reduced gradients. Yuan et al., "MARS:
 * Unleashing the Power of Variance Reduction for Training Large Models", arXiv:2411.10438,
 * Algorithm 4.
 *
 * <pre>
 * c     = clip_1(g + gamma beta1 / (1 - beta1) (g - gLast)),   gLast &lt;- g
 * m     &lt;- beta1 m + (1 - beta1) c
 * U     = NS_5(M / (|M|_F + eps)),   M = m / (1 - beta1)
 * theta &lt;- theta - lr (sqrt(max(1, rows / cols)) U + wd theta)      per matrix of the layout
 * </pre>
 *
 * <p>NS is {@link NewtonSchulz}. Deviations from the paper: as for {@link MarsAdamW}; in double
 * precision, where the authors' iteration runs in bfloat16; a vector is a matrix of one column.
 * Memory 2d (m, gLast), one gradient, and for each m x n block, r = min(m, n), five iterations of
 * about {@code 4 m n r + 2 r^3} flops. Immutable.
 */
public final class MarsShampoo implements Optimizer {
  static final Hyper EPS =
      new Hyper("eps", 1e-7, Range.positive(), "added to the norm of the momentum");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "mars_shampoo",
          1,
          new Source(MarsCorrection.PAPER, Source.Confidence.CODE),
          0.003,
          List.of(MarsCorrection.BETA1, EPS, WeightDecay.DECOUPLED, MarsCorrection.GAMMA),
          MarsShampoo::new);

  private static final String MOMENTUM = "m";
  private static final String LAST = "g-last";
  private static final int ITERATIONS = 5;

  private final double beta1;
  private final double eps;
  private final double gamma;
  private final double weightDecay;

  MarsShampoo(HyperValues values) {
    beta1 = values.get(MarsCorrection.BETA1);
    eps = values.get(EPS);
    gamma = values.get(MarsCorrection.GAMMA);
    weightDecay = values.get(WeightDecay.DECOUPLED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(MOMENTUM);
    slots.elementwise(LAST);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(MOMENTUM);
    double[] last = slots.get(LAST);
    double[] g = context.workspace().array("g", theta.length);
    double[] c = context.workspace().array("c", theta.length);
    f.gradient(theta, g);
    MarsCorrection.apply(g, last, gamma, beta1, f.layout(), c);
    System.arraycopy(g, 0, last, 0, g.length);
    for (int i = 0; i < theta.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * c[i];
    }
    List<ParamLayout.Block> blocks = f.layout().blocks();
    for (int b = 0; b < blocks.size(); b++) {
      step(blocks.get(b), m, c, theta, context);
    }
  }

  /** One matrix; {@code u} is overwritten with U. */
  private void step(
      ParamLayout.Block block, double[] m, double[] u, double[] theta, StepContext context) {
    int from = block.offset();
    int to = from + block.size();
    double sum = 0;
    for (int i = from; i < to; i++) {
      u[i] = m[i] / (1 - beta1);
      sum += u[i] * u[i];
    }
    double scale = 1 / (Math.sqrt(sum) + eps);
    for (int i = from; i < to; i++) {
      u[i] *= scale;
    }
    int rows = block.rows();
    int cols = block.cols();
    double[] scratch =
        context.workspace().atLeast("newton-schulz", NewtonSchulz.scratch(rows, cols));
    NewtonSchulz.iterate(context.compute(), u, from, rows, cols, ITERATIONS, scratch);
    double lr = context.learningRate();
    double stretch = Math.sqrt(Math.max(1, (double) rows / cols));
    for (int i = from; i < to; i++) {
      theta[i] -= lr * (stretch * u[i] + weightDecay * theta[i]);
    }
  }

  /** The iteration mixes a matrix's coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

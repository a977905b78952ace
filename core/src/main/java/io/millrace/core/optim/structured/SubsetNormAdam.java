package io.millrace.core.optim.structured;

import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.optim.Moments;
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
 * Adam with one second moment for each row, column or run. Nguyen, Nguyen, "Subset-Norm and
 * Subspace-Momentum: Faster Memory-Efficient Adaptive Optimization with Convergence Guarantees",
 * arXiv:2411.07120, AdamSN; constants as in the authors' code (timmytonga/sn-sm). For each matrix
 *
 * <pre>
 * m     &lt;- beta1 m + (1 - beta1) g
 * v     &lt;- beta2 v + (1 - beta2) sum of g^2 along the short side
 * theta &lt;- theta - lr sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + eps)
 * theta &lt;- theta - lr wd theta
 * </pre>
 *
 * <p>A sum, not a mean. Vectors are cut into runs of equal length, the largest divisor of theirs
 * that subset-size allows. Deviations from the paper: none; from the code: the default of
 * subset-size. Memory d (m) and one double per subset; one gradient, about 10d flops per step.
 * Immutable.
 */
public final class SubsetNormAdam implements Optimizer {
  static final Hyper BETA2 =
      new Hyper("beta2", 0.999, Range.closed(0, 1), "decay of the second moment; 1: sums");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "subset_norm_adam",
          1,
          new Source(
              "Nguyen, Nguyen, Subset-Norm and Subspace-Momentum, arXiv:2411.07120",
              Source.Confidence.CODE),
          0.001,
          List.of(Moments.BETA1, BETA2, SubsetNorm.EPS, WeightDecay.DECOUPLED, SubsetNorm.SIZE),
          SubsetNormAdam::new);

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;
  private final int subsetSize;

  SubsetNormAdam(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(BETA2);
    eps = values.get(SubsetNorm.EPS);
    weightDecay = values.get(WeightDecay.DECOUPLED);
    subsetSize = (int) values.get(SubsetNorm.SIZE);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    int subsets = 0;
    for (Block block : layout.blocks()) {
      subsets += SubsetNorm.count(block, subsetSize);
    }
    slots.elementwise(Moments.FIRST);
    slots.block(Moments.SECOND, subsets);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    long t = slots.nextStep();
    double lr = context.learningRate();
    // Sums need no correction.
    double correct2 = beta2 == 1 ? 1 : Math.sqrt(1 - IntegerPower.of(beta2, t));
    double rate = lr * correct2 / (1 - IntegerPower.of(beta1, t));
    List<Block> blocks = f.layout().blocks();
    int from = 0;
    for (int k = 0; k < blocks.size(); k++) {
      Block block = blocks.get(k);
      int count = SubsetNorm.count(block, subsetSize);
      SubsetNorm.accumulate(block, count, beta2, g, v, from);
      double[] root = context.workspace().atLeast("roots", count);
      for (int i = 0; i < count; i++) {
        root[i] = Math.sqrt(v[from + i]) + eps;
      }
      move(block, count, root, rate, lr * weightDecay, g, m, theta);
      from += count;
    }
  }

  /** Line by line of what lies together: a row that meets every column, or a run. */
  private void move(
      Block block,
      int count,
      double[] root,
      double rate,
      double decay,
      double[] g,
      double[] m,
      double[] theta) {
    int start = block.offset();
    int end = start + block.size();
    if (SubsetNorm.columns(block)) {
      for (int row = start; row < end; row += count) {
        for (int i = 0; i < count; i++) {
          int p = row + i;
          m[p] = beta1 * m[p] + (1 - beta1) * g[p];
          double moved = theta[p] - rate * m[p] / root[i];
          theta[p] = moved - decay * moved;
        }
      }
      return;
    }
    int run = block.size() / Math.max(1, count);
    for (int i = 0; i < count; i++) {
      double shared = root[i];
      for (int p = start + i * run; p < start + (i + 1) * run; p++) {
        m[p] = beta1 * m[p] + (1 - beta1) * g[p];
        double moved = theta[p] - rate * m[p] / shared;
        theta[p] = moved - decay * moved;
      }
    }
  }

  /** A subset shares its moment. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

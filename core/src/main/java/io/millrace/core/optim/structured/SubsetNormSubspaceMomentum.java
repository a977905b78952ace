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
import java.util.Arrays;
import java.util.List;

/**
 * Subset-norm step sizes with momentum in a subspace only. Nguyen, Nguyen, "Subset-Norm and
 * Subspace-Momentum: Faster Memory-Efficient Adaptive Optimization with Convergence Guarantees",
 * arXiv:2411.07120, AdamSNSM; constants as in the authors' code (timmytonga/sn-sm). For each
 * matrix, its longer side down,
 *
 * <pre>
 * P      = top-rank right singular vectors of g, m &lt;- 0      at t = 1 and where gap divides t
 * m     &lt;- beta1 m + (1 - beta1) g P'
 * v     &lt;- beta2 v + (1 - beta2) sum of g^2 along the short side
 * theta &lt;- theta - lr sqrt(1 - beta2^t) / (1 - beta1^t) (m P + g - g P'P) / (sqrt(v) + eps)
 * theta &lt;- theta - lr wd theta
 * </pre>
 *
 * <p>Vectors are cut into runs as in {@link SubsetNormAdam}; their subspace is the whole.
 * Deviations from the code: the reset of m acts on the step of the reset, where the code uses the
 * stale one once more. Memory, for m x n with m at least n, {@code r (m + n)} and one double per
 * subset; one gradient, about {@code 6 m n r} flops per step. Immutable.
 */
public final class SubsetNormSubspaceMomentum implements Optimizer {
  static final Hyper BETA2 =
      new Hyper("beta2", 0.999, Range.closed(0, 1), "decay of the second moment; 1: sums");
  static final Hyper GAP =
      new Hyper(
          "gap",
          200,
          Range.integers(1, Integer.MAX_VALUE),
          "steps between choices of the subspace");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "subset_norm_subspace_momentum",
          1,
          new Source(
              "Nguyen, Nguyen, Subset-Norm and Subspace-Momentum, arXiv:2411.07120",
              Source.Confidence.CODE),
          0.001,
          List.of(
              Moments.BETA1,
              BETA2,
              SubsetNorm.EPS,
              WeightDecay.DECOUPLED,
              Subspace.RANK,
              GAP,
              SubsetNorm.SIZE),
          SubsetNormSubspaceMomentum::new);

  private static final String PROJECTORS = "p";

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;
  private final int rank;
  private final int gap;
  private final int subsetSize;

  SubsetNormSubspaceMomentum(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(BETA2);
    eps = values.get(SubsetNorm.EPS);
    weightDecay = values.get(WeightDecay.DECOUPLED);
    rank = (int) values.get(Subspace.RANK);
    gap = (int) values.get(GAP);
    subsetSize = (int) values.get(SubsetNorm.SIZE);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    long subsets = 0;
    long moments = 0;
    long projectors = 0;
    for (Block block : layout.blocks()) {
      int r = Subspace.rank(block, rank);
      subsets += SubsetNorm.count(block, subsetSize);
      moments += (long) r * Subspace.longSide(block);
      projectors += (long) r * Subspace.shortSide(block);
    }
    slots.block(Moments.FIRST, moments);
    slots.block(Moments.SECOND, subsets);
    slots.block(PROJECTORS, projectors);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
    double[] p = slots.get(PROJECTORS);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    long t = slots.nextStep();
    boolean renew = t == 1 || t % gap == 0;
    if (renew) {
      Arrays.fill(m, 0);
    }
    double lr = context.learningRate();
    // Sums need no correction.
    double correct2 = beta2 == 1 ? 1 : Math.sqrt(1 - IntegerPower.of(beta2, t));
    double rate = lr * correct2 / (1 - IntegerPower.of(beta1, t));
    List<Block> blocks = f.layout().blocks();
    int subsetsAt = 0;
    int momentsAt = 0;
    int projectorAt = 0;
    for (int k = 0; k < blocks.size(); k++) {
      Block block = blocks.get(k);
      int n = Subspace.shortSide(block);
      int r = Subspace.rank(block, rank);
      int moments = r * Subspace.longSide(block);
      int count = SubsetNorm.count(block, subsetSize);
      double[] tall = context.workspace().atLeast("tall", block.size());
      double[] low = context.workspace().atLeast("low", moments);
      Subspace.copy(g, block, tall);
      if (renew) {
        Subspace.top(tall, block, r, context, p, projectorAt);
      }
      Subspace.project(tall, block, r, p, projectorAt, context, low);
      for (int i = 0; i < moments; i++) {
        double mi = beta1 * m[momentsAt + i] + (1 - beta1) * low[i];
        m[momentsAt + i] = mi;
        low[i] = mi - low[i];
      }
      // g + (m - g P') P
      Subspace.lift(low, block, r, p, projectorAt, context, 1, tall);
      SubsetNorm.accumulate(block, count, beta2, g, v, subsetsAt);
      double[] root = context.workspace().atLeast("roots", count);
      for (int i = 0; i < count; i++) {
        root[i] = Math.sqrt(v[subsetsAt + i]) + eps;
      }
      for (int i = 0; i < Subspace.longSide(block); i++) {
        for (int j = 0; j < n; j++) {
          int at = Subspace.at(block, i, j);
          double shared = root[SubsetNorm.of(block, count, at - block.offset())];
          theta[at] -= rate * tall[i * n + j] / shared;
          theta[at] -= lr * weightDecay * theta[at];
        }
      }
      subsetsAt += count;
      momentsAt += moments;
      projectorAt += r * n;
    }
  }

  /** The subspace mixes the coordinates of a matrix. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

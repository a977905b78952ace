package io.millrace.core.optim.variance;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Cyclic block coordinate descent with a PAGE estimate per block and an optional L1 proximal step.
 * Cai, Song, Wright, Diakonikolas, "Cyclic Block Coordinate Descent With Variance Reduction for
 * Composite Nonconvex Optimization", arXiv:2212.05088. <b>The rule is recalled, not read: from
 * memory.</b>
 *
 * <pre>
 * per cycle: coin(p) (heads in the first); for block j = 1 .. J of the layout, in order:
 *   e_j     = large-batch gradient_j at theta            (heads)
 *   e_j     &lt;- e_j + g_j(theta) - g_j(anchor_j)      (tails)
 *   theta_j &lt;- soft_{lr l1}(theta_j - lr e_j)
 * </pre>
 *
 * <p>Each block sees those already moved. anchor_j, the point at which block j was differentiated
 * in the previous cycle, has the blocks before j of this cycle's start and the others of the
 * previous cycle's: so one point is kept instead of J. A large batch of a stream is collected at
 * the resting point, one for each block ({@link AnchorBatch}). Deviations from the paper: unknown,
 * see above. Memory 4d (estimates, starts of two cycles, sum of the large batch) and 4 scalars, 2J
 * whole gradients of the mini-batch per cycle (one while collecting). Immutable.
 */
public final class CyclicBlockVr implements Optimizer {
  static final Hyper P =
      new Hyper("p", 0.1, Range.closed(0, 1), "probability of large batches in a cycle");
  static final Hyper L1 =
      new Hyper("l1", 0, Range.nonNegative(), "L1 penalty, by a proximal step: exact zeros");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "cyclic_block_vr",
          1,
          new Source(
              "Cai, Song, Wright, Diakonikolas, Cyclic Block Coordinate Descent With Variance"
                  + " Reduction for Composite Nonconvex Optimization, arXiv:2212.05088",
              Source.Confidence.MEMORY),
          0.1,
          List.of(P, L1, AnchorBatch.STEPS),
          CyclicBlockVr::new);

  private static final String ESTIMATE = "e";

  /** Start of the previous cycle. */
  private static final String PREVIOUS = "w-previous";

  /** Start of this cycle. */
  private static final String START = "w-start";

  /** {@link #VALID}, {@link #LARGE}, {@link #BLOCK}. */
  private static final String CYCLE = "cycle";

  /** 1: the estimates can be continued. */
  private static final int VALID = 0;

  /** 1: in a cycle of large batches. */
  private static final int LARGE = 1;

  /** Next block of such a cycle. */
  private static final int BLOCK = 2;

  private final double p;
  private final double l1;
  private final AnchorBatch anchor;

  CyclicBlockVr(HyperValues values) {
    p = values.get(P);
    l1 = values.get(L1);
    anchor = new AnchorBatch(values);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(ESTIMATE);
    slots.elementwise(PREVIOUS);
    slots.elementwise(START);
    slots.block(CYCLE, 3);
    anchor.declareSlots(slots);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] start = slots.get(START);
    double[] cycle = slots.get(CYCLE);
    if (cycle[LARGE] == 0) {
      System.arraycopy(theta, 0, start, 0, theta.length);
      boolean heads = cycle[VALID] == 0 || context.draws().fork(Purpose.SCHEDULE).coin(0, p);
      cycle[LARGE] = heads ? 1 : 0;
      cycle[BLOCK] = 0;
    }
    if (cycle[LARGE] == 0) {
      smallBatch(f, theta, slots, context);
    } else if (!largeBatch(f, theta, slots, context)) {
      return;
    }
    System.arraycopy(start, 0, slots.get(PREVIOUS), 0, theta.length);
  }

  /** A cycle of recursions on the present mini-batch. */
  private void smallBatch(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] e = slots.get(ESTIMATE);
    double[] start = slots.get(START);
    double[] here = context.workspace().array("here", theta.length);
    double[] there = context.workspace().array("there", theta.length);
    double[] point = context.workspace().array("anchor-point", theta.length);
    System.arraycopy(slots.get(PREVIOUS), 0, point, 0, theta.length);
    List<ParamLayout.Block> blocks = f.layout().blocks();
    for (int j = 0; j < blocks.size(); j++) {
      ParamLayout.Block block = blocks.get(j);
      f.gradient(theta, here);
      f.gradient(point, there);
      for (int i = block.offset(); i < block.offset() + block.size(); i++) {
        e[i] += here[i] - there[i];
        point[i] = start[i];
      }
      move(block, e, theta, context.learningRate());
    }
  }

  /** Continues a cycle of large batches; whether it is complete. */
  private boolean largeBatch(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] e = slots.get(ESTIMATE);
    double[] cycle = slots.get(CYCLE);
    double[] here = context.workspace().array("here", theta.length);
    List<ParamLayout.Block> blocks = f.layout().blocks();
    if (!anchor.gradient(f, theta, slots, context, here)) {
      return false;
    }
    ParamLayout.Block block = blocks.get((int) cycle[BLOCK]++);
    System.arraycopy(here, block.offset(), e, block.offset(), block.size());
    move(block, e, theta, context.learningRate());
    if (cycle[BLOCK] < blocks.size()) {
      return false; // The next block's batch is of other mini-batches.
    }
    cycle[VALID] = 1;
    cycle[LARGE] = 0;
    return true;
  }

  private void move(ParamLayout.Block block, double[] e, double[] theta, double lr) {
    double threshold = lr * l1;
    for (int i = block.offset(); i < block.offset() + block.size(); i++) {
      double x = theta[i] - lr * e[i];
      theta[i] = threshold == 0 ? x : Math.signum(x) * Math.max(0, Math.abs(x) - threshold);
    }
  }

  /** The estimate moves every coordinate in every cycle. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

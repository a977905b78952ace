package io.millrace.core.optim.part;

import io.millrace.core.optim.ParamTransform;
import io.millrace.core.optim.PartSpec;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * The proximal step of an elastic net, after the optimizer's step: sparse models from any
 * optimizer. Duchi, Singer, "Efficient Online and Batch Learning using Forward Backward Splitting",
 * JMLR 10 (2009), sections 5.1 and 5.2.
 *
 * <pre>
 * theta &lt;- sign(theta) max(|theta| - lr l1, 0) / (1 + lr l2)
 * </pre>
 *
 * <p>Deviations from the paper: none; under an adaptive optimizer the threshold is not rescaled per
 * coordinate. Memory 0, 4d flops. Immutable.
 */
public final class ElasticNet implements ParamTransform {
  static final Hyper L1 =
      new Hyper("proximal-l1", 0, Range.nonNegative(), "L1 penalty of the proximal step");
  static final Hyper L2 =
      new Hyper("proximal-l2", 0, Range.nonNegative(), "L2 penalty of the proximal step");

  public static final PartSpec SPEC =
      new PartSpec(
          "elastic-net",
          new Source(
              "Duchi, Singer, Efficient Online and Batch Learning using Forward Backward"
                  + " Splitting, JMLR 10 (2009)",
              Source.Confidence.DERIVED),
          List.of(L1, L2),
          ElasticNet::new);

  private final double l1;
  private final double l2;

  ElasticNet(HyperValues values) {
    l1 = values.get(L1);
    l2 = values.get(L2);
  }

  @Override
  public Place place() {
    return Place.AFTER_STEP;
  }

  @Override
  public void apply(double[] theta, Slots slots, StepContext context) {
    double threshold = context.learningRate() * l1;
    double shrink = 1 / (1 + context.learningRate() * l2);
    for (int i = 0; i < theta.length; i++) {
      double size = Math.abs(theta[i]) - threshold;
      // Written so that NaN stays NaN and is seen by the learner's guard.
      theta[i] = size <= 0 ? 0 : Math.copySign(size, theta[i]) * shrink;
    }
  }

  @Override
  public SparseSupport sparse() {
    return l1 == 0 && l2 == 0 ? SparseSupport.EXACT : SparseSupport.LAZY;
  }
}

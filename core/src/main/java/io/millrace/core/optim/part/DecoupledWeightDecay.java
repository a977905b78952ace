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
 * Weight decay beside the gradient, for any optimizer. Loshchilov, Hutter, "Decoupled Weight Decay
 * Regularization", arXiv:1711.05101, section 2.
 *
 * <pre>
 * theta &lt;- theta (1 - lr wd)      before the step
 * </pre>
 *
 * <p>Deviations from the paper: the decay is multiplied by the whole learning rate, and the
 * gradient is taken at the decayed point. Memory 0, d flops. Immutable.
 */
public final class DecoupledWeightDecay implements ParamTransform {
  static final Hyper DECAY =
      new Hyper(
          "decoupled-weight-decay",
          0,
          Range.nonNegative(),
          "share of each parameter taken away per unit of learning rate");

  public static final PartSpec SPEC =
      new PartSpec(
          "decoupled-weight-decay",
          new Source(
              "Loshchilov, Hutter, Decoupled Weight Decay Regularization, arXiv:1711.05101",
              Source.Confidence.DERIVED),
          List.of(DECAY),
          DecoupledWeightDecay::new);

  private final double decay;

  DecoupledWeightDecay(HyperValues values) {
    decay = values.get(DECAY);
  }

  @Override
  public Place place() {
    return Place.BEFORE_STEP;
  }

  @Override
  public void apply(double[] theta, Slots slots, StepContext context) {
    double keep = 1 - context.learningRate() * decay;
    for (int i = 0; i < theta.length; i++) {
      theta[i] *= keep;
    }
  }

  @Override
  public SparseSupport sparse() {
    return decay == 0 ? SparseSupport.EXACT : SparseSupport.LAZY;
  }
}

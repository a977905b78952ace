package io.millrace.core.optim.adaptive;

import io.millrace.core.optim.Moments;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * XGrad around AdamW: {@link XGradAdam} with decoupled weight decay. Guan, Li, Shi, Meng,
 * arXiv:2305.18240. Rule, memory and cost are those of XGrad around Adam. Deviations from the
 * paper: those of it.
 */
public final class XGradAdamW {
  static final Hyper WEIGHT_DECAY = WeightDecay.EITHER.withDefault(0.01);
  static final Hyper DECOUPLED = WeightDecay.IS_DECOUPLED.withDefault(1);

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "xgrad_adamw",
          1,
          new Source(
              "Guan, Li, Shi, Meng, XGrad: Boosting Gradient-Based Optimizers With Weight"
                  + " Prediction, arXiv:2305.18240",
              Source.Confidence.CODE),
          0.001,
          List.of(Moments.BETA1, Moments.BETA2, Moments.EPS, WEIGHT_DECAY, DECOUPLED, XGradAdam.S),
          XGradAdam::new);

  private XGradAdamW() {}
}

package io.millrace.core.optim.adaptive;

import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * AEGDW: {@link Aegd} with decoupled weight decay. Liu, Tian, arXiv:2010.05109, and the authors'
 * code. Rule, memory and cost are those of AEGD. Deviations from the paper: those of AEGD.
 */
public final class AegdW {
  static final Hyper DECOUPLED = WeightDecay.IS_DECOUPLED.withDefault(1);

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "aegdw",
          1,
          new Source(
              "Liu, Tian, AEGD: Adaptive Gradient Descent with Energy, arXiv:2010.05109",
              Source.Confidence.CODE),
          0.1,
          List.of(Energy.C, WeightDecay.EITHER, DECOUPLED),
          Aegd::new);

  private AegdW() {}
}

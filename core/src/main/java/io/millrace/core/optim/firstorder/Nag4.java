package io.millrace.core.optim.firstorder;

import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * NAG4: {@link NagGs} with a gamma that stays as it is. Leplat et al., arXiv:2209.14937, and the
 * class NAG4 of the authors' code. Rule, memory and cost are those of NAG-GS. Deviations from the
 * paper: those of NAG-GS.
 */
public final class Nag4 {
  static final Hyper UPDATE_GAMMA = NagGs.UPDATE_GAMMA.withDefault(0);

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "nag4",
          1,
          new Source(
              "Leplat et al., NAG-GS: Semi-Implicit, Accelerated and Robust Stochastic Optimizer,"
                  + " arXiv:2209.14937",
              Source.Confidence.CODE),
          0.05,
          List.of(NagGs.MU, NagGs.GAMMA, UPDATE_GAMMA),
          NagGs::new);

  private Nag4() {}
}

package io.millrace.core.optim.parameterfree;

import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.spec.Source;

/**
 * L-DoG, {@link Dog} layer by layer: every block of the layout has its own distance and its own sum
 * of squared gradients. Ivgi, Hinder, Carmon, arXiv:2302.12022, section 4. The rest is DoG's, the
 * published average included; memory 2d plus 2 per block. Deviations from the paper: those of DoG.
 */
public final class LDog {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "ldog",
          1,
          new Source(
              "Ivgi, Hinder, Carmon, DoG is SGD's Best Friend: A Parameter-Free Dynamic Step Size"
                  + " Schedule, arXiv:2302.12022",
              Source.Confidence.CODE),
          1,
          Dog.HYPERS,
          values -> new Dog(values, true));

  private LDog() {}
}

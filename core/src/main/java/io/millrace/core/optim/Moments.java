package io.millrace.core.optim;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/**
 * What rules with two moving moments of the gradient have in common: {@code m = beta1 m + (1 -
 * beta1) g} and {@code v = beta2 v + (1 - beta2) g^2}. A rule with another default says so by
 * {@link Hyper#withDefault}; one that means something else declares its own.
 */
public final class Moments {
  public static final Hyper BETA1 =
      new Hyper("beta1", 0.9, Range.halfOpen(0, 1), "decay of the first moment");

  public static final Hyper BETA2 =
      new Hyper("beta2", 0.999, Range.halfOpen(0, 1), "decay of the second moment");

  public static final Hyper EPS =
      new Hyper("eps", 1e-8, Range.positive(), "added to the root of the second moment");

  /** Of rules that move along a mean of updates. */
  public static final Hyper MOMENTUM =
      new Hyper("momentum", 0, Range.halfOpen(0, 1), "mu, what is kept of the last update");

  /** Slot of the first moment. */
  public static final String FIRST = "m";

  /** Slot of the second moment. */
  public static final String SECOND = "v";

  private Moments() {}
}

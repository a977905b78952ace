package io.millrace.core.optim;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/**
 * The weight decay that is part of a rule; {@code wd} is its name in the papers' recurrences. All
 * have the same name and default, because a rule has one of them.
 */
public final class WeightDecay {
  private static final String NAME = "weight-decay";

  /** {@code g + wd theta} takes the place of the gradient. */
  public static final Hyper COUPLED =
      new Hyper(NAME, 0, Range.nonNegative(), "coupled L2 weight decay");

  /** {@code theta <- theta - lr wd theta} beside the gradient's step. */
  public static final Hyper DECOUPLED =
      new Hyper(NAME, 0, Range.nonNegative(), "decoupled weight decay, per unit of learning rate");

  /** Of either kind, as {@link #IS_DECOUPLED} says. */
  public static final Hyper EITHER =
      new Hyper(NAME, 0, Range.nonNegative(), "weight decay, of either kind");

  public static final Hyper IS_DECOUPLED =
      new Hyper("decoupled", 0, Range.flag(), "whether weight decay acts beside the gradient");

  private WeightDecay() {}
}

package io.millrace.core.decision;

import java.util.Locale;

/**
 * Ways to estimate from logged decisions what another policy would have earned. In all of them w is
 * the probability of the action under the policy over that at decision time, r the reward, d the
 * predicted reward of the policy, e = r less the predicted reward of the action. See {@link
 * OffPolicy}.
 */
public enum Estimator {
  /** Inverse propensity scoring: unbiased; the weights alone can ruin it. */
  IPS("mean of w r"),

  /** With weights cut off: biased low for rewards. */
  CLIPPED_IPS("mean of min(w, clip) r"),

  /** Self-normalised: needs no knowledge of the range of rewards. */
  SNIPS("sum of w r / sum of w"),

  /** Direct method: as good as the predictions. */
  DM("mean of d"),

  /** Doubly robust: unbiased, and the better the predictions the less it varies. To be read. */
  DR("mean of d + w e"),

  /** Doubly robust with weights cut off. */
  CLIPPED_DR("mean of d + min(w, clip) e"),

  /** Doubly robust, self-normalised. */
  SNDR("mean of d + sum of w e / sum of w"),

  /** Doubly robust where the weight is small, predicted where it is large. */
  SWITCH_DR("mean of d + w e where w <= switch, d elsewhere"),

  /** Doubly robust with optimistic shrinkage of the weights. */
  DR_OS("mean of d + shrink w / (w^2 + shrink) e");

  private final String formula;

  Estimator(String formula) {
    this.formula = formula;
  }

  /** Name in outputs. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it computes. */
  public String formula() {
    return formula;
  }

  /**
   * Whether it tends to the policy's value the more decisions there are, whatever the predictions.
   * Bounds around the others say nothing of the value.
   */
  public boolean isConsistent() {
    return this == IPS || this == SNIPS || this == DR || this == SNDR;
  }

  /** Whether it is a mean of one number per decision, and not a ratio of sums. */
  boolean isMean() {
    return this != SNIPS && this != SNDR;
  }
}

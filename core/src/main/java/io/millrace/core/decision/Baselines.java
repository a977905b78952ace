package io.millrace.core.decision;

import java.util.Arrays;
import java.util.Map;

/**
 * Running off-policy figures of a tuner against its baselines: what always the same arm, a uniform
 * draw, or an apprentice in the tuner's shadow would have earned on the same requests, beside what
 * the tuner itself has. Fed once per decision whose outcome has come, in the order in which they
 * come.
 *
 * <p>Baselines are numbered: {@link #TUNER}, {@link #UNIFORM}, {@link #APPRENTICE}, and {@link
 * #fixed} of each arm. A fixed arm has no answer where it is not eligible; the apprentice none
 * where there was none. Rewards are predicted by {@link ArmMeans} of the decisions before.
 *
 * <p>Memory {@link #length()} doubles: 45 for each arm and 129 more; about 150 operations and three
 * logarithms per baseline and event. Immutable; the numbers are in the caller's block, zeros at
 * first.
 */
public final class Baselines {
  /** The tuner itself, which the log is its own of: all weights are 1. */
  public static final int TUNER = 0;

  /** Every eligible arm with the same probability. */
  public static final int UNIFORM = 1;

  /** The arm that an apprentice would have taken. */
  public static final int APPRENTICE = 2;

  private static final int FIXED = 3;

  private static final int BOUNDS = OffPolicy.LENGTH;
  private static final int EACH = OffPolicy.LENGTH + OffPolicyBounds.LENGTH;

  private final int arms;
  private final OffPolicy estimators;
  private final OffPolicyBounds guaranteed;
  private final AsymptoticBounds asymptotic;
  private final boolean ranged;

  /**
   * Baselines of a tuner.
   *
   * @param arms most arms over its life, at least 1
   * @param alpha probability that the bounds on a baseline ever exclude its value, in (0, 1/2)
   * @param ranged whether rewards lie in [0, 1]: bounds with a guarantee are kept for those alone
   */
  public Baselines(int arms, double alpha, boolean ranged) {
    this.arms = arms;
    this.ranged = ranged;
    this.estimators = OffPolicy.of(Map.of());
    this.guaranteed = new OffPolicyBounds(alpha);
    this.asymptotic = AsymptoticBounds.at(alpha);
  }

  /** Number of the baseline that always takes one arm. */
  public static int fixed(int arm) {
    return FIXED + arm;
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return ArmMeans.PER_ARM * arms + (FIXED + arms) * EACH;
  }

  private int place(int baseline) {
    return ArmMeans.PER_ARM * arms + baseline * EACH;
  }

  /**
   * Takes a decision and what came of it.
   *
   * @param eligible indexes of the eligible arms, of which {@code count} count
   * @param probabilities of each of them at the time of the decision
   * @param action place among them of the arm taken; its probability is above 0
   * @param reward finite; in [0, 1] where they are ranged
   * @param shadow index of the arm that the apprentice would have taken; -1: there is none
   */
  public void take(
      double[] b,
      int[] eligible,
      double[] probabilities,
      int count,
      int action,
      double reward,
      int shadow) {
    int taken = eligible[action];
    double p = probabilities[action];
    double predicted = ArmMeans.mean(b, 0, taken);
    double sum = 0;
    double expected = 0;
    for (int i = 0; i < count; i++) {
      int arm = eligible[i];
      double q = ArmMeans.mean(b, 0, arm);
      sum += q;
      expected += probabilities[i] * q;
      take(b, fixed(arm), arm == taken ? 1 / p : 0, reward, q, predicted);
      if (arm == shadow) {
        take(b, APPRENTICE, arm == taken ? 1 / p : 0, reward, q, predicted);
      }
    }
    take(b, UNIFORM, 1 / (p * count), reward, sum / count, predicted);
    take(b, TUNER, 1, reward, expected, predicted);
    ArmMeans.take(b, 0, taken, reward);
  }

  private void take(
      double[] b, int baseline, double weight, double reward, double value, double predicted) {
    int at = place(baseline);
    estimators.take(b, at, weight, reward, value, predicted);
    if (ranged) {
      guaranteed.take(b, at + BOUNDS, weight, reward);
    }
  }

  /** Forgets an arm whose index is to stand for nothing any more. */
  public void purge(double[] b, int arm) {
    int mean = ArmMeans.PER_ARM * arm;
    Arrays.fill(b, mean, mean + ArmMeans.PER_ARM, 0);
    Arrays.fill(b, place(fixed(arm)), place(fixed(arm)) + EACH, 0);
  }

  /** Decisions that a baseline has an answer for. */
  public double count(double[] b, int baseline) {
    return OffPolicy.count(b, place(baseline));
  }

  /** As many decisions of the baseline itself would say as much. */
  public double effectiveSampleSize(double[] b, int baseline) {
    return OffPolicy.effectiveSampleSize(b, place(baseline));
  }

  /** An estimate of the mean reward; NaN where there is none. */
  public double value(double[] b, int baseline, Estimator e) {
    return OffPolicy.value(b, place(baseline), e);
  }

  /**
   * Half width of bounds on the value that hold from the first look on; infinite before it.
   *
   * @param e a consistent one
   */
  public double radius(double[] b, int baseline, Estimator e) {
    int at = place(baseline);
    return asymptotic.radius(OffPolicy.count(b, at), OffPolicy.variance(b, at, e));
  }

  /** Lower bound on the value with a guarantee; NaN where rewards have no range. */
  public double lower(double[] b, int baseline) {
    return ranged ? OffPolicyBounds.lower(b, place(baseline) + BOUNDS) : Double.NaN;
  }

  /** Upper bound on the value with a guarantee; NaN where rewards have no range. */
  public double upper(double[] b, int baseline) {
    return ranged ? OffPolicyBounds.upper(b, place(baseline) + BOUNDS) : Double.NaN;
  }

  /** Whether fewer than a hundredth of the decisions say something about the baseline. */
  public boolean hasThinSupport(double[] b, int baseline) {
    return OffPolicy.hasThinSupport(b, place(baseline));
  }
}

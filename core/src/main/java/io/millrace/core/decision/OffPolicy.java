package io.millrace.core.decision;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import java.util.List;
import java.util.Map;

/**
 * Off-policy evaluation: what a policy would have earned, from decisions that another one made with
 * known probabilities. All nine {@link Estimator}s with standard errors and effective sample size,
 * as running figures that can be merged. Sources: Horvitz and Thompson 1952 (IPS); Swaminathan and
 * Joachims, "The self-normalized estimator for counterfactual learning", NeurIPS 2015 (SNIPS);
 * Dudik, Langford, Li, arXiv:1103.4601 (DR); Wang, Agarwal, Dudik, arXiv:1612.01205 (Switch-DR);
 * Su, Dimakopoulou, Krishnamurthy, Dudik, arXiv:1907.09623 (shrinkage). Agrees with the Open Bandit
 * Pipeline run on the same logs.
 *
 * <pre>
 * w = pi_a / p,  d = sum_i pi_i q_i,  e = r - q_a          q: predictions made before the event
 * se        = sqrt(M2 / (n (n-1)))                         of those that are means
 * se SNIPS  = sqrt(S_w2r2 - 2 V S_w2r + V^2 S_w2) / S_w
 * se SNDR   = sqrt(M2_d + 2 B / wbar + C / wbar^2) / n,    R = S_we / S_w, wbar = S_w / n,
 *     B = S_dwe - dbar S_we - R (S_dw - dbar S_w),  C = S_w2e2 - 2 R S_w2e + R^2 S_w2
 * ess       = (S_w)^2 / S_w2
 * </pre>
 *
 * <p>Standard errors are for reading at one time fixed beforehand. Whoever looks again and again,
 * or acts on what is seen, uses {@link OffPolicyBounds}, {@link AsymptoticBounds} with {@link
 * #variance}, or {@link PromotionGate}.
 *
 * <p>Deviations from the papers: none. Memory {@link #LENGTH} doubles for each key and evaluated
 * policy; about 80 operations per event. Immutable; the numbers are in the caller's block, zeros at
 * first.
 */
public final class OffPolicy {
  public static final Hyper CLIP =
      new Hyper("clip", 10, Range.positive(), "largest weight of the clipped estimators");

  public static final Hyper SWITCH =
      new Hyper(
          "switch",
          5,
          Range.nonNegative(),
          "largest weight that switch_dr corrects predictions by");

  public static final Hyper SHRINK =
      new Hyper(
          "shrink",
          10,
          Range.positive(),
          "how far dr_os trusts large weights: towards 0 it is dm, towards infinity dr");

  /** In the order of the command line. */
  public static final List<Hyper> HYPERS = List.of(CLIP, SWITCH, SHRINK);

  /** Below this share of effective to real decisions the support is thin. */
  private static final double THIN = 0.01;

  /** Standard errors that a mean weight may lie from 1. */
  private static final double SUSPECT = 4;

  /** Sums and counts, each at its place in the block, before the moments. */
  private enum Figure {
    COUNT,
    /** Decisions of weight 0. */
    UNUSED,
    MAX_WEIGHT,
    W,
    W2,
    WR,
    W2R,
    W2R2,
    WE,
    W2E,
    W2E2,
    DW,
    DWE
  }

  private static final int MOMENTS = Figure.values().length;

  /** Doubles that the caller keeps. */
  public static final int LENGTH =
      MOMENTS + (Estimator.values().length - 2) * RunningMoments.LENGTH;

  private static final int[] PLACES = places();

  private final double clip;
  private final double largest;
  private final double shrink;

  /**
   * @param values by name, of {@link #HYPERS}
   */
  public OffPolicy(HyperValues values) {
    this.clip = values.get(CLIP);
    this.largest = values.get(SWITCH);
    this.shrink = values.get(SHRINK);
  }

  /**
   * With the given values, and the defaults of the others.
   *
   * @throws io.millrace.core.ConfigException for an unknown name or a value out of range
   */
  public static OffPolicy of(Map<String, Double> values) {
    return new OffPolicy(HyperValues.of("off-policy", HYPERS, values));
  }

  private static int[] places() {
    Estimator[] all = Estimator.values();
    int[] places = new int[all.length];
    int next = MOMENTS;
    for (Estimator e : all) {
      places[e.ordinal()] = e.isMean() ? next : -1;
      next += e.isMean() ? RunningMoments.LENGTH : 0;
    }
    return places;
  }

  /**
   * Takes a decision and what came of it.
   *
   * @param w probability of the action under the policy over that at decision time, at least 0
   * @param r reward
   * @param d predicted reward of the policy
   * @param q predicted reward of the action, made before this event trained the predictor
   */
  public void take(double[] b, int at, double w, double r, double d, double q) {
    double e = r - q;
    double cut = Math.min(w, clip);
    double n = add(b, at, Figure.COUNT, 1);
    add(b, at, Figure.UNUSED, w == 0 ? 1 : 0);
    int max = at + Figure.MAX_WEIGHT.ordinal();
    b[max] = Math.max(b[max], w);
    mean(b, at, Estimator.IPS, n, w * r);
    mean(b, at, Estimator.CLIPPED_IPS, n, cut * r);
    mean(b, at, Estimator.DM, n, d);
    mean(b, at, Estimator.DR, n, d + w * e);
    mean(b, at, Estimator.CLIPPED_DR, n, d + cut * e);
    mean(b, at, Estimator.SWITCH_DR, n, d + (w <= largest ? w * e : 0));
    mean(b, at, Estimator.DR_OS, n, d + shrink * w / (w * w + shrink) * e);
    double wr = w * r;
    double we = w * e;
    add(b, at, Figure.W, w);
    add(b, at, Figure.W2, w * w);
    add(b, at, Figure.WR, wr);
    add(b, at, Figure.W2R, w * wr);
    add(b, at, Figure.W2R2, wr * wr);
    add(b, at, Figure.WE, we);
    add(b, at, Figure.W2E, w * we);
    add(b, at, Figure.W2E2, we * we);
    add(b, at, Figure.DW, d * w);
    add(b, at, Figure.DWE, d * we);
  }

  private static double add(double[] b, int at, Figure f, double x) {
    return b[at + f.ordinal()] += x;
  }

  private static void mean(double[] b, int at, Estimator e, double n, double y) {
    RunningMoments.add(b, at + PLACES[e.ordinal()], n, y);
  }

  /**
   * Adds the decisions of another block.
   *
   * @param other of the same values, not modified
   */
  public static void merge(double[] b, int at, double[] other, int otherAt) {
    double n = count(b, at);
    double m = count(other, otherAt);
    for (Estimator e : Estimator.values()) {
      if (e.isMean()) {
        int place = PLACES[e.ordinal()];
        RunningMoments.merge(b, at + place, n, other, otherAt + place, m);
      }
    }
    double max = Math.max(maxWeight(b, at), maxWeight(other, otherAt));
    for (int i = 0; i < MOMENTS; i++) {
      b[at + i] += other[otherAt + i];
    }
    b[at + Figure.MAX_WEIGHT.ordinal()] = max;
  }

  /** Value of the policy; NaN where there is none: no decisions, or none that it shares. */
  public static double value(double[] b, int at, Estimator e) {
    double n = count(b, at);
    if (n == 0) {
      return Double.NaN;
    }
    return switch (e) {
      case SNIPS -> ratio(get(b, at, Figure.WR), get(b, at, Figure.W));
      case SNDR -> value(b, at, Estimator.DM) + ratio(get(b, at, Figure.WE), get(b, at, Figure.W));
      default -> RunningMoments.mean(b, at + PLACES[e.ordinal()]);
    };
  }

  private static double ratio(double sum, double weights) {
    return weights == 0 ? Double.NaN : sum / weights;
  }

  /** Standard error at a time fixed beforehand; NaN where it has no meaning yet. */
  public static double standardError(double[] b, int at, Estimator e) {
    double n = count(b, at);
    return switch (e) {
      case SNIPS -> snipsError(b, at);
      case SNDR -> sndrError(b, at, n);
      default -> RunningMoments.standardError(b, at + PLACES[e.ordinal()], n);
    };
  }

  /** Variance of what one decision adds, for {@link AsymptoticBounds}; NaN as the error. */
  public static double variance(double[] b, int at, Estimator e) {
    double error = standardError(b, at, e);
    return count(b, at) * error * error;
  }

  private static double snipsError(double[] b, int at) {
    double sw = get(b, at, Figure.W);
    double v = value(b, at, Estimator.SNIPS);
    double square =
        get(b, at, Figure.W2R2) - 2 * v * get(b, at, Figure.W2R) + v * v * get(b, at, Figure.W2);
    return Math.sqrt(positive(square)) / sw;
  }

  private static double sndrError(double[] b, int at, double n) {
    double sw = get(b, at, Figure.W);
    double swe = get(b, at, Figure.WE);
    double ratio = ratio(swe, sw);
    double mean = value(b, at, Estimator.DM);
    double weight = sw / n;
    double cross =
        get(b, at, Figure.DWE) - mean * swe - ratio * (get(b, at, Figure.DW) - mean * sw);
    double square =
        get(b, at, Figure.W2E2)
            - 2 * ratio * get(b, at, Figure.W2E)
            + ratio * ratio * get(b, at, Figure.W2);
    double m2 = RunningMoments.sumOfSquares(b, at + PLACES[Estimator.DM.ordinal()]);
    return Math.sqrt(positive(m2 + 2 * cross / weight + square / (weight * weight))) / n;
  }

  /** Rounding may leave a sum of squares below 0; what is not defined stays so. */
  private static double positive(double square) {
    return square < 0 ? 0 : square;
  }

  private static double get(double[] b, int at, Figure f) {
    return b[at + f.ordinal()];
  }

  /** Number of decisions, those of weight 0 included. */
  public static double count(double[] b, int at) {
    return get(b, at, Figure.COUNT);
  }

  /** As many decisions of the policy itself would say as much: from 0 to {@link #count}. */
  public static double effectiveSampleSize(double[] b, int at) {
    double sw = get(b, at, Figure.W);
    return sw == 0 ? 0 : sw * sw / get(b, at, Figure.W2);
  }

  /** Mean weight: about 1 if the logged probabilities are true; NaN of no decisions. */
  public static double meanWeight(double[] b, int at) {
    return get(b, at, Figure.W) / count(b, at);
  }

  public static double maxWeight(double[] b, int at) {
    return get(b, at, Figure.MAX_WEIGHT);
  }

  /** Share of decisions that the policy would never have made; NaN of no decisions. */
  public static double unusedShare(double[] b, int at) {
    return get(b, at, Figure.UNUSED) / count(b, at);
  }

  /**
   * Whether the mean weight lies more than four standard errors from 1: the logged probabilities
   * are then hardly those that the decisions were drawn with.
   */
  public static boolean suspectsPropensities(double[] b, int at) {
    double n = count(b, at);
    double sw = get(b, at, Figure.W);
    double variance = positive(get(b, at, Figure.W2) - sw * sw / n) / (n - 1);
    return n > 1 && Math.abs(sw / n - 1) > SUSPECT * Math.sqrt(variance / n) + 1e-9;
  }

  /** Whether fewer than a hundredth of the decisions say something about the policy. */
  public static boolean hasThinSupport(double[] b, int at) {
    return effectiveSampleSize(b, at) < THIN * count(b, at);
  }
}

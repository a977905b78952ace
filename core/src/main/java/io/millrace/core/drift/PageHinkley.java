package io.millrace.core.drift;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * The Page-Hinkley test for a change of a mean. Page, "Continuous Inspection Schemes", Biometrika
 * 1954; Hinkley, "Inference about the change-point from cumulative sum tests", Biometrika 1971;
 * with forgetting as in scikit-multiflow.
 *
 * <pre>
 * n    &lt;- n + 1        mean &lt;- mean + (x - mean) / n
 * up   &lt;- max(0, alpha up   + x - mean - delta)
 * down &lt;- max(0, alpha down + mean - x - delta)
 * g     = up, or the larger of both        n at least minimum: change at g &gt; lambda, warning at g &gt; lambda / 2
 * </pre>
 *
 * <p>Deviations from the papers: forgetting, and the warning. After a change the state begins anew,
 * without the value that told. Immutable: the numbers are {@link #LENGTH} doubles in the caller's
 * block, zeros at first. Ten flops a value.
 *
 * @param delta change of the mean that is tolerated, in the unit of the values
 * @param lambda threshold, above 0
 * @param alpha forgetting of the sums, in (0, 1]
 * @param minimum values before anything is said
 * @param both whether a falling mean counts too
 */
public record PageHinkley(double delta, double lambda, double alpha, long minimum, boolean both)
    implements Detector {
  private static final Hyper DELTA =
      new Hyper("delta", 0.005, Range.nonNegative(), "change of the mean that is tolerated");
  private static final Hyper LAMBDA =
      new Hyper("lambda", 50, Range.positive(), "sum of deviations at which it tells");
  private static final Hyper ALPHA =
      new Hyper("alpha", 0.9999, new Range(0, true, 1, false, false), "forgetting of the sums");
  private static final Hyper MINIMUM =
      new Hyper("minimum", 30, Range.integers(1, 1e9), "values before anything is said");
  private static final Hyper BOTH =
      new Hyper("both", 0, Range.flag(), "1: a mean that falls counts too");

  public static final DetectorSpec SPEC =
      new DetectorSpec(
          "page-hinkley",
          new Source(
              "Page, Continuous Inspection Schemes, Biometrika 1954; Hinkley, Inference about the"
                  + " change-point from cumulative sum tests, Biometrika 1971",
              Source.Confidence.CODE),
          false,
          List.of(DELTA, LAMBDA, ALPHA, MINIMUM, BOTH),
          List.of(),
          (v, words) ->
              new PageHinkley(
                  v.get(DELTA), v.get(LAMBDA), v.get(ALPHA), (long) v.get(MINIMUM), v.flag(BOTH)));

  /** Doubles that the caller keeps. */
  public static final int LENGTH = 4;

  private static final int N = 0;
  private static final int MEAN = 1;
  private static final int UP = 2;
  private static final int DOWN = 3;

  /** The test for a rising mean with the usual forgetting and start. */
  public static PageHinkley rising(double delta, double lambda) {
    return new PageHinkley(delta, lambda, 0.9999, 30, false);
  }

  @Override
  public int length() {
    return LENGTH;
  }

  @Override
  public Signal add(double[] block, int at, double x, DetectorContext context) {
    return take(block, at, x, context);
  }

  /**
   * Takes a value, for those who ask for no statistic.
   *
   * @param block holds the numbers from {@code at} on, modified
   */
  public Signal add(double[] block, int at, double x) {
    return take(block, at, x, null);
  }

  /** Takes a value; without a context no statistic is left. */
  private Signal take(double[] block, int at, double x, DetectorContext context) {
    double n = block[at + N] + 1;
    double mean = block[at + MEAN] + (x - block[at + MEAN]) / n;
    double up = Math.max(0, alpha * block[at + UP] + x - mean - delta);
    double down = Math.max(0, alpha * block[at + DOWN] + mean - x - delta);
    block[at + N] = n;
    block[at + MEAN] = mean;
    block[at + UP] = up;
    block[at + DOWN] = down;
    if (n < minimum) {
      return Signal.CALM;
    }
    double g = both ? Math.max(up, down) : up;
    if (context != null) {
      context.tested(g, lambda);
    }
    if (g > lambda) {
      restart(block, at);
      return both && down > up ? Signal.FELL : Signal.ROSE;
    }
    return g > lambda / 2 ? Signal.WARNING : Signal.CALM;
  }
}

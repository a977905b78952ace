package io.millrace.core.drift;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * DDM: errors have become more frequent than they were at their rarest. Gama, Medas, Castillo,
 * Rodrigues, "Learning with Drift Detection", SBIA 2004.
 *
 * <pre>
 * n &lt;- n + 1,  e &lt;- e + x,  p = e / n,  s = sqrt(p (1 - p) / n)
 * n &gt; minimum: p + s &lt;= pMin + sMin: pMin, sMin &lt;- p, s
 *              drift   p + s &gt; pMin + drift sMin
 *              warning p + s &gt; pMin + warning sMin
 * </pre>
 *
 * <p>A start without any error leaves pMin = sMin = 0, and then the first error is a change: with
 * one error in a hundred, 85 of 100 streams raise a false alarm within 2,000 values. To be used
 * where more than five values in a hundred are errors. Deviations from the paper: none; constants
 * as in public code. After a change the state begins anew, without the value that told. Immutable:
 * {@link #LENGTH} doubles; ten flops and a root per value.
 *
 * @param minimum values before anything is said
 * @param warning standard deviations above the smallest rate at which it warns
 * @param drift standard deviations above the smallest rate at which it tells
 */
public record Ddm(long minimum, double warning, double drift) implements Detector {
  private static final Hyper MINIMUM =
      new Hyper("minimum", 30, Range.integers(1, 1e9), "values before anything is said");
  private static final Hyper WARNING =
      new Hyper("warning", 2, Range.positive(), "standard deviations at which it warns");
  private static final Hyper DRIFT =
      new Hyper("drift", 3, Range.positive(), "standard deviations at which it tells");

  public static final DetectorSpec SPEC =
      new DetectorSpec(
          "ddm",
          new Source(
              "Gama, Medas, Castillo, Rodrigues, Learning with Drift Detection, SBIA 2004",
              Source.Confidence.CODE),
          true,
          List.of(MINIMUM, WARNING, DRIFT),
          List.of(),
          (v, words) -> new Ddm((long) v.get(MINIMUM), v.get(WARNING), v.get(DRIFT)));

  /** Doubles that the caller keeps. */
  public static final int LENGTH = 4;

  private static final int N = 0;
  private static final int ERRORS = 1;
  private static final int P_MIN = 2;
  private static final int S_MIN = 3;

  @Override
  public int length() {
    return LENGTH;
  }

  @Override
  public Signal add(double[] block, int at, double x, DetectorContext context) {
    double n = ++block[at + N];
    block[at + ERRORS] += x;
    double p = block[at + ERRORS] / n;
    double s = Math.sqrt(p * (1 - p) / n);
    if (n <= minimum) {
      return Signal.CALM;
    }
    // The first value that counts sets the smallest.
    if (n == minimum + 1 || p + s <= block[at + P_MIN] + block[at + S_MIN]) {
      block[at + P_MIN] = p;
      block[at + S_MIN] = s;
    }
    double pMin = block[at + P_MIN];
    double sMin = block[at + S_MIN];
    context.tested(p + s, pMin + drift * sMin);
    if (p + s > pMin + drift * sMin) {
      restart(block, at);
      return Signal.ROSE;
    }
    return p + s > pMin + warning * sMin ? Signal.WARNING : Signal.CALM;
  }
}

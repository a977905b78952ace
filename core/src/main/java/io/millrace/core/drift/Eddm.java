package io.millrace.core.drift;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * EDDM: errors follow each other sooner than they did at their best. Baena-Garcia, del Campo-Avila,
 * Fidalgo, Bifet, Gavalda, Morales-Bueno, "Early Drift Detection Method", Fourth International
 * Workshop on Knowledge Discovery from Data Streams, 2006.
 *
 * <pre>
 * at an error: d = values since the last error (at first: since the start)
 *   k &lt;- k + 1,  mean &lt;- mean + (d - mean) / k,  M2 &lt;- M2 + (d - mean) (d - mean')
 *   g = mean + 2 sqrt(M2 / k)
 *   n &gt; minimum: g &gt; best: best &lt;- g, no warning
 *                else k &gt; minimum: drift g / best &lt; drift,  warning g / best &lt; warning
 * </pre>
 *
 * <p>Between errors a warning stands. It tells early and often, of streams that do not change too
 * (16 to 25 times in 10,000 values, measured). Deviations from the paper: none; constants as in
 * public code. After a change the state begins anew. Immutable: {@link #LENGTH} doubles; ten flops
 * and a root per error.
 *
 * @param minimum errors, and values, before anything is said
 * @param warning share of the best distance below which it warns
 * @param drift share of the best distance below which it tells
 */
public record Eddm(long minimum, double warning, double drift) implements Detector {
  private static final Hyper MINIMUM =
      new Hyper("minimum", 30, Range.integers(1, 1e9), "errors before anything is said");
  private static final Hyper WARNING =
      new Hyper("warning", 0.95, Range.closed(0, 1), "share of the best distance: it warns below");
  private static final Hyper DRIFT =
      new Hyper("drift", 0.9, Range.closed(0, 1), "share of the best distance: it tells below");

  public static final DetectorSpec SPEC =
      new DetectorSpec(
          "eddm",
          new Source(
              "Baena-Garcia et al., Early Drift Detection Method, IWKDDS 2006",
              Source.Confidence.CODE),
          true,
          List.of(MINIMUM, WARNING, DRIFT),
          List.of(),
          (v, words) -> new Eddm((long) v.get(MINIMUM), v.get(WARNING), v.get(DRIFT)));

  /** Doubles that the caller keeps. */
  public static final int LENGTH = 7;

  private static final int N = 0;
  private static final int ERRORS = 1;
  private static final int LAST = 2;
  private static final int MEAN = 3;
  private static final int M2 = 4;

  /** Largest g; 0: there was none, since g is at least 1. */
  private static final int BEST = 5;

  private static final int WARNED = 6;

  @Override
  public int length() {
    return LENGTH;
  }

  /** Mean of the distances of errors. */
  public double mean(double[] block, int at) {
    return block[at + MEAN];
  }

  /** Standard deviation of the distances of errors; 0 where there was none. */
  public double deviation(double[] block, int at) {
    double errors = block[at + ERRORS];
    return errors == 0 ? 0 : Math.sqrt(block[at + M2] / errors);
  }

  /** Largest mean plus twice the standard deviation; 0: none yet. */
  public double best(double[] block, int at) {
    return block[at + BEST];
  }

  @Override
  public Signal add(double[] block, int at, double x, DetectorContext context) {
    double n = ++block[at + N];
    if (x == 0) {
      return block[at + WARNED] != 0 ? Signal.WARNING : Signal.CALM;
    }
    double errors = ++block[at + ERRORS];
    double distance = n - block[at + LAST];
    block[at + LAST] = n;
    double deviation = distance - block[at + MEAN];
    block[at + MEAN] += deviation / errors;
    block[at + M2] += deviation * (distance - block[at + MEAN]);
    double g = block[at + MEAN] + 2 * deviation(block, at);
    if (n <= minimum) {
      return Signal.CALM;
    }
    if (g > block[at + BEST]) {
      block[at + BEST] = g;
      block[at + WARNED] = 0;
    } else if (errors > minimum) {
      double share = g / block[at + BEST];
      context.tested(share, drift);
      if (share < drift) {
        restart(block, at);
        return Signal.ROSE;
      }
      block[at + WARNED] = share < warning ? 1 : 0;
    }
    return block[at + WARNED] != 0 ? Signal.WARNING : Signal.CALM;
  }
}

package io.millrace.core.drift;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * STEPD: the last W values have more errors than all values before them, by a test of equal
 * proportions. Nishida, Yamauchi, "Detecting Concept Drift Using Statistical Testing", Discovery
 * Science 2007.
 *
 * <pre>
 * a value leaves the ring of W: nOld &lt;- nOld + 1,  eOld &lt;- eOld + it
 * nOld &gt;= W: p = (eOld + eNew) / (nOld + W),  k = 1 / nOld + 1 / W
 *   z = (eNew / W - eOld / nOld - k / 2) / sqrt(p (1 - p) k)
 *   drift z &gt; drift,  warning z &gt; warning
 * </pre>
 *
 * <p>Where p is 0 or 1 nothing is said. Deviations from the paper: errors that have become fewer
 * are no drift. After a change the state begins anew. Immutable: {@link #length()} doubles; 15
 * flops and a root per value.
 *
 * @param window recent values, W
 * @param drift z at which it tells; 2.96774 is 0.003 on both sides
 * @param warning z at which it warns; 1.95996 is 0.05 on both sides
 */
public record Stepd(int window, double drift, double warning) implements Detector {
  private static final Hyper WINDOW =
      Hyper.structural("window", 30, Range.integers(2, 10_000), "values that are recent");
  private static final Hyper DRIFT =
      new Hyper("drift", 2.9677379253417833, Range.positive(), "z at which it tells");
  private static final Hyper WARNING =
      new Hyper("warning", 1.959963984540054, Range.positive(), "z at which it warns");

  public static final DetectorSpec SPEC =
      new DetectorSpec(
          "stepd",
          new Source(
              "Nishida, Yamauchi, Detecting Concept Drift Using Statistical Testing, Discovery"
                  + " Science 2007",
              Source.Confidence.CODE),
          true,
          List.of(WINDOW, DRIFT, WARNING),
          List.of(),
          (v, words) -> new Stepd((int) v.get(WINDOW), v.get(DRIFT), v.get(WARNING)));

  private static final int N = 0;
  private static final int OLD_ERRORS = 1;
  private static final int NEW_ERRORS = 2;
  private static final int RING = 3;

  @Override
  public int length() {
    return RING + window;
  }

  /** Values that have left the ring. */
  public double oldCount(double[] block, int at) {
    return Math.max(0, block[at + N] - window);
  }

  /** Errors among the values that have left the ring. */
  public double oldErrors(double[] block, int at) {
    return block[at + OLD_ERRORS];
  }

  /** Errors among the values of the ring. */
  public double newErrors(double[] block, int at) {
    return block[at + NEW_ERRORS];
  }

  @Override
  public Signal add(double[] block, int at, double x, DetectorContext context) {
    int place = at + RING + (int) ((long) block[at + N] % window);
    double leaves = block[place]; // 0 as long as the ring fills
    block[place] = x;
    block[at + N]++;
    block[at + OLD_ERRORS] += leaves;
    block[at + NEW_ERRORS] += x - leaves;
    double nOld = oldCount(block, at);
    double p = (block[at + OLD_ERRORS] + block[at + NEW_ERRORS]) / (nOld + window);
    if (nOld < window || p == 0 || p == 1) {
      return Signal.CALM;
    }
    double k = 1 / nOld + 1.0 / window;
    double rise = block[at + NEW_ERRORS] / window - block[at + OLD_ERRORS] / nOld;
    double z = (rise - k / 2) / Math.sqrt(p * (1 - p) * k);
    context.tested(z, drift);
    if (z > drift) {
      restart(block, at);
      return Signal.ROSE;
    }
    return z > warning ? Signal.WARNING : Signal.CALM;
  }
}

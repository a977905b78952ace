package io.millrace.core.drift;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Map;

/**
 * HDDM_A: the mean since a cut lies above the mean before it by more than Hoeffding's bound. Frias-
 * Blanco, del Campo-Avila, Ramos-Jimenez, Morales-Bueno, Ortiz-Diaz, Caballero-Mota, "Online and
 * Non-Parametric Drift Detection Methods Based on Hoeffding's Bounds", IEEE TKDE 27(3), 2015,
 * algorithm 1 (A-test).
 *
 * <pre>
 * n &lt;- n + 1,  c &lt;- c + x,  eps(n) = sqrt(ln(1 / drift) / (2n))
 * low cut  &lt;- (n, c) where c/n + eps(n) &lt;= cLow/nLow + eps(nLow);  the high cut mirrored
 * m = (n - nLow) / (nLow n)
 * drift : c/n - cLow/nLow &gt;= sqrt(m/2 ln(2 / drift)),  warning the same with its own level
 * fallen: cHigh/nHigh - c/n by the level of drift
 * </pre>
 *
 * <p>Deviations from the paper: what is done when the mean has fallen is a setting, with MOA's
 * silent restart as the default. Values lie in [0, 1]. After a change the state begins anew.
 * Immutable: {@link #LENGTH} doubles; 40 flops per value.
 */
public final class HddmA implements Detector {
  private static final Hyper DRIFT =
      new Hyper("drift", 0.001, Hddm.LEVELS, "level of the test at which it tells");
  private static final Hyper WARNING =
      new Hyper("warning", 0.005, Hddm.LEVELS, "level of the test at which it warns");

  public static final DetectorSpec SPEC =
      new DetectorSpec(
          "hddm-a",
          new Source(
              "Frias-Blanco et al., Online and Non-Parametric Drift Detection Methods Based on"
                  + " Hoeffding's Bounds, IEEE TKDE 27(3), 2015",
              Source.Confidence.CODE),
          true,
          List.of(DRIFT, WARNING),
          List.of(Decrease.CHOICE),
          (v, words) -> new HddmA(v.get(DRIFT), v.get(WARNING), words));

  /** Doubles that the caller keeps. */
  public static final int LENGTH = 6;

  private static final int N = 0;
  private static final int SUM = 1;
  private static final int LOW = 2; // n and sum of the low cut
  private static final int HIGH = 4;

  private final double cutLog;
  private final double driftLog;
  private final double warningLog;
  private final Decrease decrease;

  private HddmA(double drift, double warning, Map<String, String> words) {
    this.cutLog = -StrictMath.log(drift);
    this.driftLog = StrictMath.log(2 / drift);
    this.warningLog = StrictMath.log(2 / warning);
    this.decrease = Decrease.of(words);
  }

  @Override
  public int length() {
    return LENGTH;
  }

  private double eps(double n) {
    return Math.sqrt(cutLog / (2 * n));
  }

  @Override
  public Signal add(double[] block, int at, double x, DetectorContext context) {
    double n = ++block[at + N];
    double c = block[at + SUM] += x;
    double mean = c / n;
    double eps = eps(n);
    double nLow = block[at + LOW];
    if (nLow == 0 || mean + eps <= block[at + LOW + 1] / nLow + eps(nLow)) {
      block[at + LOW] = n;
      block[at + LOW + 1] = c;
    }
    double nHigh = block[at + HIGH];
    if (nHigh == 0 || mean - eps >= block[at + HIGH + 1] / nHigh - eps(nHigh)) {
      block[at + HIGH] = n;
      block[at + HIGH + 1] = c;
    }
    Signal signal = rising(block, at, n, mean, context);
    if (signal == Signal.ROSE) {
      restart(block, at);
    } else if (decrease != Decrease.IGNORE && fallen(block, at, n, mean)) {
      restart(block, at);
      return decrease == Decrease.ALARM ? Signal.FELL : signal;
    }
    return signal;
  }

  private Signal rising(double[] block, int at, double n, double mean, DetectorContext context) {
    double nLow = block[at + LOW];
    if (nLow == n) {
      return Signal.CALM;
    }
    double rise = mean - block[at + LOW + 1] / nLow;
    double half = (n - nLow) / (nLow * n) / 2;
    double bound = Math.sqrt(half * driftLog);
    context.tested(rise, bound);
    return rise >= bound
        ? Signal.ROSE
        : rise >= Math.sqrt(half * warningLog) ? Signal.WARNING : Signal.CALM;
  }

  private boolean fallen(double[] block, int at, double n, double mean) {
    double nHigh = block[at + HIGH];
    double half = (n - nHigh) / (nHigh * n) / 2;
    return nHigh != n && block[at + HIGH + 1] / nHigh - mean >= Math.sqrt(half * driftLog);
  }
}

package io.millrace.core.drift;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * HDDM_W: the weighted mean since a cut lies above that before it by more than McDiarmid's bound.
 * Frias-Blanco, del Campo-Avila, Ramos-Jimenez, Morales-Bueno, Ortiz-Diaz, Caballero-Mota, "Online
 * and Non-Parametric Drift Detection Methods Based on Hoeffding's Bounds", IEEE TKDE 27(3), 2015,
 * algorithm 2 (W-test).
 *
 * <pre>
 * a sample: first value (x, 1), then mean &lt;- l x + (1-l) mean,  ss &lt;- l^2 + (1-l)^2 ss
 * x into total,  e = sqrt(ss ln(1 / drift) / 2)
 * total + e &lt; cut: cut &lt;- total + e,  before &lt;- total,  after empty;  else x into after
 * drift : after - before &gt; sqrt((ss before + ss after) ln(1 / drift) / 2),  warning by its own level
 * fallen: the same mirrored, by the level of drift
 * </pre>
 *
 * <p>Deviations from the paper: what is done when the mean has fallen is a setting, with MOA's
 * silent restart as the default. Values lie in [0, 1]. After a change the state begins anew.
 * Immutable: {@link #LENGTH} doubles; 60 flops per value.
 */
public final class HddmW implements Detector {
  private static final Hyper DRIFT =
      new Hyper("drift", 0.001, Hddm.LEVELS, "level of the test at which it tells");
  private static final Hyper WARNING =
      new Hyper("warning", 0.005, Hddm.LEVELS, "level of the test at which it warns");
  private static final Hyper LAMBDA =
      new Hyper("lambda", 0.05, Hddm.LEVELS, "weight of the newest value");

  public static final DetectorSpec SPEC =
      new DetectorSpec(
          "hddm-w",
          new Source(
              "Frias-Blanco et al., Online and Non-Parametric Drift Detection Methods Based on"
                  + " Hoeffding's Bounds, IEEE TKDE 27(3), 2015",
              Source.Confidence.CODE),
          true,
          List.of(DRIFT, WARNING, LAMBDA),
          List.of(Decrease.CHOICE),
          (v, words) -> new HddmW(v.get(DRIFT), v.get(WARNING), v.get(LAMBDA), words));

  /** Doubles that the caller keeps. */
  public static final int LENGTH = 12;

  // Samples: mean, and sum of squared weights, which is 0 where the sample is empty.
  private static final int TOTAL = 0;
  private static final int LOW_BEFORE = 2;
  private static final int LOW_AFTER = 4;
  private static final int HIGH_BEFORE = 6;
  private static final int HIGH_AFTER = 8;

  private static final int LOW_CUT = 10; // set where the sample before it is not empty
  private static final int HIGH_CUT = 11;

  private final double driftLog;
  private final double warningLog;
  private final double lambda;
  private final Decrease decrease;

  private HddmW(double drift, double warning, double lambda, Map<String, String> words) {
    this.driftLog = -StrictMath.log(drift);
    this.warningLog = -StrictMath.log(warning);
    this.lambda = lambda;
    this.decrease = Decrease.of(words);
  }

  @Override
  public int length() {
    return LENGTH;
  }

  private void take(double[] block, int sample, double x) {
    if (block[sample + 1] == 0) {
      block[sample] = x;
      block[sample + 1] = 1;
    } else {
      double kept = 1 - lambda;
      block[sample] = lambda * x + kept * block[sample];
      block[sample + 1] = lambda * lambda + kept * kept * block[sample + 1];
    }
  }

  @Override
  public Signal add(double[] block, int at, double x, DetectorContext context) {
    take(block, at + TOTAL, x);
    double mean = block[at + TOTAL];
    double e = Math.sqrt(block[at + TOTAL + 1] * driftLog / 2);
    if (block[at + LOW_BEFORE + 1] == 0 || mean + e < block[at + LOW_CUT]) {
      block[at + LOW_CUT] = mean + e;
      cut(block, at, LOW_BEFORE, LOW_AFTER);
    } else {
      take(block, at + LOW_AFTER, x);
    }
    if (block[at + HIGH_BEFORE + 1] == 0 || mean - e > block[at + HIGH_CUT]) {
      block[at + HIGH_CUT] = mean - e;
      cut(block, at, HIGH_BEFORE, HIGH_AFTER);
    } else {
      take(block, at + HIGH_AFTER, x);
    }
    Signal signal = rising(block, at, context);
    if (signal == Signal.ROSE) {
      restart(block, at);
    } else if (decrease != Decrease.IGNORE && fallen(block, at)) {
      restart(block, at);
      return decrease == Decrease.ALARM ? Signal.FELL : signal;
    }
    return signal;
  }

  private static void cut(double[] block, int at, int before, int after) {
    System.arraycopy(block, at + TOTAL, block, at + before, 2);
    Arrays.fill(block, at + after, at + after + 2, 0);
  }

  private Signal rising(double[] block, int at, DetectorContext context) {
    if (block[at + LOW_AFTER + 1] == 0) {
      return Signal.CALM;
    }
    double rise = block[at + LOW_AFTER] - block[at + LOW_BEFORE];
    double half = (block[at + LOW_BEFORE + 1] + block[at + LOW_AFTER + 1]) / 2;
    double bound = Math.sqrt(half * driftLog);
    context.tested(rise, bound);
    return rise > bound
        ? Signal.ROSE
        : rise > Math.sqrt(half * warningLog) ? Signal.WARNING : Signal.CALM;
  }

  private boolean fallen(double[] block, int at) {
    double half = (block[at + HIGH_BEFORE + 1] + block[at + HIGH_AFTER + 1]) / 2;
    return block[at + HIGH_AFTER + 1] != 0
        && block[at + HIGH_BEFORE] - block[at + HIGH_AFTER] > Math.sqrt(half * driftLog);
  }
}

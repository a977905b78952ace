package io.millrace.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How often bounds that are looked at after every value ever exclude the mean: at most alpha, and
 * three standard errors of the simulation. The interval of a textbook fails the same test.
 */
class BoundsStatTest {
  private static final double ALPHA = 0.05;

  /** Values in [0, 1] with a known mean. */
  enum Stream {
    COIN(0.5) {
      @Override
      double value(Draws draws, long t) {
        return draws.coin(t, 0.5) ? 1 : 0;
      }
    },
    RARE(0.05) {
      @Override
      double value(Draws draws, long t) {
        return draws.coin(t, 0.05) ? 1 : 0;
      }
    },
    /** A quarter of the mean of three uniforms, and a half of a fourth: skewed, never at an end. */
    SMOOTH(0.375) {
      @Override
      double value(Draws draws, long t) {
        double sum = 0;
        for (int i = 0; i < 3; i++) {
          sum += draws.uniform(4 * t + i);
        }
        return 0.25 * sum / 3 + 0.5 * draws.uniform(4 * t + 3);
      }
    };

    private final double mean;

    Stream(double mean) {
      this.mean = mean;
    }

    abstract double value(Draws draws, long t);
  }

  /** Whether the mean was outside of the bounds at any time of a run. */
  private interface Run {
    boolean misses(Stream stream, Draws draws);
  }

  private static double missRate(Stream stream, int runs, Run run) {
    PhiloxDraws draws = new PhiloxDraws(31, stream.name());
    int missed = 0;
    for (int i = 0; i < runs; i++) {
      missed += run.misses(stream, draws.at(i)) ? 1 : 0;
    }
    return missed / (double) runs;
  }

  private static double allowed(int runs) {
    return ALPHA + 3 * Math.sqrt(ALPHA * (1 - ALPHA) / runs);
  }

  @ParameterizedTest
  @EnumSource
  void empiricalBernsteinHoldsAtAllTimes(Stream stream) {
    EmpiricalBernstein rule = EmpiricalBernstein.twoSided(ALPHA);
    Run run =
        (s, draws) -> {
          double[] b = new double[EmpiricalBernstein.LENGTH];
          for (int t = 0; t < 3000; t++) {
            rule.take(b, 0, s.value(draws, t));
          }
          // The running bounds at the end exclude whatever those of any time did.
          return EmpiricalBernstein.runningLower(b, 0) > s.mean
              || EmpiricalBernstein.runningUpper(b, 0) < s.mean;
        };
    assertThat(missRate(stream, 1000, run)).isLessThanOrEqualTo(allowed(1000));
  }

  @ParameterizedTest
  @EnumSource
  void hedgedBettingHoldsAtAllTimesAndIsNarrower(Stream stream) {
    HedgedBetting rule = new HedgedBetting(ALPHA, HedgedBetting.GRID);
    EmpiricalBernstein wider = EmpiricalBernstein.twoSided(ALPHA);
    double[] widths = new double[2];
    Run run =
        (s, draws) -> {
          double[] b = new double[rule.length()];
          double[] e = new double[EmpiricalBernstein.LENGTH];
          for (int t = 0; t < 400; t++) {
            double x = s.value(draws, t);
            rule.take(b, 0, x);
            wider.take(e, 0, x);
            if (t == 99) {
              widths[0] += rule.runningUpper(b, 0) - rule.runningLower(b, 0);
              widths[1] +=
                  EmpiricalBernstein.runningUpper(e, 0) - EmpiricalBernstein.runningLower(e, 0);
            }
          }
          return rule.runningLower(b, 0) > s.mean || rule.runningUpper(b, 0) < s.mean;
        };
    assertThat(missRate(stream, 150, run)).isLessThanOrEqualTo(allowed(150));
    assertThat(widths[0]).isLessThan(0.95 * widths[1]);
  }

  /** Rates below a tenth need a later first look; the page of decisions says so. */
  @ParameterizedTest
  @EnumSource
  void asymptoticBoundsHoldFromTheFirstLookOn(Stream stream) {
    double firstLook = stream == Stream.RARE ? 1000 : 100;
    AsymptoticBounds rule = new AsymptoticBounds(ALPHA, 1000, firstLook);
    Run run = (s, draws) -> missesByRadius(s, draws, rule::radius);
    assertThat(missRate(stream, 1000, run)).isLessThanOrEqualTo(allowed(1000));
    Run moving = (s, draws) -> missesByRadius(s, draws, rule::lyapunovRadius);
    assertThat(missRate(stream, 300, moving)).isLessThanOrEqualTo(allowed(300));
  }

  @ParameterizedTest
  @EnumSource
  void theIntervalOfATextbookDoesNotHold(Stream stream) {
    Run run =
        (s, draws) ->
            missesByRadius(
                s, draws, (n, v) -> n < 100 ? Double.POSITIVE_INFINITY : 1.96 * Math.sqrt(v / n));
    assertThat(missRate(stream, 300, run)).isGreaterThan(3 * allowed(300));
  }

  private interface Radius {
    double of(double n, double variance);
  }

  private static boolean missesByRadius(Stream stream, Draws draws, Radius radius) {
    double[] b = new double[RunningMoments.LENGTH];
    for (int n = 1; n <= 3000; n++) {
      RunningMoments.add(b, 0, n, stream.value(draws, n - 1));
      double off = Math.abs(RunningMoments.mean(b, 0) - stream.mean);
      if (n > 1 && off > radius.of(n, RunningMoments.variance(b, 0, n))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Weights up to 8: arms of rewards 0.2 and 0.7, taken 7 and 1 of 8 times, the other way round.
   */
  @Test
  void offPolicyBoundsHoldAtAllTimesAndCloseIn() {
    double value = 7 / 8.0 * 0.7 + 1 / 8.0 * 0.2;
    OffPolicyBounds rule = new OffPolicyBounds(ALPHA);
    double[] width = new double[1];
    Run run =
        (s, draws) -> {
          double[] b = new double[OffPolicyBounds.LENGTH];
          for (int t = 0; t < 3000; t++) {
            boolean rare = draws.coin(2L * t, 1 / 8.0);
            double reward = draws.coin(2L * t + 1, rare ? 0.7 : 0.2) ? 1 : 0;
            rule.take(b, 0, rare ? 7 : 1 / 7.0, reward);
          }
          width[0] += OffPolicyBounds.upper(b, 0) - OffPolicyBounds.lower(b, 0);
          return OffPolicyBounds.lower(b, 0) > value || OffPolicyBounds.upper(b, 0) < value;
        };
    assertThat(missRate(Stream.COIN, 400, run)).isLessThanOrEqualTo(allowed(400));
    assertThat(width[0] / 400).isLessThan(0.6);
  }
}

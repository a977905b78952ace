package io.millrace.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.rng.PhiloxDraws;
import org.junit.jupiter.api.Test;

class BaselinesTest {
  private static final double[] REWARDS = {0.2, 0.5, 0.8};
  private static final int[] ARMS = {0, 1, 2};
  private static final double[] PROBABILITIES = {0.5, 0.25, 0.25};

  /** 4,000 decisions; arm 2 is not eligible in every fourth, the apprentice would take arm 1. */
  private static double[] run(Baselines baselines) {
    double[] b = new double[baselines.length()];
    PhiloxDraws draws = new PhiloxDraws(3, "tuner");
    for (int t = 0; t < 4000; t++) {
      int count = t % 4 == 0 ? 2 : 3;
      double[] p = count == 3 ? PROBABILITIES : new double[] {0.5, 0.5, 0};
      draws.at(t);
      int action = draws.categorical(0, p);
      baselines.take(b, ARMS, p, count, action, draws.coin(1, REWARDS[action]) ? 1 : 0, 1);
    }
    return b;
  }

  @Test
  void everyBaselineIsWorthWhatItsArmsAre() {
    Baselines baselines = new Baselines(3, 0.05, true);
    double[] b = run(baselines);
    double uniform = 0.75 * 0.5 + 0.25 * 0.35;
    double tuner = 0.75 * (0.5 * 0.2 + 0.25 * 0.5 + 0.25 * 0.8) + 0.25 * 0.35;
    worth(baselines, b, Baselines.UNIFORM, uniform, 4000);
    worth(baselines, b, Baselines.TUNER, tuner, 4000);
    worth(baselines, b, Baselines.APPRENTICE, 0.5, 4000);
    for (int arm = 0; arm < 3; arm++) {
      worth(baselines, b, Baselines.fixed(arm), REWARDS[arm], arm == 2 ? 3000 : 4000);
    }
    assertThat(baselines.effectiveSampleSize(b, Baselines.TUNER)).isEqualTo(4000);
    assertThat(baselines.lower(b, Baselines.fixed(2)))
        .as("proven better than the tuner is on average")
        .isGreaterThan(tuner);
  }

  private static void worth(Baselines baselines, double[] b, int which, double truth, int count) {
    assertThat(baselines.count(b, which)).isEqualTo(count);
    double radius = baselines.radius(b, which, Estimator.DR);
    assertThat(radius).isLessThan(0.15);
    assertThat(baselines.value(b, which, Estimator.DR)).isCloseTo(truth, within(radius));
    assertThat(baselines.lower(b, which)).isLessThan(truth);
    assertThat(baselines.upper(b, which)).isGreaterThan(truth);
    assertThat(baselines.hasThinSupport(b, which)).isFalse();
  }

  @Test
  void withoutARangeThereAreNoBoundsWithAGuarantee() {
    Baselines baselines = new Baselines(3, 0.05, false);
    double[] b = run(baselines);
    assertThat(baselines.lower(b, Baselines.UNIFORM)).isNaN();
    assertThat(baselines.value(b, Baselines.UNIFORM, Estimator.SNIPS))
        .isCloseTo(0.4625, within(0.05));
  }

  @Test
  void aPurgedArmBeginsAnewAndTheOthersGoOn() {
    Baselines baselines = new Baselines(3, 0.05, true);
    double[] b = run(baselines);
    double uniform = baselines.value(b, Baselines.UNIFORM, Estimator.DR);
    baselines.purge(b, 1);
    assertThat(baselines.count(b, Baselines.fixed(1))).isZero();
    assertThat(baselines.count(b, Baselines.fixed(2))).isEqualTo(3000);
    assertThat(baselines.value(b, Baselines.UNIFORM, Estimator.DR)).isEqualTo(uniform);
  }
}

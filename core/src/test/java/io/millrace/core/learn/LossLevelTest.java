package io.millrace.core.learn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossLevelTest {
  private final double[] level = new double[LossLevel.LENGTH];

  /** Of rows on which a model that predicts nothing loses 1. */
  private boolean explodes(double before, double after) {
    return LossLevel.explodes(level, before, after, 1);
  }

  @Test
  void theFirstStepIsJudgedByItsOwnRows() {
    assertThat(explodes(1, 100)).isFalse();
    assertThat(explodes(1, 300)).isTrue();
    assertThat(explodes(1, Double.POSITIVE_INFINITY)).isTrue();
    assertThat(explodes(1, Double.NaN)).isTrue();
    assertThat(LossLevel.explodes(level, 0, 1, 0)).as("nothing to compare with").isFalse();
  }

  @Test
  void aStepThatHelpsItsRowsIsNeverRefused() {
    for (int t = 0; t < 100; t++) {
      LossLevel.take(level, 1e-6, 1);
    }
    assertThat(explodes(1e300, 9e299)).isFalse();
    assertThat(explodes(1e300, 2e300)).isTrue();
  }

  @Test
  void aStepThatHurtsItsRowsWithinWhatIsUsualIsTaken() {
    for (int t = 0; t < 1000; t++) {
      LossLevel.take(level, t % 2 == 0 ? 0.25 : 4, 5);
    }
    assertThat(explodes(0.01, 100)).isFalse();
    assertThat(explodes(0.01, 200)).isTrue();
  }

  @Test
  void aLossThatGrowsByALittleWithEveryStepMeetsALimitThatStays() {
    double loss = 1;
    int taken = 0;
    while (taken < 100_000 && !explodes(loss, 1.004 * loss)) {
      LossLevel.take(level, loss, 1);
      loss *= 1.004;
      taken++;
    }
    assertThat(loss).isBetween(100.0, 300.0);
  }

  @Test
  void roundingAtTheEndOfAFitIsNoExplosion() {
    for (int t = 0; t < 5000; t++) {
      LossLevel.take(level, 1e-30, 1);
    }
    assertThat(explodes(1e-30, 1e-13)).isFalse();
    assertThat(explodes(1e-30, 1e-9)).isTrue();
  }

  /** By chance the first rows may fit; that is no measure for those behind them. */
  @Test
  void firstRowsThatFitByChanceAreNoMeasure() {
    LossLevel.take(level, 1e-9, 1e-9);
    assertThat(explodes(1, 1.1)).isFalse();
    assertThat(explodes(1, 300)).isTrue();
  }

  /** Each step helps its own rows and hurts all others. */
  @Test
  void aModelHasRunAwayWhenItIsFarWorseThanNoneAndGettingWorse() {
    double loss = 1;
    int steps = 0;
    while (!LossLevel.ranAway(level) && steps < 1000) {
      LossLevel.take(level, loss, 1);
      loss *= 1.3;
      steps++;
    }
    assertThat(steps).isBetween(32, 80);
    // One that is as bad and gets better has not: it follows a stream that has changed.
    double[] other = new double[LossLevel.LENGTH];
    for (int t = 0; t < 500; t++) {
      LossLevel.take(other, 1e8 * Math.pow(0.99, t), 1);
      assertThat(LossLevel.ranAway(other)).isFalse();
    }
  }

  @Test
  void aPerfectStepTeachesNothing() {
    LossLevel.take(level, 0, 0);
    assertThat(level).containsOnly(0);
  }
}

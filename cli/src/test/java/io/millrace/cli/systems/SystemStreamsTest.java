package io.millrace.cli.systems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SystemStreamsTest {
  @ParameterizedTest
  @EnumSource(Shifts.class)
  void shiftsHaveTheMeanAndTheRangeOfTheirDistribution(Shifts shifts) {
    ShiftedSystems systems = new ShiftedSystems(shifts, 4);
    int n = 4000;
    double sum = 0;
    for (int t = 0; t < n; t++) {
      systems.next();
      assertThat(systems.context()).isBetween(systems.contextLow(), systems.contextHigh());
      sum += systems.context();
    }
    // No shift is further than 0.6 from another: five standard errors of any distribution there.
    assertThat(sum / n).isCloseTo(shifts.mean(), within(5 * 0.3 / Math.sqrt(n)));
  }

  @Test
  void systemsAreThoseOfTheSeedWhateverTheyWereSolvedWith() {
    ShiftedSystems a = new ShiftedSystems(Shifts.HIGH_VARIANCE, 8);
    ShiftedSystems b = new ShiftedSystems(Shifts.HIGH_VARIANCE, 8);
    ShiftedSystems other = new ShiftedSystems(Shifts.HIGH_VARIANCE, 9);
    for (int t = 0; t < 5; t++) {
      a.next();
      b.next();
      other.next();
      a.iterations(1.9);
      assertThat(a.context()).isEqualTo(b.context()).isNotEqualTo(other.context());
      assertThat(a.iterations(1.5)).isEqualTo(b.iterations(1.5));
    }
  }

  /**
   * Totals over 5,000 steps of an independent program (numpy); rounding may move single steps by an
   * iteration.
   */
  @ParameterizedTest
  @CsvSource({"1.0, 32800", "1.4, 29454", "1.5, 32296", "1.95, 63050"})
  void heatStepsCostWhatAnIndependentProgramCounts(double omega, long total) {
    HeatSteps steps = new HeatSteps(5000);
    long sum = 0;
    for (int t = 0; t < 5000; t++) {
      steps.next();
      sum += steps.iterations(omega);
    }
    assertThat((double) sum).isCloseTo(total, within(total * 0.001));
  }

  @Test
  void tablesKnowTheBestInHindsight() {
    CostTable table =
        new CostTable(
            new SystemStream() {
              private int number = -1;

              @Override
              public void next() {
                number++;
              }

              @Override
              public double context() {
                return number;
              }

              @Override
              public double contextLow() {
                return 0;
              }

              @Override
              public double contextHigh() {
                return 2;
              }

              @Override
              public int iterations(double omega) {
                return (int) (Math.abs(omega - 1 - number) * 10 + 1);
              }
            },
            3,
            new double[] {1, 2, 3});
    assertThat(table.fixed(0)).isEqualTo(1 + 11 + 21);
    assertThat(table.bestFixed()).isEqualTo(1);
    assertThat(table.fixed(1)).isEqualTo(11 + 1 + 11);
    assertThat(table.instanceOptimal()).isEqualTo(3);
    assertThat(table.context(2)).isEqualTo(2);
  }
}

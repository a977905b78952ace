package io.millrace.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.schedule.Refined;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchedulesTest {
  private static Schedule schedule(String id, Map<String, Double> values) {
    return Schedules.spec(id).build(0.1, values);
  }

  @Test
  void theUnknownIsRefusedNamingTheKnown() {
    assertThatThrownBy(() -> Schedules.spec("cosine"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no schedule 'cosine'; known: [constant, ");
    assertThatThrownBy(() -> schedule("warm-restarts", Map.of("period", 0.5, "t", 1.0)))
        .hasMessageContaining("schedule.warm-restarts.period = 0.5; must lie in a whole number")
        .hasMessageContaining("schedule.warm-restarts has no hyperparameter 't'");
  }

  @Test
  void phasesLongerThanTheTotalAreRefused() {
    assertThatThrownBy(
            () ->
                schedule("warmup-stable-decay", Map.of("warmup", 6.0, "decay", 5.0, "total", 10.0)))
        .hasMessage(
            "schedule.warmup-stable-decay: warmup 6 + decay 5 = 11, must be at most total = 10;"
                + " raise total or shorten a phase");
    assertThatThrownBy(() -> schedule("warmup-stable-decay", Map.of("decay", 5.0)))
        .hasMessageContaining("decay = 5 has no effect because total is not set");
    assertThatThrownBy(() -> schedule("linear-decay", Map.of()))
        .hasMessageContaining("total is not set");
    assertThatThrownBy(() -> schedule("warm-restarts", Map.of("minimum", 0.2)))
        .hasMessageContaining("minimum = 0.2; must be at most the learning rate, 0.1");
  }

  @Test
  void withoutATotalTheStablePhaseIsOpenEnded() {
    Schedule s = schedule("warmup-stable-decay", Map.of("warmup", 10.0));
    assertThat(s.at(0)).isCloseTo(0.01, within(1e-15));
    assertThat(s.at(9)).isEqualTo(0.1);
    assertThat(s.at(Long.MAX_VALUE)).isEqualTo(0.1);
  }

  @Test
  void restartsComeAtTheEndOfEachPeriodForEver() {
    Schedule s = schedule("warm-restarts", Map.of("period", 10.0, "period-factor", 2.0));
    for (long restart : new long[] {0, 10, 30, 70, 150}) {
      assertThat(s.at(restart)).isEqualTo(0.1);
      assertThat(s.at(restart + 1)).isLessThan(0.1);
    }
    Schedule equal = schedule("warm-restarts", Map.of("period", 7.0, "period-factor", 1.0));
    assertThat(equal.at(7_000_000_000L)).isEqualTo(0.1);
    assertThat(s.at(Long.MAX_VALUE)).isBetween(0.0, 0.1);
  }

  @Test
  void decaysReachTheirValues() {
    assertThat(schedule("linear-decay", Map.of("total", 10.0)).at(9)).isZero();
    assertThat(schedule("linear-decay", Map.of("total", 10.0)).at(100)).isZero();
    assertThat(schedule("inverse-sqrt", Map.of()).at(99)).isCloseTo(0.01, within(1e-15));
    Schedule warm = schedule("inverse-sqrt", Map.of("warmup", 100.0));
    assertThat(warm.at(49)).isCloseTo(0.05, within(1e-15));
    assertThat(warm.at(99)).isEqualTo(0.1);
    assertThat(warm.at(399)).isCloseTo(0.05, within(1e-15));
    assertThat(schedule("inverse-time", Map.of("decay-rate", 1.0)).at(9))
        .isCloseTo(0.01, within(1e-15));
    assertThat(schedule("inverse-time", Map.of("decay-rate", 1.0, "power", 0.5)).at(99))
        .isCloseTo(0.01, within(1e-15));
  }

  @Test
  void theRefinedScheduleOfConstantNormsIsLinear() {
    double[] raw = Refined.raw(new double[] {2, 2, 2, 2}, 2);
    for (int i = 0; i < 4; i++) {
      assertThat(raw[i] / raw[0]).isCloseTo((3 - i) / 3.0, within(1e-15));
    }
    Refined played = new Refined(new double[] {2, 2, 2, 2}, 2, 0.3);
    assertThat(played.at(0)).isEqualTo(0.3);
    assertThat(played.at(3)).isZero();
    assertThat(played.at(4)).isZero();
    assertThatThrownBy(() -> Refined.raw(new double[] {1, 0}, 2))
        .hasMessageContaining("gradient norm 1 is 0.0; must be positive and finite");
  }
}

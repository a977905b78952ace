package io.millrace.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Schedule;
import java.util.Map;
import java.util.TreeMap;
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
    Schedule four =
        schedule("refined", Map.of("norms", 2.0, "norms-2", 2.0, "norms-3", 2.0, "norms-4", 2.0));
    Schedule spread = schedule("refined", Map.of("norms", 2.0, "norms-2", 2.0, "total", 4.0));
    for (int t = 0; t < 4; t++) {
      assertThat(four.at(t)).isCloseTo(0.1 * (3 - t) / 3, within(1e-15));
      assertThat(spread.at(t)).isCloseTo(0.1 * (3 - t) / 3, within(1e-15));
    }
    assertThat(four.at(4)).isZero();
    assertThat(four.at(Long.MAX_VALUE)).isZero();
  }

  @Test
  void theRefinedScheduleOfNormsThatAreSpreadIsThatOfEachRepeated() {
    Map<String, Double> few = Map.of("norms", 3.0, "norms-2", 0.5, "norms-3", 1.0, "total", 6.0);
    Map<String, Double> many = new TreeMap<>(Map.of("power", 2.0));
    double[] norms = {3, 3, 0.5, 0.5, 1, 1};
    for (int i = 0; i < norms.length; i++) {
      many.put(i == 0 ? "norms" : "norms-" + (i + 1), norms[i]);
    }
    for (int t = 0; t < 7; t++) {
      assertThat(schedule("refined", few).at(t))
          .isCloseTo(schedule("refined", many).at(t), within(1e-16));
    }
    assertThat(schedule("refined", few).at(2)).isEqualTo(0.1);
  }

  @Test
  void theRefinedScheduleSaysWhichNormsItLacks() {
    assertThatThrownBy(() -> schedule("refined", Map.of()))
        .hasMessageContaining("1 norms for 1 steps; give at least 2");
    assertThatThrownBy(() -> schedule("refined", Map.of("norms", 1.0, "norms-2", 0.0)))
        .hasMessageContaining("schedule.refined.norms-2 = 0.0; must lie in (0, Infinity)");
    assertThatThrownBy(() -> schedule("refined", Map.of("norms", 1.0, "norms-4", 1.0)))
        .hasMessageContaining(
            "schedule.refined.norms-4: 'norms-2' is not given; a list has no gaps");
    assertThatThrownBy(() -> schedule("refined", Map.of("norms", 1.0, "norms-2", 1e-200)))
        .hasMessageContaining("too far apart");
    assertThatThrownBy(
            () -> schedule("refined", Map.of("norms", 1.0, "norms-2", 1.0, "norms-1", 1.0)))
        .hasMessageContaining("schedule.refined has no hyperparameter 'norms-1'");
  }
}

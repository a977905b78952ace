package io.millrace.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.decision.ExplorationSchedule.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The small rules: schedules, apprentice, probabilities, health of estimates. */
class DecisionRulesTest {
  @Test
  void aScheduleCountsFromTheDecisionAtWhichItTookEffect() {
    double[] b = new double[ExplorationSchedule.LENGTH];
    ExplorationSchedule decay = ExplorationSchedule.of(Kind.INVERSE_SQRT, 0.5, 10, 0.1);
    assertThat(ExplorationSchedule.takeEffect(b, 0, 1, 40)).isTrue();
    assertThat(decay.epsilon(b, 0, 40)).isEqualTo(0.5);
    assertThat(decay.epsilon(b, 0, 70)).isEqualTo(0.25);
    assertThat(decay.epsilon(b, 0, 100_000)).as("the floor").isEqualTo(0.1);
    assertThat(ExplorationSchedule.takeEffect(b, 0, 1, 80)).as("the same version").isFalse();
    assertThat(ExplorationSchedule.takeEffect(b, 0, 5, 80)).isTrue();
    assertThat(ExplorationSchedule.takeEffect(b, 0, 4, 90)).as("an older one").isFalse();
    assertThat(ExplorationSchedule.version(b, 0)).isEqualTo(5);
    ExplorationSchedule steps =
        ExplorationSchedule.steps(new double[] {0, 5}, new double[] {0.4, 0.1});
    assertThat(steps.epsilon(b, 0, 84)).isEqualTo(0.4);
    assertThat(steps.epsilon(b, 0, 85)).isEqualTo(0.1);
    assertThat(ExplorationSchedule.of(Kind.EXPONENTIAL, 0.3, 8, 0.01).epsilon(8))
        .isEqualTo(0.3 * StrictMath.exp(-1));
    assertThat(ExplorationSchedule.constant(0.2).epsilon(1e9)).isEqualTo(0.2);
  }

  @Test
  void aScheduleOutOfRangeIsRefusedWithEveryFault() {
    assertThatThrownBy(() -> ExplorationSchedule.of(Kind.EXPONENTIAL, 1.5, 0, -1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("exploration.eps = 1.5; must lie in [0, 1]")
        .hasMessageContaining("exploration.floor = -1.0")
        .hasMessageContaining("exploration.scale = 0.0; must be above 0");
    assertThatThrownBy(
            () -> ExplorationSchedule.steps(new double[] {0, 5, 5}, new double[] {0.4, 0.1, 0.2}))
        .hasMessageContaining("5.0 follows 5.0; must increase");
  }

  @Test
  void anApprenticeLeavesOnceItsAgreementIsCertain() {
    ApprenticeExit rule = ApprenticeExit.of(Map.of());
    double[] b = new double[ApprenticeExit.LENGTH];
    int events = 0;
    while (!rule.mayLeave(b, 0)) {
      rule.take(b, 0, events++ % 20 != 0);
    }
    assertThat(events).isBetween(50, 400);
    for (int i = 0; i < 1000; i++) {
      rule.take(b, 0, false);
    }
    assertThat(rule.mayLeave(b, 0)).as("once it may it may").isTrue();
  }

  @Test
  void saysWhatIsWrongWithProbabilities() {
    assertThat(Probabilities.fault(new double[] {0.25, 0.75}, 2)).isNull();
    assertThat(Probabilities.fault(new double[] {0.25, 0.7}, 2)).contains("the sum 0.95");
    assertThat(Probabilities.fault(new double[] {-0.25, 1.25}, 2)).contains("probability 1 is");
    assertThat(Probabilities.fault(new double[] {Double.NaN, 1}, 2)).contains("NaN");
    assertThat(Probabilities.fault(new double[0], 0)).contains("no arm is eligible");
    assertThat(Probabilities.faultOfAction(0)).contains("must lie in (0, 1]");
    assertThat(Probabilities.faultOfAction(1)).isNull();
  }

  @Test
  void estimatesSayHowFarTheyAreToBeTrusted() {
    OffPolicy rule = OffPolicy.of(Map.of());
    double[] honest = new double[OffPolicy.LENGTH];
    double[] wrong = new double[OffPolicy.LENGTH];
    double[] thin = new double[OffPolicy.LENGTH];
    for (int t = 0; t < 2000; t++) {
      rule.take(honest, 0, t % 2 == 0 ? 2 : 0, 1, 0.5, 0.5);
      rule.take(wrong, 0, t % 2 == 0 ? 4 : 0, 1, 0.5, 0.5);
      rule.take(thin, 0, t % 500 == 0 ? 500 : 0, 1, 0.5, 0.5);
    }
    assertThat(OffPolicy.suspectsPropensities(honest, 0)).isFalse();
    assertThat(OffPolicy.suspectsPropensities(wrong, 0)).isTrue();
    assertThat(OffPolicy.hasThinSupport(honest, 0)).isFalse();
    assertThat(OffPolicy.hasThinSupport(thin, 0)).isTrue();
    assertThat(OffPolicy.unusedShare(honest, 0)).isEqualTo(0.5);
    assertThat(OffPolicy.effectiveSampleSize(honest, 0)).isEqualTo(1000);
  }

  @Test
  void gainsAreBetterWherePositive() {
    assertThat(Gains.ofLosses(0.75, 0.5)).isEqualTo(0.25);
    assertThat(Gains.ofSplit(0.25, true, 0.5)).isEqualTo(2);
    assertThat(Gains.ofSplit(0.25, false, 0.75)).isEqualTo(-1);
    assertThat(Gains.offPolicy(3, 1, 0.5, 0.125)).isEqualTo(1.125);
    assertThat(Gains.offPolicyBound(2, 0.5)).isEqualTo(2.5);
  }
}

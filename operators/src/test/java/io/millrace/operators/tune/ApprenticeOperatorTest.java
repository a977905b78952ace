package io.millrace.operators.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.operators.learner.Runner;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DecisionSource;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.TuneDecision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A policy in the shadow of a baseline, and what others would have cost. */
class ApprenticeOperatorTest {
  private static TuneOptions options(String policy, String baseline, boolean gated) {
    return Tunes.options(
        policy,
        0,
        Double.NaN,
        1000,
        Map.of(),
        new TuneOptions.Apprentice(baseline, gated, Map.of("min-events", 20.0)));
  }

  /** Rounds in which arm a1 costs 0.1 and the others 0.9, as far as decisions say so. */
  private static void play(Runner r, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      r.feed(new Requests().ask("t", "r" + i, 10 + i).items());
      TuneDecision d = r.decisions.get(r.decisions.size() - 1);
      double cost = d.getArm().equals("a1") ? 0.1 : 0.9;
      r.feed(new Requests().cost("t", "r" + i, 10 + i, cost).items());
    }
  }

  @Test
  void theBaselineActsUntilTheTwoAgreeForCertain() throws Exception {
    try (Runner r = Tunes.run(options("ucb1", "a1", true))) {
      play(r, 0, 400);
      TuneDecision first = r.decisions.get(0);
      assertThat(first.getSource()).isEqualTo(DecisionSource.BASELINE);
      assertThat(first.getArm()).isEqualTo("a1");
      assertThat(first.getProbabilities()).containsExactly(0.0, 1.0, 0.0, 0.0);
      assertThat(first.getShadow()).isNotEmpty();
      List<DecisionSource> sources = r.decisions.stream().map(TuneDecision::getSource).toList();
      int left = sources.indexOf(DecisionSource.POLICY);
      // It pulls arms it has not seen first, which the baseline never does: it does not leave.
      assertThat(left).isEqualTo(-1);
      r.feed(new Requests().set("t", "acts", 1).items());
      play(r, 400, 410);
      TuneDecision told = r.decisions.get(r.decisions.size() - 1);
      assertThat(told.getSource()).isEqualTo(DecisionSource.POLICY);
      assertThat(told.getShadow()).isEmpty();
      r.feed(new Requests().set("t", "acts", 0).items());
      play(r, 410, 411);
      assertThat(r.decisions.get(r.decisions.size() - 1).getSource())
          .isEqualTo(DecisionSource.BASELINE);
      assertThat(r.reasons()).isEmpty();
    }
  }

  @Test
  void anApprenticeThatAgreesLeavesByItselfAndStays() throws Exception {
    try (Runner r = Tunes.run(options("epsilon_greedy", "a1", true))) {
      play(r, 0, 100);
      List<DecisionSource> sources = r.decisions.stream().map(TuneDecision::getSource).toList();
      int left = sources.indexOf(DecisionSource.POLICY);
      assertThat(left).as("not before min-events").isGreaterThanOrEqualTo(20);
      assertThat(sources.subList(0, left)).containsOnly(DecisionSource.BASELINE);
      assertThat(sources.subList(left, 100)).containsOnly(DecisionSource.POLICY);
      r.feed(new Requests().order("t", ControlCommand.SNAPSHOT).items());
      ModelSnapshot m = r.models.get(r.models.size() - 1);
      assertThat(m.getMetrics()).containsEntry("acts", 1.0);
      assertThat(m.getMetrics().get("agreement")).as("all but the first").isGreaterThan(0.95);
      assertThat(m.getMetrics().get("agreementLower")).isGreaterThan(0.8);
    }
  }

  @Test
  void aUniformBaselineTeachesAPolicyOfImportanceWeightsAndTellsWhatItWouldHaveCost()
      throws Exception {
    try (Runner r = Tunes.run(options("exp3", "", false))) {
      play(r, 0, 400);
      assertThat(r.decisions)
          .allMatch(d -> d.getSource() == DecisionSource.BASELINE)
          .allMatch(d -> d.getProbabilities().equals(List.of(0.25, 0.25, 0.25, 0.25)));
      r.feed(new Requests().order("t", ControlCommand.SNAPSHOT).items());
      ModelSnapshot m = r.models.get(r.models.size() - 1);
      assertThat(m.getCounters()).containsEntry("examples", 400L);
      assertThat(m.getMetrics().get("loss")).isCloseTo(0.7, within(0.06));
      assertThat(m.getMetrics().get("uniformCost")).isCloseTo(0.7, within(0.06));
      assertThat(m.getMetrics().get("apprenticeCost"))
          .as("it has found a1 by watching")
          .isLessThan(0.4);
      assertThat(TunerOperatorTest.tensor(m, "off-policy.cost")[1]).isCloseTo(0.1, within(0.05));
      assertThat(TunerOperatorTest.tensor(m, "off-policy.cost")[0]).isCloseTo(0.9, within(0.05));
      assertThat(TunerOperatorTest.tensor(m, "off-policy.samples")[1]).isGreaterThan(50);
    }
  }

  @Test
  void aBaselineThatTeachesNothingIsRefused() {
    assertThatThrownBy(() -> options("tsallis_inf", "a1", true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "apprentice.baseline = 'a1'; must be uniform because policy 'tsallis_inf'");
    assertThatThrownBy(() -> options("ucb1", "nobody", true))
        .hasMessageContaining("must be uniform or one of [a0, a1, a2, a3]");
  }
}

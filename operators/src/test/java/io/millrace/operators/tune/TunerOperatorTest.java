package io.millrace.operators.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.learner.Runner;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import io.millrace.schemas.TuneDecision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TunerOperatorTest {
  private static final double NO = Double.NaN;

  private static TuneOptions tsallis() {
    return Tunes.options("tsallis_inf", 0, NO, 100, Map.of("scaled", 0.0));
  }

  private static Requests stream() {
    return new Requests();
  }

  @Test
  void aDecisionCarriesTheProbabilityOfEveryEligibleArm() throws Exception {
    try (Runner r = Tunes.run(tsallis())) {
      Requests s = stream().ask("t", "1", 10).ask("t", "2", 11, 0, List.of("a3", "a1"));
      s.ask("t", "3", 12, 0, List.of("a2"));
      r.feed(s.items());
      TuneDecision all = r.decisions.get(0);
      assertThat(all.getArms()).containsExactly("a0", "a1", "a2", "a3");
      assertThat(all.getProbabilities()).containsExactly(0.25, 0.25, 0.25, 0.25);
      assertThat(all.getArm()).isEqualTo("a" + all.getIndex());
      assertThat(all.getValue()).isEqualTo(all.getIndex());
      assertThat(all.getRound()).isEqualTo(1);
      assertThat(all.getIncarnation()).isEqualTo(7);
      assertThat(all.getPolicy()).isEqualTo("tsallis_inf");
      assertThat(r.decisions.get(1).getArms()).as("by index").containsExactly("a1", "a3");
      assertThat(r.decisions.get(1).getProbabilities()).containsExactly(0.5, 0.5);
      assertThat(r.decisions.get(2).getArm()).isEqualTo("a2");
      assertThat(r.decisions.get(2).getProbabilities()).containsExactly(1.0);
      assertThat(r.reasons()).isEmpty();
    }
  }

  @Test
  void aRequestThatComesAgainIsAnsweredWithTheSameBytesBeforeAndAfterItsFeedback()
      throws Exception {
    try (Runner r = Tunes.run(tsallis())) {
      Requests s = stream().ask("t", "1", 10).ask("t", "1", 10).cost("t", "1", 20, 1);
      s.ask("t", "2", 30).cost("t", "2", 31, 0).arm("t", ArmCommand.ADD, "a9", 9, "", 1);
      s.ask("t", "1", 40, 0, List.of("a0"));
      r.feed(s.items());
      List<TuneDecision> one = Tunes.of(r, "1");
      assertThat(one).hasSize(3).containsOnly(one.get(0));
      assertThat(r.decisions).hasSize(4);
      assertThat(Tunes.of(r, "2").get(0).getRound()).as("a repeat is no round").isEqualTo(2);
    }
  }

  /** What the policy would know had it been told by hand. */
  private static final class ByHand {
    final Policy policy;
    final LearnerState state;
    final PolicyDecision decision;
    final Workspace workspace = new Workspace();
    private final PhiloxDraws draws = new PhiloxDraws(7, "");
    private final PolicyRequest request;

    ByHand(TuneOptions o) {
      policy = o.newPolicy();
      state = new LearnerState(policy.schema());
      policy.initialize(state, o.arms().size());
      decision = new PolicyDecision(o.shape());
      request = new PolicyRequest(o.shape());
    }

    double[] decide(long number, long round, double... context) {
      request.setAllEligible(4);
      for (int i = 0; i < 4; i++) {
        request.values()[i] = i;
      }
      for (int i = 4; i < request.values().length; i++) {
        request.values()[i] = Double.NaN;
      }
      System.arraycopy(context, 0, request.context(), 0, context.length);
      request.setRound(round);
      policy.choose(request, state, draws.at("t", number), decision, workspace);
      double[] kept = new double[policy.pendingLength()];
      policy.remember(request, decision.arm(), state, kept, workspace);
      return kept;
    }
  }

  @Test
  void lateFeedbackIsLearnedWithTheProbabilityOfItsDecision() throws Exception {
    TuneOptions o = tsallis();
    ByHand hand = new ByHand(o);
    double[] kept1 = hand.decide(1, 1);
    int arm1 = hand.decision.arm();
    double p1 = hand.decision.probability();
    double[] kept2 = hand.decide(2, 2);
    int arm2 = hand.decision.arm();
    double p2 = hand.decision.probability();
    assertThat(hand.policy.learn(hand.state, arm2, p2, kept2, 1, hand.workspace)).isTrue();
    hand.decide(3, 3);
    assertThat(hand.policy.learn(hand.state, arm1, p1, kept1, 0.5, hand.workspace)).isTrue();
    hand.decide(4, 4);
    try (Runner r = Tunes.run(o)) {
      Requests s = stream().ask("t", "1", 10).ask("t", "2", 20).cost("t", "2", 21, 1);
      s.ask("t", "3", 30).cost("t", "1", 31, 0.5).ask("t", "4", 40);
      r.feed(s.items());
      TuneDecision last = r.decisions.get(3);
      for (int i = 0; i < 4; i++) {
        assertThat(last.getProbabilities().get(i)).isEqualTo(hand.decision.probabilities()[i]);
      }
      assertThat(last.getIndex()).isEqualTo(hand.decision.arm());
    }
  }

  @Test
  void aRoundWithoutFeedbackIsNotCounted() throws Exception {
    TuneOptions o = tsallis();
    ByHand hand = new ByHand(o);
    hand.decide(1, 1);
    double[] kept = hand.decide(2, 2);
    hand.policy.learn(
        hand.state, hand.decision.arm(), hand.decision.probability(), kept, 1, hand.workspace);
    hand.decide(3, 2); // the first has been dropped
    try (Runner r = Tunes.run(o)) {
      Requests s = stream().ask("t", "1", 10).ask("t", "2", 900).cost("t", "2", 901, 1);
      s.ask("t", "3", 1500);
      r.feed(s.items());
      TuneDecision last = r.decisions.get(2);
      assertThat(last.getProbabilities().get(0)).isEqualTo(hand.decision.probabilities()[0]);
      assertThat(last.getIndex()).isEqualTo(hand.decision.arm());
      assertThat(r.reasons()).containsExactly(Reason.LABEL_EXPIRED);
    }
  }

  @Test
  void feedbackCountsOnceHoweverOftenItComes() throws Exception {
    try (Runner twice = Tunes.run(tsallis());
        Runner once = Tunes.run(tsallis())) {
      Requests a = stream().ask("t", "1", 10).cost("t", "1", 11, 1).cost("t", "1", 11, 1);
      a.cost("t", "1", 12, 0).ask("t", "2", 20);
      Requests b = stream().ask("t", "1", 10).cost("t", "1", 11, 1).ask("t", "2", 20);
      twice.feed(a.items());
      once.feed(b.items());
      assertThat(twice.decisions).isEqualTo(once.decisions);
      assertThat(twice.reasons()).containsExactly(Reason.DUPLICATE_EVENT, Reason.DUPLICATE_EVENT);
    }
  }

  @Test
  void feedbackThatComesBeforeItsRequestWaitsForIt() throws Exception {
    try (Runner early = Tunes.run(tsallis());
        Runner inOrder = Tunes.run(tsallis())) {
      Requests a = stream();
      a.feedback(1, "t", "1", 11, 1, FeedbackSource.DECISION, "").ask("t", "1", 10);
      a.ask("t", "2", 20);
      early.feed(a.items());
      inOrder.feed(stream().ask("t", "1", 10).cost("t", "1", 11, 1).ask("t", "2", 20).items());
      assertThat(early.decisions).isEqualTo(inOrder.decisions);
      assertThat(early.reasons()).isEmpty();
    }
  }

  @Test
  void aRequestWithoutFeedbackIsDroppedOrCharged() throws Exception {
    Requests s = stream().ask("t", "1", 10).ask("t", "2", 1500).order("t", ControlCommand.SNAPSHOT);
    try (Runner dropped = Tunes.run(tsallis());
        Runner charged =
            Tunes.run(Tunes.options("tsallis_inf", 0, 1.0, 100, Map.of("scaled", 0.0)))) {
      dropped.feed(s.items());
      charged.feed(s.items());
      assertThat(dropped.reasons()).containsExactly(Reason.LABEL_EXPIRED);
      assertThat(dropped.deadLetters.get(0).getMessage())
          .isEqualTo(
              "requests-0@0: no feedback came for '1' within feedback.wait = PT1S of event time");
      assertThat(last(dropped).getCounters())
          .containsEntry("censored", 1L)
          .containsEntry("examples", 0L);
      assertThat(charged.reasons()).isEmpty();
      assertThat(last(charged).getCounters())
          .containsEntry("censored", 1L)
          .containsEntry("examples", 1L);
      assertThat(last(charged).getMetrics()).containsEntry("loss", 1.0);
    }
  }

  @Test
  void theOldestMakeRoomAndAreNotDecidedAgain() throws Exception {
    try (Runner r = Tunes.run(Tunes.options("tsallis_inf", 0, NO, 3, Map.of()))) {
      Requests s = stream();
      for (int i = 1; i <= 5; i++) {
        s.ask("t", "r" + i, 10 * i);
      }
      s.cost("t", "r1", 60, 1).ask("t", "r2", 20).ask("t", "r4", 40).ask("t", "r6", 60);
      r.feed(s.items());
      assertThat(Tunes.of(r, "r2")).hasSize(1);
      assertThat(Tunes.of(r, "r4")).hasSize(2);
      assertThat(Tunes.of(r, "r6")).hasSize(1);
      assertThat(r.reasons()).containsExactly(Reason.LABEL_EXPIRED);
      assertThat(r.deadLetters.get(0).getMessage())
          .contains("request 'r2' is of 20; decisions up to 20 were forgotten");
    }
  }

  @Test
  void aRequestOlderThanWhatIsKeptIsNotDecided() throws Exception {
    try (Runner r = Tunes.run(tsallis())) {
      r.feed(stream().ask("t", "1", 10).ask("t", "2", 2000).ask("t", "1", 10).items());
      assertThat(r.decisions).hasSize(2);
      assertThat(r.reasons()).containsExactly(Reason.LABEL_EXPIRED, Reason.LABEL_EXPIRED);
    }
  }

  @Test
  void whatCannotBeUsedIsADeadLetterAndChangesNothing() throws Exception {
    Requests poison = stream().ask("t", "1", 10, 30, List.of());
    poison.cost("t", "1", 11, Double.NaN).cost("t", "1", 11, 1.5).cost("t", "", 11, 1);
    poison.feedback(0, "t", "1", 11, 1, FeedbackSource.DECISION, "b7");
    poison.feedback(0, "t", "1", 11, 1, FeedbackSource.FALLBACK, "");
    poison.feedback(0, "t", "1", 11, 1, FeedbackSource.UNKNOWN, "");
    poison.ask("t", "2", 11, 0, List.of("a1", "nobody")).ask("t", "3", 11, 0, List.of("a1", "a1"));
    poison.ask("t", "4", 11, 1.0).ask("t", "", 11);
    poison.arm("t", ArmCommand.ADD, "a1", 1, "", 1).arm("t", ArmCommand.REMOVE, "x", 0, "", 2);
    poison.arm("t", ArmCommand.ADD, "new", 1, "nobody", 3);
    poison.arm("t", ArmCommand.ADD, "new", NO, "", 4).arm("u", ArmCommand.ADD, "new", 1, "", 5);
    poison.ask("t", "5", 40).cost("t", "1", 41, 1).cost("t", "5", 41, 1).ask("t", "6", 50);
    try (Runner r = Tunes.run(tsallis());
        Runner clean = Tunes.run(tsallis())) {
      r.feed(poison.items());
      clean.feed(
          stream()
              .ask("t", "1", 10)
              .ask("t", "5", 40)
              .cost("t", "5", 41, 1)
              .ask("t", "6", 50)
              .items());
      assertThat(r.reasons())
          .containsExactly(
              Reason.NOT_FINITE,
              Reason.OUT_OF_DOMAIN,
              Reason.MISSING_ID,
              Reason.UNKNOWN_ARM,
              Reason.UNKNOWN_ARM,
              Reason.BAD_LABEL,
              Reason.UNKNOWN_ARM,
              Reason.DUPLICATE_INDEX,
              Reason.DIMENSION_MISMATCH,
              Reason.MISSING_ID,
              Reason.UNKNOWN_ARM,
              Reason.UNKNOWN_ARM,
              Reason.UNKNOWN_ARM,
              Reason.UNKNOWN_ARM,
              Reason.CONTROL_FOR_ABSENT_KEY,
              Reason.LABEL_EXPIRED);
      assertThat(r.decisions).isEqualTo(clean.decisions);
      assertThat(r.echoes).hasSize(5).allMatch(echo -> echo.getOutcome() == ControlOutcome.REFUSED);
      assertThat(r.echoes.get(4).getReason()).isEqualTo("CONTROL_FOR_ABSENT_KEY");
      assertThat(r.deadLetters).extracting(DeadLetter::getMessage).allMatch(m -> m.contains("@"));
    }
  }

  @Test
  void feedbackForARequestThatNeverCameBecomesADeadLetter() throws Exception {
    try (Runner r = Tunes.run(tsallis())) {
      Requests s = stream().ask("t", "1", 10).cost("t", "ghost", 11, 1).ask("t", "2", 1500);
      r.feed(s.cost("t", "old", 100, 1).items());
      assertThat(r.reasons())
          .containsExactlyInAnyOrder(
              Reason.LABEL_EXPIRED, Reason.LABEL_WITHOUT_EXAMPLE, Reason.LABEL_WITHOUT_EXAMPLE);
    }
  }

  @Test
  void whatAFallbackHasCostIsCountedAndNotLearned() throws Exception {
    try (Runner r = Tunes.run(tsallis())) {
      Requests s = stream().ask("t", "1", 10);
      s.feedback(0, "t", "1", 11, 1, FeedbackSource.FALLBACK, "a0");
      s.ask("t", "2", 20).order("t", ControlCommand.SNAPSHOT);
      r.feed(s.items());
      assertThat(r.reasons()).isEmpty();
      assertThat(r.decisions.get(1).getProbabilities()).containsOnly(0.25);
      ModelSnapshot m = last(r);
      assertThat(m.getCounters())
          .containsEntry("foreign", 1L)
          .containsEntry("skipped", 1L)
          .containsEntry("examples", 0L)
          .containsEntry("pending", 1L);
    }
  }

  @Test
  void ordersChangeExplorationWithoutLossAndPauseLearning() throws Exception {
    TuneOptions o = Tunes.options("epsilon_greedy", 0, NO);
    try (Runner r = Tunes.run(o)) {
      Requests s = stream();
      for (int i = 0; i < 30; i++) {
        s.ask("t", "r" + i, 10 + i).cost("t", "r" + i, 10 + i, 0.5);
      }
      s.set("t", "epsilon", 0).ask("t", "greedy", 50).set("t", "epsilon", 0.5);
      s.set("t", "decay", 3).ask("t", "scheduled", 51).set("t", "decay", 0);
      s.ask("t", "half", 51).order("t", ControlCommand.PAUSE).cost("t", "half", 52, 0);
      s.order("t", ControlCommand.SNAPSHOT).order("t", ControlCommand.RESUME);
      r.feed(s.items());
      TuneDecision greedy = Tunes.of(r, "greedy").get(0);
      assertThat(greedy.getProbabilities()).contains(1.0).containsOnly(0.0, 1.0);
      TuneDecision half = Tunes.of(r, "half").get(0);
      int best = greedy.getProbabilities().indexOf(1.0);
      assertThat(half.getProbabilities().get(best)).isCloseTo(0.625, within(1e-12));
      double epsilon = 3 * 4 / 31.0; // decay d / t
      assertThat(Tunes.of(r, "scheduled").get(0).getProbabilities().get(best))
          .isCloseTo(1 - epsilon + epsilon / 4, within(1e-12));
      ModelSnapshot last = last(r);
      assertThat(last.getCounters())
          .containsEntry("examples", 30L)
          .containsEntry("skipped", 1L)
          .containsEntry("decisions", 33L);
      assertThat(last.getProvenance().getHyperparameters()).containsEntry("epsilon", 0.5);
      assertThat(r.reasons()).isEmpty();
    }
  }

  @Test
  void aResetForgetsWhatWasLearnedAndNoDecision() throws Exception {
    try (Runner r = Tunes.run(tsallis())) {
      Requests s = stream().ask("t", "1", 10).cost("t", "1", 11, 1).ask("t", "2", 12);
      s.order("t", ControlCommand.RESET).ask("t", "3", 13).ask("t", "2", 12).cost("t", "2", 14, 1);
      r.feed(s.items());
      assertThat(Tunes.of(r, "3").get(0).getProbabilities()).containsOnly(0.25);
      assertThat(Tunes.of(r, "3").get(0).getRound()).as("draws go on").isEqualTo(3);
      assertThat(Tunes.of(r, "2")).hasSize(2).containsOnly(Tunes.of(r, "2").get(0));
      assertThat(r.reasons()).isEmpty();
    }
  }

  @Test
  void armsComeAndGoByOrders() throws Exception {
    try (Runner r = Tunes.run(tsallis())) {
      Requests s = stream().ask("t", "1", 10).cost("t", "1", 11, 1);
      s.arm("t", ArmCommand.ADD, "a9", 9, "a0", 1).arm("t", ArmCommand.ADD, "a9", 9, "a0", 1);
      s.ask("t", "2", 20).arm("t", ArmCommand.REMOVE, "a1", 0, "", 2).ask("t", "3", 30);
      s.arm("t", ArmCommand.ADD, "a1", 0, "", 3).arm("t", ArmCommand.PURGE, "a2", 0, "", 4);
      s.ask("t", "4", 40).arm("t", ArmCommand.ADD, "a2", 2.5, "", 5).ask("t", "5", 50);
      s.ask("t", "2", 20)
          .ask("t", "late", 51, 0, List.of("a2"))
          .order("t", ControlCommand.SNAPSHOT);
      r.feed(s.items());
      assertThat(r.reasons()).isEmpty();
      assertThat(Tunes.of(r, "2").get(0).getArms()).containsExactly("a0", "a1", "a2", "a3", "a9");
      assertThat(Tunes.of(r, "3").get(0).getArms()).containsExactly("a0", "a2", "a3", "a9");
      assertThat(Tunes.of(r, "4").get(0).getArms()).containsExactly("a0", "a1", "a3", "a9");
      assertThat(Tunes.of(r, "5").get(0).getArms()).containsExactly("a0", "a1", "a3", "a9", "a2");
      assertThat(Tunes.of(r, "late").get(0).getIndex()).as("a new index").isEqualTo(5);
      assertThat(Tunes.of(r, "late").get(0).getValue()).isEqualTo(2.5);
      assertThat(Tunes.of(r, "2")).hasSize(2).containsOnly(Tunes.of(r, "2").get(0));
      ModelSnapshot m = last(r);
      assertThat(tensor(m, "eligible")).containsExactly(1, 1, 0, 1, 1, 1);
      assertThat(m.getConfig()).containsEntry("arms.2", "a2").containsEntry("arms.5", "a2");
      assertThat(m.getProvenance().getControlEpoch()).isEqualTo(6);
      assertThat(r.echoes)
          .extracting(ControlEcho::getArmCommand, ControlEcho::getName, ControlEcho::getOutcome)
          .containsExactly(
              tuple(ArmCommand.ADD, "a9", ControlOutcome.TAKEN),
              tuple(ArmCommand.ADD, "a9", ControlOutcome.REPEATED),
              tuple(ArmCommand.REMOVE, "a1", ControlOutcome.TAKEN),
              tuple(ArmCommand.ADD, "a1", ControlOutcome.TAKEN),
              tuple(ArmCommand.PURGE, "a2", ControlOutcome.TAKEN),
              tuple(ArmCommand.ADD, "a2", ControlOutcome.TAKEN),
              tuple(ArmCommand.UNKNOWN, "", ControlOutcome.TAKEN));
      assertThat(r.echoes.get(0).getOrigin()).isEqualTo("tester");
      assertThat(r.echoes.get(0).getSequence()).isEqualTo(1);
      assertThat(r.echoes.get(0).getControlEpoch()).isEqualTo(1);
      assertThat(r.echoes.get(0).getSteps()).as("costs learned before").isEqualTo(1);
    }
  }

  static double[] tensor(ModelSnapshot m, String name) throws Exception {
    Tensor t = m.getTensors().stream().filter(x -> x.getName().equals(name)).findFirst().get();
    return Tensors.doubles(t);
  }

  @Test
  void snapshotsAndMetricRecordsTellHowATunerDoes() throws Exception {
    try (Runner r = Tunes.run(tsallis())) {
      Requests s = stream();
      for (int i = 0; i < 12; i++) {
        s.ask("t", "r" + i, 10 + i).cost("t", "r" + i, 10 + i, i % 2);
      }
      r.feed(s.items()).end();
      assertThat(r.models.stream().map(m -> m.getCounters().get("examples")))
          .as("after every fifth cost that is news, and at the end")
          .contains(12L)
          .hasSizeGreaterThanOrEqualTo(3);
      ModelSnapshot last = last(r);
      assertThat(last.getJob()).isEqualTo("tune");
      assertThat(last.getCounters()).containsEntry("examples", 12L).containsEntry("pending", 0L);
      assertThat(last.getMetrics()).containsEntry("loss", 0.5);
      double pulls = 0;
      for (double n : tensor(last, "pulls")) {
        pulls += n;
      }
      assertThat(pulls).isEqualTo(12);
      assertThat(last.getInputs().get(0).getOffset()).isEqualTo(23);
      assertThat(r.metrics).hasSize(3);
      assertThat(r.metrics.get(2).getCounters()).containsEntry("decisions", 12L);
    }
  }

  private static ModelSnapshot last(Runner r) {
    return r.models.get(r.models.size() - 1);
  }

  @Test
  void aTunerIsPublishedWhenAnotherArmBecomesTheBest() throws Exception {
    try (Runner r = Tunes.run(tsallis())) {
      assertThat(versionsAfter(r, "a2", 1, 0.5)).as("the first").isEqualTo(1);
      assertThat(versionsAfter(r, "a0", 2, 0.75)).as("a worse one").isEqualTo(1);
      assertThat(versionsAfter(r, "a1", 3, 0.25)).as("a better one").isEqualTo(2);
      assertThat(versionsAfter(r, "a1", 4, 0.25)).as("the same one").isEqualTo(2);
      r.feed(stream().arm("t", ArmCommand.REMOVE, "a1", 0, "", 1).items());
      assertThat(r.models).as("the best one removed").hasSize(3);
      r.restart(1);
      assertThat(versionsAfter(r, "a2", 5, 0.5)).as("as it was").isEqualTo(3);
    }
  }

  /** Models there are after an arm has cost so much in a round. */
  private static int versionsAfter(Runner r, String arm, int round, double cost) throws Exception {
    String id = "r" + round;
    r.feed(
        stream().ask("t", id, 10 * round, 0, List.of(arm)).cost("t", id, 10 * round, cost).items());
    return r.models.size();
  }

  @Test
  void aContextReachesThePolicy() throws Exception {
    TuneOptions o = Tunes.options("linucb", 1, NO);
    ByHand hand = new ByHand(o);
    hand.decide(1, 1, 0.25);
    try (Runner r = Tunes.run(o)) {
      r.feed(stream().ask("t", "1", 10, 0.25).items());
      assertThat(r.reasons()).isEmpty();
      assertThat(r.decisions.get(0).getIndex()).isEqualTo(hand.decision.arm());
    }
  }
}

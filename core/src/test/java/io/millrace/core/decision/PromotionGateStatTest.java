package io.millrace.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Error rates and power of the gate, looked at after every event, over simulated pairs of models
 * that disagree on three events of ten.
 */
class PromotionGateStatTest {
  private static final int RUNS = 1000;
  private static final int EVENTS = 5000;
  private static final double ALPHA = 0.05;

  /** Share of events on which the two models disagree. */
  private static final double DISAGREE = 0.3;

  private static PromotionGate gate(String test) {
    return PromotionGate.of(1, 2, test, Map.of("alpha", ALPHA));
  }

  /** Gain of a model that is better by {@code effect} on average. */
  private static double gain(Draws draws, long event, double effect) {
    double u = draws.uniform(event);
    return u < (DISAGREE + effect) / 2 ? 1 : u < DISAGREE ? -1 : 0;
  }

  /** Event at which each run promotes, sorted; infinite where it does not. */
  private static double[] promotions(String test, double effect, int runs) {
    PromotionGate gate = gate(test);
    PhiloxDraws draws = new PhiloxDraws(17, "gains of " + effect);
    double[] at = new double[runs];
    for (int run = 0; run < runs; run++) {
      at[run] = promotion(gate, draws.at(run), effect);
    }
    Arrays.sort(at);
    return at;
  }

  private static double promotion(PromotionGate gate, Draws draws, double effect) {
    double[] b = new double[gate.length()];
    gate.start(b, 1);
    for (int t = 0; t < EVENTS; t++) {
      Verdict verdict = gate.observe(b, 1, gain(draws, t, effect));
      if (verdict != Verdict.RUNNING) {
        return verdict == Verdict.PROMOTED ? t + 1 : Double.POSITIVE_INFINITY;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private static double share(double[] promotions) {
    return Arrays.stream(promotions).filter(Double::isFinite).count() / (double) promotions.length;
  }

  @ParameterizedTest
  @ValueSource(strings = {"betting", "empirical-bernstein", "asymptotic"})
  void promotesAnEqualModelInAtMostAlphaOfTheRuns(String test) {
    assertThat(share(promotions(test, 0, RUNS))).isLessThanOrEqualTo(ALPHA);
  }

  @Test
  void promotesAWorseModelLessOftenStill() {
    assertThat(share(promotions("betting", -0.02, RUNS))).isLessThanOrEqualTo(ALPHA / 2);
  }

  /** What the gate is for: the usual test, looked at as often, promotes an equal model often. */
  @Test
  void theTestOfATextbookFailsWhereTheGateHolds() {
    PhiloxDraws draws = new PhiloxDraws(17, "gains of 0.0");
    int promoted = 0;
    for (int run = 0; run < RUNS; run++) {
      promoted += promotedByPeeking(draws.at(run)) ? 1 : 0;
    }
    assertThat(promoted / (double) RUNS).isGreaterThan(4 * ALPHA);
  }

  private static boolean promotedByPeeking(Draws draws) {
    double[] b = new double[RunningMoments.LENGTH];
    for (int n = 1; n <= EVENTS; n++) {
      RunningMoments.add(b, 0, n, gain(draws, n - 1, 0));
      double error = RunningMoments.standardError(b, 0, n);
      if (n >= GateHypers.MIN_EVENTS.def() && RunningMoments.mean(b, 0) > 1.6449 * error) {
        return true;
      }
    }
    return false;
  }

  @Test
  void promotesAPlantedImprovement() {
    double[] promotions = promotions("betting", 0.1, 300);
    assertThat(share(promotions)).isEqualTo(1);
    assertThat(promotions[promotions.length / 2]).isBetween(150.0, 260.0);
    promotions = promotions("betting", 0.05, 300);
    assertThat(share(promotions)).isGreaterThan(0.98);
    assertThat(promotions[promotions.length / 2]).isBetween(700.0, 1200.0);
    assertThat(share(promotions("empirical-bernstein", 0.05, 300))).isGreaterThan(0.9);
    assertThat(share(promotions("asymptotic", 0.05, 300))).isGreaterThan(0.98);
  }

  /** The level is spent over all challengers there will ever be. */
  @Test
  void twentyEqualChallengersTogetherPromoteInAtMostAlphaOfTheRuns() {
    PromotionGate gate =
        PromotionGate.of(1, 2, "betting", Map.of("alpha", ALPHA, "max-events", 500.0));
    PhiloxDraws draws = new PhiloxDraws(18, "twenty");
    int promoted = 0;
    for (int run = 0; run < RUNS; run++) {
      promoted += anyPromoted(gate, draws.at(run), 20) ? 1 : 0;
    }
    assertThat(promoted / (double) RUNS).isLessThanOrEqualTo(ALPHA);
  }

  private static boolean anyPromoted(PromotionGate gate, Draws draws, int challengers) {
    double[] b = new double[gate.length()];
    long event = 0;
    for (int c = 0; c < challengers; c++) {
      gate.start(b, 1);
      Verdict verdict = Verdict.RUNNING;
      while (verdict == Verdict.RUNNING) {
        verdict = gate.observe(b, 1, gain(draws, event++, 0));
      }
      if (verdict == Verdict.PROMOTED) {
        return true;
      }
    }
    return false;
  }

  /** Whether a challenger is promoted that is better by one effect first, and then by another. */
  private static boolean promoted(PromotionGate gate, Draws draws, double first, double then) {
    double[] b = new double[gate.length()];
    gate.start(b, 1);
    for (int t = 0; t < EVENTS; t++) {
      double effect = t < EVENTS / 2 ? first : then;
      if (gate.observe(b, 1, gain(draws, t, effect)) == Verdict.PROMOTED) {
        return true;
      }
    }
    return false;
  }

  private static double promoted(String test, double renew, double first, double then, int runs) {
    PromotionGate gate =
        PromotionGate.of(1, 2, test, Map.of("alpha", ALPHA, "renew", renew, "drop-alpha", 1e-12));
    PhiloxDraws draws = new PhiloxDraws(21, "drift");
    int promoted = 0;
    for (int run = 0; run < runs; run++) {
      promoted += promoted(gate, draws.at(run), first, then) ? 1 : 0;
    }
    return promoted / (double) runs;
  }

  /** Every renewal is a test of its own, and the level is spent over all of them. */
  @ParameterizedTest
  @ValueSource(strings = {"betting", "asymptotic"})
  void renewedComparisonsPromoteAnEqualModelInAtMostAlphaOfTheRuns(String test) {
    assertThat(promoted(test, 250, 0, 0, RUNS)).isLessThanOrEqualTo(ALPHA);
  }

  /** What renewal is for: losses of before the change are not to be won back first. */
  @Test
  void renewalFindsAModelThatHasBecomeBetterWhereAllEventsTogetherDoNot() {
    assertThat(promoted("betting", 500, -0.1, 0.1, 200)).isGreaterThan(0.95);
    assertThat(promoted("betting", 0, -0.1, 0.1, 200)).isLessThan(0.05);
  }

  /** Share of runs in which a new champion that is worse by {@code loss} is rolled back. */
  private static double rolledBack(double loss, int runs) {
    PromotionGate gate = gate("betting");
    PhiloxDraws draws = new PhiloxDraws(19, "probation");
    int rolledBack = 0;
    for (int run = 0; run < runs; run++) {
      double[] b = new double[gate.length()];
      gate.promote(b, 1);
      Verdict verdict = Verdict.PROBATION;
      draws.at(run);
      for (int t = 0; verdict == Verdict.PROBATION; t++) {
        verdict = gate.observe(b, 1, gain(draws, t, -loss));
      }
      rolledBack += verdict.rollsBack() ? 1 : 0;
    }
    return rolledBack / (double) runs;
  }

  @Test
  void rollsBackWhatIsWorseAndKeepsWhatIsNot() {
    assertThat(rolledBack(0, RUNS)).isLessThanOrEqualTo(ALPHA);
    assertThat(rolledBack(0.02, RUNS)).isLessThanOrEqualTo(ALPHA);
    assertThat(rolledBack(0.1, 200)).isGreaterThan(0.9);
    assertThat(rolledBack(0.3, 200)).isEqualTo(1);
  }

  /** Four arms, the champion's log, a challenger that takes the best arm a little more often. */
  @Test
  void promotesABetterPolicyOnTheLogOfTheChampion() {
    double[] promotions = offPolicy(new double[] {0.6, 0.1, 0.1, 0.2}, 300);
    assertThat(share(promotions)).isEqualTo(1);
    assertThat(promotions[promotions.length / 2]).isBetween(130.0, 300.0);
    promotions = offPolicy(new double[] {0.7, 0.15, 0.05, 0.1}, 300); // earns 0.01 less
    assertThat(share(promotions)).isLessThanOrEqualTo(ALPHA);
  }

  private static double[] offPolicy(double[] challenger, int runs) {
    double[] champion = {0.7, 0.1, 0.1, 0.1};
    double[] rewards = {0.2, 0.4, 0.5, 0.6};
    double largest = 0;
    double variation = 0;
    for (int a = 0; a < champion.length; a++) {
      largest = Math.max(largest, Math.abs(challenger[a] / champion[a] - 1));
      variation += Math.abs(challenger[a] - champion[a]) / 2;
    }
    PromotionGate gate =
        PromotionGate.of(
            Gains.offPolicyBound(largest, variation),
            2,
            "betting",
            Map.of("max-events", (double) EVENTS));
    PhiloxDraws draws = new PhiloxDraws(20, "log");
    double[] at = new double[runs];
    for (int run = 0; run < runs; run++) {
      at[run] = offPolicy(gate, draws.at(run), champion, challenger, rewards);
    }
    Arrays.sort(at);
    return at;
  }

  private static double offPolicy(
      PromotionGate gate, Draws draws, double[] champion, double[] challenger, double[] rewards) {
    double[] b = new double[gate.length()];
    double[] means = new double[ArmMeans.PER_ARM * champion.length];
    gate.start(b, 1);
    Verdict verdict = Verdict.RUNNING;
    int t = 0;
    while (verdict == Verdict.RUNNING) {
      int arm = draws.categorical(2L * t, champion);
      double reward = draws.coin(2L * t + 1, rewards[arm]) ? 1 : 0;
      double predictedGain = 0;
      for (int a = 0; a < champion.length; a++) {
        predictedGain += (challenger[a] - champion[a]) * ArmMeans.mean(means, 0, a);
      }
      double weight = challenger[arm] / champion[arm];
      double error = reward - ArmMeans.mean(means, 0, arm);
      verdict = gate.observe(b, 1, Gains.offPolicy(weight, 1, error, predictedGain), weight);
      ArmMeans.take(means, 0, arm, reward);
      t++;
    }
    return verdict == Verdict.PROMOTED ? t : Double.POSITIVE_INFINITY;
  }
}

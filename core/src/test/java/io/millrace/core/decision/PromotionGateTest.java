package io.millrace.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.millrace.core.ConfigException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromotionGateTest {
  private final PromotionGate gate =
      PromotionGate.of(1, 3, "betting", Map.of("min-events", 10.0, "probation", 30.0));
  private final double[] b = new double[gate.length()];

  /** Feeds the same gain until something is decided. */
  private Verdict until(int candidate, double gain) {
    Verdict verdict = gate.observe(b, candidate, gain);
    while (verdict == Verdict.RUNNING || verdict == Verdict.PROBATION) {
      verdict = gate.observe(b, candidate, gain);
    }
    return verdict;
  }

  @Test
  void zerosAreAGateWithCandidateZeroAsChampion() {
    assertThat(gate.champion(b)).isZero();
    assertThat(gate.former(b)).isEqualTo(-1);
    assertThat(gate.nextIndex(b)).isEqualTo(1);
    assertThat(gate.start(b, 0)).isEqualTo(Verdict.IGNORED);
    assertThat(gate.observe(b, 1, 0.5)).isEqualTo(Verdict.IGNORED);
  }

  @Test
  void whatIsNotFiniteOrBeyondTheBoundChangesNothing() {
    gate.start(b, 1);
    gate.observe(b, 1, 0.25);
    double[] before = b.clone();
    for (double gain : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1.0000001, -2}) {
      assertThat(gate.observe(b, 1, gain)).isEqualTo(Verdict.REFUSED);
    }
    assertThat(b).isEqualTo(before);
  }

  @Test
  void promotionKeepsTheFormerChampionUntilTheNewOneIsConfirmed() {
    gate.start(b, 1);
    assertThat(until(1, 0.5)).isEqualTo(Verdict.PROMOTED);
    assertThat(gate.champion(b)).isEqualTo(1);
    assertThat(gate.former(b)).isZero();
    assertThatThrownBy(() -> gate.free(b, 0)).hasMessageContaining("may serve again");
    assertThat(until(1, 0.1)).isEqualTo(Verdict.CONFIRMED);
    assertThat(gate.former(b)).isEqualTo(-1);
    gate.free(b, 0);
    assertThat(gate.start(b, 0)).isEqualTo(Verdict.STARTED);
  }

  @Test
  void evidenceOfAVerdictHasReachedItsThreshold() {
    gate.start(b, 1);
    gate.start(b, 2);
    long j = gate.index(b, 2);
    assertThat(until(1, -0.5)).isEqualTo(Verdict.DROPPED_WORSE);
    assertThat(gate.evidence(b, 1, Verdict.DROPPED_WORSE))
        .isGreaterThanOrEqualTo(gate.threshold(Verdict.DROPPED_WORSE, 1));
    assertThat(until(2, 0.5)).isEqualTo(Verdict.PROMOTED);
    assertThat(gate.evidence(b, 2, Verdict.PROMOTED))
        .isGreaterThanOrEqualTo(gate.threshold(Verdict.PROMOTED, j));
    assertThat(gate.lowerGain(b, 2)).isBetween(-1.0, 0.5);
    assertThat(gate.upperGain(b, 2)).isBetween(0.5, 1.0);
    assertThat(gate.meanGain(b, 2)).isEqualTo(0.5);
  }

  @Test
  void whoeverWasRolledBackIsBannedUntilItsNumberIsFreed() {
    gate.start(b, 1);
    gate.start(b, 2);
    until(1, 0.5);
    assertThat(gate.index(b, 2)).as("begins anew, with a new number").isEqualTo(3);
    assertThat(until(1, -0.9).rollsBack()).isTrue();
    assertThat(gate.champion(b)).isZero();
    assertThat(gate.banned(b, 1)).isTrue();
    assertThat(gate.index(b, 2)).isEqualTo(4);
    assertThat(gate.start(b, 1)).isEqualTo(Verdict.IGNORED);
    gate.free(b, 1);
    assertThat(gate.start(b, 1)).isEqualTo(Verdict.STARTED);
  }

  private static PromotionGate renewing() {
    return PromotionGate.of(
        1, 3, "betting", Map.of("min-events", 10.0, "probation", 30.0, "renew", 40.0));
  }

  @Test
  void aChallengerThatIsNeitherBeginsAnewWithALevelOfItsOwn() {
    PromotionGate drifting = renewing();
    drifting.start(b, 1);
    drifting.start(b, 2);
    for (int t = 1; t <= 40; t++) {
      assertThat(drifting.count(b, 1)).isEqualTo(t - 1);
      assertThat(drifting.observe(b, 1, t % 2 - 0.5)).isEqualTo(Verdict.RUNNING);
    }
    assertThat(drifting.index(b, 1)).isEqualTo(3);
    assertThat(drifting.count(b, 1)).isZero();
    assertThat(drifting.meanGain(b, 1)).isZero();
    assertThat(drifting.evidence(b, 1, Verdict.RUNNING)).isZero();
    assertThat(drifting.index(b, 2)).as("another one's comparison").isEqualTo(2);
    assertThat(drifting.threshold(Verdict.PROMOTED, 3))
        .isCloseTo(drifting.threshold(Verdict.PROMOTED, 1) + 2 * Math.log(3), within(1e-12));
  }

  @Test
  void whereComparisonsAreRenewedAFormerChampionIsAChallengerOnceTheNewOneIsConfirmed() {
    PromotionGate drifting = renewing();
    drifting.start(b, 1);
    Verdict verdict = Verdict.RUNNING;
    while (verdict != Verdict.CONFIRMED) {
      verdict = drifting.observe(b, 1, drifting.champion(b) == 0 ? 0.5 : 0.1);
    }
    assertThat(drifting.former(b)).isEqualTo(-1);
    assertThat(drifting.running(b, 0)).isTrue();
    assertThat(drifting.index(b, 0)).isEqualTo(2);
    verdict = Verdict.RUNNING;
    while (verdict == Verdict.RUNNING) {
      verdict = drifting.observe(b, 0, 0.5);
    }
    assertThat(verdict).as("it may come back").isEqualTo(Verdict.PROMOTED);
    assertThat(drifting.champion(b)).isZero();
  }

  @Test
  void promotionAndRollBackByHandAreThoseOfTheTests() {
    gate.start(b, 2);
    gate.promote(b, 1);
    assertThat(gate.champion(b)).isEqualTo(1);
    assertThat(gate.index(b, 2)).isEqualTo(2);
    assertThatThrownBy(() -> gate.promote(b, 2)).isInstanceOf(IllegalStateException.class);
    gate.rollBack(b);
    assertThat(gate.champion(b)).isZero();
    assertThat(gate.banned(b, 1)).isTrue();
    assertThatThrownBy(() -> gate.rollBack(b)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aChallengerThatIsTakenOutMayBeginAnew() {
    gate.start(b, 1);
    gate.observe(b, 1, 0.5);
    assertThat(gate.withdraw(b, 1)).isEqualTo(Verdict.WITHDRAWN);
    assertThat(gate.withdraw(b, 1)).isEqualTo(Verdict.IGNORED);
    assertThat(gate.start(b, 1)).isEqualTo(Verdict.STARTED);
    assertThat(gate.count(b, 1)).isZero();
    assertThat(gate.index(b, 1)).isEqualTo(2);
  }

  /** On the log of another policy two heavy decisions of fifty are not fifty. */
  @Test
  void offPolicyPromotionWaitsForTheEffectiveSampleSize() {
    PromotionGate heavy = PromotionGate.of(10, 2, "betting", Map.of("min-effective", 20.0));
    double[] light = new double[heavy.length()];
    heavy.start(light, 1);
    Verdict verdict = Verdict.RUNNING;
    for (int t = 0; t < 400 && verdict == Verdict.RUNNING; t++) {
      verdict = heavy.observe(light, 1, 5, t % 50 == 0 ? 50 : 0.01);
    }
    assertThat(verdict).isEqualTo(Verdict.RUNNING);
    assertThat(heavy.evidence(light, 1, verdict))
        .isGreaterThan(heavy.threshold(Verdict.PROMOTED, 1));
    assertThat(heavy.observe(light, 1, 5, 1000)).isEqualTo(Verdict.RUNNING);
    double[] even = new double[heavy.length()];
    heavy.start(even, 1);
    Verdict other = Verdict.RUNNING;
    for (int t = 0; t < 400 && other == Verdict.RUNNING; t++) {
      other = heavy.observe(even, 1, 5, 1);
    }
    assertThat(other).isEqualTo(Verdict.PROMOTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"betting", "empirical-bernstein", "asymptotic"})
  void goesOnFromACopyOfItsNumbersWithTheSameBits(String test) {
    PromotionGate rule = PromotionGate.of(2, 3, test, Map.of());
    double[] one = new double[rule.length()];
    rule.start(one, 1);
    rule.start(one, 2);
    for (int t = 0; t < 300; t++) {
      double[] copy = one.clone();
      double gain = StrictMath.sin(t * t) + 0.2;
      assertThat(PromotionGate.of(2, 3, test, Map.of()).observe(copy, 1 + t % 2, gain))
          .isEqualTo(rule.observe(one, 1 + t % 2, gain));
      assertThat(copy).isEqualTo(one);
    }
  }

  @Test
  void allocatesNothingInSteadyState() {
    gate.start(b, 1);
    double[] estimates = new double[OffPolicy.LENGTH + OffPolicyBounds.LENGTH];
    OffPolicy offPolicy = OffPolicy.of(Map.of());
    OffPolicyBounds bounds = new OffPolicyBounds(0.05);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    int events = 2000;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 8; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int t = 0; t < events; t++) {
        gate.observe(b, 1, (t & 1) - 0.5);
        offPolicy.take(estimates, 0, 0.5 + (t & 1), t & 1, 0.4, 0.5);
        bounds.take(estimates, OffPolicy.LENGTH, 0.5 + (t & 1), t & 1);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    // Asking for the count may itself allocate, once per round.
    assertThat(least).as("bytes allocated by %d events", events).isLessThan(events * 8);
    assertThat(gate.count(b, 1)).isEqualTo(16_000);
  }

  @Test
  void saysWhatIsWrongWithSettings() {
    assertThatThrownBy(() -> PromotionGate.of(0, 2, "betting", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("gate.bound = 0.0; must be above 0 and finite");
    assertThatThrownBy(() -> PromotionGate.of(1, 2, "t-test", Map.of()))
        .hasMessageContaining("gate.test = 't-test'; must be one of [betting,");
    assertThatThrownBy(() -> PromotionGate.of(1, 2, "betting", Map.of("alpha", 0.9)))
        .hasMessage("gate.alpha = 0.9; must lie in (0, 0.5)");
    assertThatThrownBy(() -> PromotionGate.of(1, 2, "betting", Map.of("renew", 20.0)))
        .hasMessage("gate.renew = 20; must be 0 or at least 50, because nothing is judged before");
    assertThatThrownBy(() -> PromotionGate.of(1, 2, "asymptotic", Map.of("renew", 60.0)))
        .hasMessage("gate.renew = 60; must be 0 or at least 100, because nothing is judged before");
    assertThatThrownBy(() -> gate.start(b, 3)).hasMessageContaining("candidate 3; the gate has 3");
  }
}

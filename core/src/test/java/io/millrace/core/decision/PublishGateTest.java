package io.millrace.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.decision.PublishGate.Change;
import io.millrace.core.state.LearnerState;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PublishGateTest {
  private static final int RUNS = 400;

  private final PublishGate.Finding found = new PublishGate.Finding();

  private static PublishGate gate(Map<String, Double> values) {
    return new PublishGate(1, "betting", values);
  }

  private static double gain(Random random, double mean) {
    double u = random.nextDouble();
    double p = 0.15;
    return u < p + mean / 2 ? 1 : u < 2 * p ? -1 : 0;
  }

  /** Looked at after each event, and begun anew by every drift, for as long as it likes. */
  @Test
  void aModelThatIsNoBetterThanItsBaselinePassesInAtMostAlphaOfTheRuns() {
    PublishGate gate = gate(Map.of());
    int passed = 0;
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(run);
      LearnerState s = new LearnerState(gate.schema());
      for (int i = 0; i < 2000 && !gate.isOpen(s); i++) {
        gate.take(s, gain(random, 0), Double.NaN, found);
        if (found.change() == Change.PASSED) {
          gate.pass(s, 1);
          passed++;
        } else if (i % 500 == 499) {
          gate.hold(s, 0);
        }
      }
    }
    assertThat(passed / (double) RUNS).isLessThan(0.05 + 3 * Math.sqrt(0.05 * 0.95 / RUNS));
  }

  @Test
  void aModelThatIsBetterPassesAndIsGoodAtOnce() {
    PublishGate gate = gate(Map.of());
    LearnerState s = new LearnerState(gate.schema());
    Random random = new Random(5);
    int n = 0;
    do {
      gate.take(s, gain(random, 0.2), Double.NaN, found);
      n++;
    } while (found.change() != Change.PASSED);
    assertThat(n).isBetween(50, 300);
    assertThat(gate.evidence(s, found)).isGreaterThan(gate.threshold(found));
    assertThat(found.against()).isEqualTo(PublishGate.Against.BASELINE);
    gate.pass(s, 3);
    assertThat(gate.isOpen(s)).isTrue();
    assertThat(gate.good(s)).isEqualTo(3);
  }

  @Test
  void aVersionIsGoodAfterAProbationAndNotBefore() {
    PublishGate gate = gate(Map.of("probation", 30.0));
    LearnerState s = new LearnerState(gate.schema());
    gate.pass(s, 1);
    for (int i = 0; i < 17; i++) {
      gate.take(s, 0.3, 0.1, found);
    }
    assertThat(gate.published(s, 2)).isTrue();
    assertThat(gate.published(s, 3)).isFalse();
    for (int i = 0; i < 29; i++) {
      gate.take(s, 0.3, 0.1, found);
      assertThat(found.change()).isEqualTo(Change.NONE);
    }
    gate.take(s, 0.3, 0.1, found);
    assertThat(found.change()).isEqualTo(Change.CONFIRMED);
    assertThat(gate.events(s, found)).isEqualTo(30);
    gate.confirm(s);
    assertThat(gate.good(s)).isEqualTo(2);
    assertThat(gate.trial(s)).isZero();
  }

  /** Better than the baseline does not do, where the last good version is better still. */
  @Test
  void aHeldModelHasToBeNoWorseThanTheGoodVersion() {
    PublishGate gate = gate(Map.of());
    LearnerState s = new LearnerState(gate.schema());
    gate.hold(s, 4);
    for (int i = 0; i < 1000; i++) {
      gate.take(s, 0.5, -0.2, found);
      assertThat(found.change()).isEqualTo(Change.NONE);
    }
    int n = 0;
    do {
      gate.take(s, 0.5, 0, found);
      n++;
    } while (found.change() != Change.PASSED);
    assertThat(found.against()).isEqualTo(PublishGate.Against.GOOD);
    assertThat(n).isGreaterThanOrEqualTo(50);
  }

  @Test
  void theBrakeFindsAModelThatHasTurnedBadWithinItsWindowHoweverLongItWasGood() {
    PublishGate gate = gate(Map.of("hard-window", 25.0, "hard-tolerance", 0.3));
    for (int good : new int[] {0, 10, 990, 5000}) {
      LearnerState s = new LearnerState(gate.schema());
      gate.pass(s, 1);
      for (int i = 0; i < good; i++) {
        gate.take(s, 0.2, 0.05, found);
      }
      int n = 0;
      do {
        gate.take(s, 0.2, -0.7, found);
        n++;
      } while (found.change() != Change.BROKEN && n < 100);
      assertThat(n).as("after %s", good).isLessThanOrEqualTo(25);
      assertThat(found.against()).isEqualTo(PublishGate.Against.GOOD);
    }
  }
}

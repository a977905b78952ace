package io.millrace.core.monitor;

import static io.millrace.core.monitor.DriftWatch.Happening.DRIFT;
import static io.millrace.core.monitor.DriftWatch.Happening.NOTHING;
import static io.millrace.core.monitor.DriftWatch.Happening.WARNING_BEGAN;
import static io.millrace.core.monitor.DriftWatch.Happening.WARNING_ENDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.monitor.Reaction.Action;
import org.junit.jupiter.api.Test;

class ReactionTest {
  private final double[] block = new double[Reaction.LENGTH];

  @Test
  void aBackgroundModelIsGivenUpAfterCalmAndTakesThePlaceAtADrift() {
    Reaction swap = new Reaction(Reaction.Kind.SWAP, 10, 200, 3);
    assertThat(swap.to(block, 0, DRIFT)).isEqualTo(Action.RESET);
    assertThat(swap.to(block, 0, WARNING_BEGAN)).isEqualTo(Action.BEGIN);
    assertThat(swap.to(block, 0, WARNING_ENDED)).isEqualTo(Action.NOTHING);
    assertThat(swap.to(block, 0, WARNING_BEGAN)).isEqualTo(Action.NOTHING);
    assertThat(swap.to(block, 0, WARNING_ENDED)).isEqualTo(Action.NOTHING);
    assertThat(swap.to(block, 0, NOTHING)).isEqualTo(Action.NOTHING);
    assertThat(swap.to(block, 0, NOTHING)).isEqualTo(Action.GIVE_UP);
    assertThat(swap.to(block, 0, NOTHING)).isEqualTo(Action.NOTHING);
    assertThat(swap.to(block, 0, WARNING_BEGAN)).isEqualTo(Action.BEGIN);
    assertThat(swap.to(block, 0, DRIFT)).isEqualTo(Action.SWAP);
  }

  @Test
  void aBoostFallsBackToOne() {
    Reaction boost = new Reaction(Reaction.Kind.BOOST, 10, 200, 100);
    assertThat(boost.rateFactor(block, 0)).isEqualTo(1);
    boost.to(block, 0, NOTHING);
    assertThat(boost.rateFactor(block, 0)).isEqualTo(1);
    boost.to(block, 0, DRIFT);
    assertThat(boost.rateFactor(block, 0)).isEqualTo(10);
    for (int i = 0; i < 200; i++) {
      boost.to(block, 0, NOTHING);
    }
    assertThat(boost.rateFactor(block, 0)).isEqualTo(1 + 9 * StrictMath.exp(-1));
  }
}

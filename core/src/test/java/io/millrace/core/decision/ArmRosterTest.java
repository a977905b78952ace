package io.millrace.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.state.StateException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ArmRosterTest {
  private final ArmRoster roster = new ArmRoster(5);

  private int[] eligible(ArmRoster of) {
    int[] out = new int[5];
    return Arrays.copyOf(out, of.eligible(out));
  }

  private void fill() {
    roster.add("a");
    roster.add("b");
    roster.add("ü");
  }

  @Test
  void indexesFollowTheOrderOfAdditionAndAreNeverGivenAgain() {
    fill();
    assertThat(roster.add("b")).as("there already").isEqualTo(1);
    assertThat(roster.purge("b")).isEqualTo(1);
    assertThat(roster.indexOf("b")).isEqualTo(-1);
    assertThat(roster.name(1)).isEqualTo("b");
    assertThat(roster.isPurged(1)).isTrue();
    assertThat(roster.add("b")).isEqualTo(3);
    assertThat(eligible(roster)).containsExactly(0, 2, 3);
    roster.add("e");
    assertThatThrownBy(() -> roster.add("f")).hasMessageContaining("all 5 indexes are in use");
  }

  @Test
  void aRemovedArmComesBackUnderItsIndex() {
    fill();
    roster.remove("a");
    assertThat(roster.isEligible(0)).isFalse();
    assertThat(roster.indexOf("a")).isZero();
    assertThat(eligible(roster)).containsExactly(1, 2);
    assertThat(roster.add("a")).isZero();
    assertThat(eligible(roster)).containsExactly(0, 1, 2);
    assertThatThrownBy(() -> roster.remove("z")).hasMessageContaining("there is no arm 'z'");
  }

  @Test
  void comesBackFromItsBytes() {
    fill();
    roster.remove("a");
    roster.purge("b");
    ArmRoster read = ArmRoster.of(roster.toBytes(), 7);
    assertThat(read.toBytes()).isEqualTo(roster.toBytes());
    assertThat(read.count()).isEqualTo(3);
    assertThat(read.indexOf("b")).isEqualTo(-1);
    assertThat(read.indexOf("ü")).isEqualTo(2);
    assertThat(eligible(read)).containsExactly(2);
  }

  @Test
  void damagedBytesAreRefused() {
    fill();
    byte[] bytes = roster.toBytes();
    assertThatThrownBy(() -> ArmRoster.of(bytes, 2))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("has 3 arms, this configuration takes 2");
    for (int cut = 0; cut < bytes.length; cut++) {
      byte[] part = Arrays.copyOf(bytes, cut);
      assertThatThrownBy(() -> ArmRoster.of(part, 5)).isInstanceOf(StateException.class);
    }
  }
}

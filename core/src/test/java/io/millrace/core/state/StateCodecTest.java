package io.millrace.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StateCodecTest {
  private final StateCodec codec = new StateCodec();

  @Provide
  Arbitrary<List<List<Long>>> blocks() {
    return Arbitraries.longs().list().ofMaxSize(40).list().ofMaxSize(6);
  }

  @Property(tries = 300)
  void everyBitComesBack(@ForAll("blocks") List<List<Long>> bits, @ForAll long steps) {
    LearnerState state = state(bits, steps);
    StateCodec.Decoded read = codec.decode(codec.encode("a", 3, state), "state of 'k'");
    assertThat(read.algorithm()).isEqualTo("a");
    assertThat(read.stateVersion()).isEqualTo(3);
    assertThat(read.state().steps()).isEqualTo(steps);
    assertThat(read.state().schema()).isEqualTo(state.schema());
    for (int i = 0; i < bits.size(); i++) {
      for (int j = 0; j < bits.get(i).size(); j++) {
        assertThat(Double.doubleToRawLongBits(read.state().block(i)[j]))
            .isEqualTo(Double.doubleToRawLongBits(state.block(i)[j]));
      }
    }
  }

  @Property(tries = 300)
  void damageIsRefused(
      @ForAll("blocks") List<List<Long>> bits, @ForAll int where, @ForAll boolean cut) {
    byte[] bytes = codec.encode("a", 1, state(bits, 7));
    int at = Math.floorMod(where, bytes.length);
    byte[] bad = cut ? Arrays.copyOf(bytes, at) : bytes.clone();
    if (!cut) {
      bad[at] ^= (byte) (1 << (where & 7));
    }
    assertThatThrownBy(() -> codec.decode(bad, "k")).isInstanceOf(StateException.class);
  }

  @Test
  void namesTheFormatItFoundAndTheOneItReads() {
    BlockWriter writer = new BlockWriter().begin(9);
    byte[] bytes = Arrays.copyOf(writer.array(), writer.finish());
    assertThatThrownBy(() -> codec.decode(bytes, "state of 'ctr'"))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("state of 'ctr' was written by format 9; this build reads 1");
  }

  @Test
  void refusesBlocksThatAreNoLearners() {
    BlockWriter writer = new BlockWriter().begin(StateCodec.FORMAT);
    byte[] bytes = Arrays.copyOf(writer.array(), writer.finish());
    assertThatThrownBy(() -> codec.decode(bytes, "k")).hasMessageContaining("no 'algorithm'");
  }

  private static LearnerState state(List<List<Long>> bits, long steps) {
    StateSchema.Builder schema = new StateSchema.Builder();
    for (int i = 0; i < bits.size(); i++) {
      schema.block("block-" + i, bits.get(i).size());
    }
    LearnerState state = new LearnerState(schema.build());
    state.setSteps(steps);
    for (int i = 0; i < bits.size(); i++) {
      for (int j = 0; j < bits.get(i).size(); j++) {
        state.block(i)[j] = Double.longBitsToDouble(bits.get(i).get(j));
      }
    }
    return state;
  }
}

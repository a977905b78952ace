package io.millrace.operators.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyLimitTest {
  private static final long MIB = 1 << 20;

  private static List<BlockSpec> keysOf(int doubles) {
    StateSchema schema = new StateSchema.Builder().block("theta", doubles).build();
    return List.of(new BlockSpec("learner", "sgd", schema, new TreeMap<>()));
  }

  /** 150 keys of 18 MiB in a heap of 1 GiB: out of memory, and again, and again. */
  @Test
  void asManyKeysAsFitIntoHalfOfTheShareOfTheHeap() {
    List<BlockSpec> blocks = keysOf(9 << 18);
    assertThat(KeyLimit.of(KeyLimit.AUTO, blocks, true, 1024 * MIB, 1).keys()).isEqualTo(512 / 18);
    assertThat(KeyLimit.of(KeyLimit.AUTO, blocks, true, 1024 * MIB, 2).keys()).isEqualTo(256 / 18);
    assertThat(KeyLimit.of(KeyLimit.AUTO, blocks, false, 1024 * MIB, 2).keys())
        .isEqualTo(Long.MAX_VALUE);
    assertThat(KeyLimit.of(KeyLimit.NONE, blocks, true, 1024 * MIB, 1).keys())
        .isEqualTo(Long.MAX_VALUE);
    assertThat(KeyLimit.of(KeyLimit.AUTO, List.of(), true, MIB, 1).keys())
        .isEqualTo(Long.MAX_VALUE);
    assertThat(KeyLimit.of(30, blocks, true, 1024 * MIB, 1).keys()).isEqualTo(30);
    assertThat(KeyLimit.of(1_000_000, blocks, false, 1024 * MIB, 1).keys()).isEqualTo(1_000_000);
  }

  @Test
  void whatCanNeverFitEndsTheJobAtOnce() {
    List<BlockSpec> blocks = keysOf(9 << 18);
    assertThatThrownBy(() -> KeyLimit.of(200, blocks, true, 1024 * MIB, 1))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("limits.keys = 200, each of 18874368 bytes")
        .hasMessageContaining("lower it to 28");
    for (boolean live : new boolean[] {true, false}) {
      assertThatThrownBy(() -> KeyLimit.of(KeyLimit.NONE, blocks, live, 32 * MIB, 1))
          .isInstanceOf(StageFailure.class)
          .hasMessageContaining("a key takes 18874368 bytes, half of the heap is 16777216");
    }
  }

  /** A tree that begins with a kilobyte counted as nothing, and a heap full of them as empty. */
  @Test
  void whatGrowsCountsWithTheMostThatItMayComeTo() {
    BlockSpec fixed = keysOf(128).get(0);
    StateSchema bytes = new StateSchema.Builder().bytes("tree").build();
    BlockSpec tree = new BlockSpec("tree", "tree", bytes, new TreeMap<>()).growingTo(3 * MIB);
    List<BlockSpec> blocks = List.of(fixed, tree);
    long most = 3 * MIB + 1024;
    assertThat(KeyLimit.of(KeyLimit.AUTO, blocks, true, 1024 * MIB, 1))
        .isEqualTo(new KeyLimit(512 * MIB / most, 1024, most, false))
        .hasToString(
            "a key takes 1024 bytes beside what every key does, and what grows, 3146752 at most;"
                + " this subtask holds at most 170 keys");
    assertThatThrownBy(() -> KeyLimit.of(KeyLimit.AUTO, blocks, false, 6 * MIB, 1))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("a key takes up to 3146752 bytes, half of the heap is 3145728")
        .hasMessageContaining("model.max-bytes");
    // A number is the word of somebody who knows the trees; what they begin with must fit.
    assertThat(KeyLimit.of(341, blocks, true, 1024 * MIB, 1).overcommitted()).isFalse();
    assertThat(KeyLimit.of(342, blocks, true, 1024 * MIB, 1).overcommitted()).isTrue();
    assertThat(KeyLimit.of(342, blocks, false, 1024 * MIB, 1).overcommitted()).isFalse();
    assertThatThrownBy(() -> KeyLimit.of(1 << 21, blocks, true, 1024 * MIB, 1))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("limits.keys = 2097152, each of at least 1024 bytes")
        .hasMessageContaining("lower it to 170");
  }
}

package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdWindowTest {
  /** Against a queue of ids, over many ids that come back at all distances. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 64, 100})
  void remembersJustTheLastOnes(int window) {
    IdWindow ids = new IdWindow(window);
    Deque<String> last = new ArrayDeque<>();
    for (int i = 0; i < 5000; i++) {
      String id = "id-" + Math.floorMod(i * 7919 ^ i >> 2, 3 * window);
      boolean seen = last.contains(id);
      assertThat(ids.seen(id)).as("%s at %d", id, i).isEqualTo(seen);
      if (!seen) {
        last.addLast(id);
        if (last.size() > window) {
          last.removeFirst();
        }
      }
      if (i % 97 == 0) {
        ids = i % 2 == 0 ? ids.copy() : IdWindow.of(window, ids.hashes());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 40})
  void aSmallerWindowKeepsTheNewest(int smaller) {
    IdWindow ids = new IdWindow(50);
    for (int i = 0; i < 70; i++) {
      ids.seen("id-" + i);
    }
    IdWindow cut = IdWindow.of(smaller, ids.hashes());
    assertThat(cut.hashes()).hasSize(smaller).endsWith(IdWindow.hash("id-69"));
    assertThat(cut.seen("id-" + (70 - smaller))).isTrue();
    assertThat(cut.seen("id-" + (69 - smaller))).isFalse();
  }
}

package io.millrace.operators.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecentIdsTest {
  private static Key key(MapStorage storage) {
    storage.at("k");
    Key key = new Key(storage, List.of(), journal -> {});
    key.open("k");
    key.begin(0);
    return key;
  }

  /** Against a queue of ids, over many ids that come back at all distances. */
  @ParameterizedTest
  @CsvSource({
    "1, true",
    "2, false",
    "31, true",
    "32, false",
    "33, true",
    "64, false",
    "100, true",
    "1000, false"
  })
  void remembersJustTheLastOnes(int window, boolean live) {
    MapStorage storage = new MapStorage(live);
    Key key = key(storage);
    Deque<String> last = new ArrayDeque<>();
    for (int i = 0; i < 5000; i++) {
      String id = "id-" + Math.floorMod(i * 7919 ^ i >> 2, 3 * window);
      boolean seen = last.contains(id);
      key.rememberIds(window);
      assertThat(key.seen(id)).as("%s at %d", id, i).isEqualTo(seen);
      if (!seen) {
        key.remember(id);
        last.addLast(id);
        if (last.size() > window) {
          last.removeFirst();
        }
      }
      if (i % 97 == 0) {
        key.close();
        key.open("k");
      }
    }
    int kept = storage.recent().stream().mapToInt(b -> b.length / 2).sum();
    assertThat(kept).as("places for %s ids", window).isLessThan(2 * window + 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 40, 50, 90})
  void anotherWindowKeepsTheNewest(int other) {
    MapStorage storage = new MapStorage(true);
    Key key = key(storage);
    key.rememberIds(50);
    for (int i = 0; i < 70; i++) {
      key.remember("id-" + i);
    }
    key.rememberIds(other);
    int kept = Math.min(50, other);
    for (int i = 0; i < 70; i++) {
      assertThat(key.seen("id-" + i)).as("id-%s of 70", i).isEqualTo(i >= 70 - kept);
    }
    key.rememberIds(0);
    key.rememberIds(50);
    assertThat(key.seen("id-69")).as("after it was switched off").isFalse();
  }

  /** A ring was allocated whole at the first id: 72,161 bytes for a window of 10,000. */
  @ParameterizedTest
  @ValueSource(ints = {10_000, 1_000_000})
  void oneIdCostsOnePlace(int window) {
    MapStorage storage = new MapStorage(true);
    Key key = key(storage);
    key.rememberIds(window);
    key.remember("only");
    assertThat(key.seen("only")).isTrue();
    assertThat(storage.recent().stream().mapToInt(b -> b.length).sum()).isEqualTo(2);
  }
}

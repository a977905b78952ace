package io.millrace.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoordinateTableTest {
  @Test
  void findsWhatWasAddedAndNothingElse() {
    Random random = new Random(2);
    CoordinateTable table = new CoordinateTable(3);
    Map<Integer, Integer> expected = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      // Runs, far multiples and any number, 0 and the largest among them.
      int j =
          switch (i % 4) {
            case 0 -> i;
            case 1 -> i << 12 & Integer.MAX_VALUE;
            case 2 -> random.nextInt() & Integer.MAX_VALUE;
            default -> Integer.MAX_VALUE - i;
          };
      if (table.find(j) == CoordinateTable.ABSENT) {
        assertThat(expected).doesNotContainKey(j);
        int at = table.add(j);
        expected.put(j, at);
        table.values()[at + 2] = j;
      }
      assertThat(table.find(j)).isEqualTo(expected.get(j));
    }
    assertThat(table.count()).isEqualTo(expected.size());
    CoordinateTable copy = table.copy();
    table.clear();
    assertThat(table.count()).isZero();
    expected.forEach(
        (j, at) -> {
          assertThat(copy.find(j)).isEqualTo(at);
          assertThat(copy.values()[at + 2]).isEqualTo((double) j);
          assertThat(table.find(j)).isEqualTo(CoordinateTable.ABSENT);
        });
  }

  @Test
  void whatStaysKeepsItsOrder() {
    CoordinateTable table = new CoordinateTable(2);
    for (int j = 0; j < 100; j++) {
      int at = table.add(5 * j);
      table.values()[at + 1] = j;
    }
    BitSet even = new BitSet();
    IntStream.range(0, 50).forEach(i -> even.set(2 * i));
    table.remove(even);
    assertThat(table.count()).isEqualTo(50);
    for (int j = 0; j < 100; j++) {
      int at = table.find(5 * j);
      assertThat(at).isEqualTo(j % 2 == 0 ? CoordinateTable.ABSENT : j / 2 * 2);
      assertThat(at < 0 ? j : table.values()[at + 1]).isEqualTo((double) j);
    }
    int again = table.add(0);
    assertThat(again).isEqualTo(100);
    assertThat(table.values()[again + 1]).as("a new record is zero").isZero();
    table.remove(new BitSet());
    assertThat(table.count()).isEqualTo(51);
  }

  @Test
  void aCoordinateCostsWhatIsSaid() {
    for (int n : new int[] {1, 50, 1000}) {
      CoordinateTable table = new CoordinateTable(11);
      for (int j = 0; j < n; j++) {
        table.add(7 * j);
      }
      assertThat(table.bytes()).isEqualTo(n * (4 + 88L));
      assertThat(table.copy().heapBytes()).isLessThanOrEqualTo(64 + CoordinateTable.bytes(n, 11));
      assertThat(table.heapBytes()).isLessThan(500 + 3 * CoordinateTable.bytes(n, 11) / 2);
    }
  }

  @Test
  void isWrittenAndReadWithEveryBit() {
    CoordinateTable table = new CoordinateTable(2);
    double[] numbers = {-0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 1, 2};
    for (int i = 0; i < 3; i++) {
      int at = table.add(Integer.MAX_VALUE - i);
      System.arraycopy(numbers, 2 * i, table.values(), at, 2);
    }
    BlockWriter writer = new BlockWriter();
    int length = writer.begin(1).table("t", table).table("none", new CoordinateTable(5)).finish();
    BlockReader reader = new BlockReader();
    reader.open(writer.array(), 0, length, "test");
    assertThat(reader.next()).isTrue();
    CoordinateTable read = reader.table();
    assertThat(read.width()).isEqualTo(2);
    assertThat(read.values()).isEqualTo(numbers);
    assertThat(read.find(Integer.MAX_VALUE - 1)).isEqualTo(2);
    assertThat(reader.next()).isTrue();
    assertThat(reader.table().count()).isZero();
    assertThat(reader.next()).isFalse();
  }

  @Test
  void damageIsSeen() {
    assertThatThrownBy(() -> CoordinateTable.of(1, new int[] {4, 5, 4}, new double[3]))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("coordinate 4 is negative or comes twice");
    assertThatThrownBy(() -> CoordinateTable.of(1, new int[] {-1}, new double[1]))
        .isInstanceOf(StateException.class);
    assertThatThrownBy(() -> CoordinateTable.of(2, new int[] {1}, new double[1]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("1 numbers for 1 records of 2");
    assertThatThrownBy(() -> new StateSchema.Builder().table("t", 0))
        .hasMessageContaining("records of 0 numbers");
  }
}

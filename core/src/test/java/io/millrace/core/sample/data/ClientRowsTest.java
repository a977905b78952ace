package io.millrace.core.sample.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.features.Rows;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of a client, kept and frozen. */
class ClientRowsTest {
  private static final int WIDTH = 2;

  /** A client that takes in rows with the features i and -i, the label i/2 and the weight i/4. */
  private static final class Client {
    final ClientRows rows;
    final String id;
    LearnerState arrivals;
    LearnerState kept;
    private final Rows row = new Rows(true);

    Client(Keeping keeping, int capacity, String id) {
      this.rows = new ClientRows(keeping, capacity, WIDTH, 5);
      this.id = id;
      this.arrivals = new LearnerState(rows.arrivalsSchema());
      this.kept = new LearnerState(rows.keptSchema());
    }

    void take(int from, int to) {
      for (int i = from; i < to; i++) {
        if (rows.isDue(arrivals)) {
          rows.settle(arrivals, kept, id);
        }
        row.clear();
        row.beginRow();
        row.add(i);
        row.add(-i);
        row.endRow(i / 2.0, i / 4.0);
        rows.append(arrivals, row, 0);
      }
    }

    LearnerState freeze() {
      LearnerState frozen = new LearnerState(rows.frozenSchema());
      long version = rows.freeze(arrivals, kept, frozen, id);
      assertThat(version).isEqualTo(rows.arrived(arrivals)).isEqualTo(rows.version(frozen));
      return frozen;
    }

    /** First features of the rows of a copy, the rest of each row checked against it. */
    List<Integer> read(LearnerState frozen) {
      Rows out = new Rows(true);
      rows.load(frozen, out);
      List<Integer> first = new ArrayList<>();
      for (int i = 0; i < out.count(); i++) {
        double v = out.value()[out.start(i)];
        assertThat(out.value()[out.start(i) + 1]).isEqualTo(-v);
        assertThat(out.end(i) - out.start(i)).isEqualTo(WIDTH);
        assertThat(out.label(i)).isEqualTo(v / 2);
        assertThat(out.weight(i)).isEqualTo(v / 4);
        first.add((int) v);
      }
      assertThat(first).hasSize(rows.rows(frozen));
      return first;
    }
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @Test
  void allRowsAreKeptInTheirOrderAndMoreThanThereIsRoomForAreNotTaken() {
    Client client = new Client(Keeping.ALL, 150, "a");
    client.take(0, 150);
    assertThat(client.read(client.freeze())).isEqualTo(range(0, 150));
    assertThat(client.rows.hasRoom(client.arrivals)).isFalse();
    assertThatThrownBy(() -> client.take(150, 151)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWindowHasTheLastRowsOldestFirst() {
    Client client = new Client(Keeping.WINDOW, 100, "a");
    client.take(0, 30);
    assertThat(client.read(client.freeze())).isEqualTo(range(0, 30));
    client.take(30, 100);
    assertThat(client.read(client.freeze())).isEqualTo(range(0, 100));
    client.take(100, 337);
    assertThat(client.read(client.freeze())).isEqualTo(range(237, 337));
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void aFrozenCopyStaysAsItIsWhileRowsCome(Keeping keeping) {
    Client client = new Client(keeping, 1000, "a");
    client.take(0, 700);
    LearnerState frozen = client.freeze();
    List<Integer> before = client.read(frozen);
    client.take(700, 1000);
    client.freeze();
    assertThat(client.read(frozen)).isEqualTo(before);
    assertThat(client.rows.version(frozen)).isEqualTo(700);
  }

  /** Settling and freezing in between, and copies of the states, change nothing. */
  @ParameterizedTest
  @EnumSource(Keeping.class)
  void whatIsKeptIsAFunctionOfTheSequenceOfRows(Keeping keeping) {
    int all = keeping == Keeping.ALL ? 200 : 1000;
    Client straight = new Client(keeping, 200, "a");
    straight.take(0, all);
    Client halting = new Client(keeping, 200, "a");
    for (int i = 0; i < all; i += 7) {
      halting.take(i, Math.min(i + 7, all));
      halting.arrivals = halting.arrivals.copy();
      halting.kept = halting.kept.copy();
      if (i % 3 == 0) {
        halting.freeze();
      } else if (i % 3 == 1) {
        halting.rows.settle(halting.arrivals, halting.kept, "a");
      }
    }
    assertThat(halting.read(halting.freeze())).isEqualTo(straight.read(straight.freeze()));
  }

  /** Each of 40 rows is among 10 kept with probability 1/4, whenever it came. */
  @Test
  void aReservoirIsAUniformSample() {
    int clients = 4000;
    int[] kept = new int[40];
    for (int c = 0; c < clients; c++) {
      Client client = new Client(Keeping.RESERVOIR, 10, "client-" + c);
      client.take(0, 40);
      List<Integer> rows = client.read(client.freeze());
      assertThat(rows).hasSize(10).doesNotHaveDuplicates();
      rows.forEach(r -> kept[r]++);
    }
    double sd = Math.sqrt(clients * 0.25 * 0.75);
    for (int r = 0; r < 40; r++) {
      assertThat((double) kept[r]).as("row %d", r).isCloseTo(clients * 0.25, within(5 * sd));
    }
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void noBlockGrowsBeyondWhatIsTold(Keeping keeping) {
    Client client = new Client(keeping, 100, "a");
    client.take(0, 100);
    client.freeze();
    if (keeping != Keeping.ALL) {
      client.take(100, 290);
    }
    client.freeze();
    assertThat(client.arrivals.bytes()).isLessThanOrEqualTo(client.rows.arrivalsBytes());
    assertThat(client.kept.bytes()).isEqualTo(client.rows.keptBytes());
    assertThat(client.freeze().bytes()).isEqualTo(client.rows.frozenBytes());
  }

  @Test
  void whatFitsIntoNoArrayIsRefused() {
    assertThatThrownBy(() -> new ClientRows(Keeping.ALL, 100_000_000, 10, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be at most 2147483639; keep fewer rows");
  }
}

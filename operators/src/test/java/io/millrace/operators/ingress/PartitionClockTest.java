package io.millrace.operators.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Label;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where among a partition's events its time is told. */
class PartitionClockTest {
  private static final long STEP = 1000;
  private static final long RECORD = 1_700_000_000_000L;

  private final EventRouter router =
      new EventRouter(new RouterOptions(Wire.TOPICS, Wire.ALL_KINDS, 1 << 20, 256));
  private final TimeReader times = new TimeReader(Wire.ALL_KINDS, Wire.TIMES);
  private PartitionClock clock = new PartitionClock(times, STEP, PartitionClock.State.START);
  private long offset;

  private RoutedEvent event(int topic, byte[] value) {
    byte[] key = "k".getBytes(StandardCharsets.UTF_8);
    return router.route(topic, 3, offset++, RECORD, key, value);
  }

  private RoutedEvent example(int topic, long time) {
    return event(topic, Wire.example("k", "id", time, 1.0, 1.0, Wire.dense(1)));
  }

  @Test
  void tellsTheLeastTimeOfEachBlockOncePerStep() {
    List<String> told = new ArrayList<>();
    for (int i = 1; i <= 8 * PartitionClock.BLOCK; i++) {
      RoutedEvent event = example(0, i * 20);
      RoutedEvent time = clock.take(event);
      if (time != null) {
        assertThat(time.kind).isEqualTo(RoutedEvent.TIME);
        assertThat(time.partition).isEqualTo(3);
        assertThat(time.offset).isEqualTo(event.offset);
        told.add(i + ": " + time.timestamp);
      }
    }
    assertThat(told).containsExactly("32: 20", "96: 1300", "160: 2580", "192: 3220", "256: 4500");
  }

  @Test
  void goesOnFromItsStateAfterEveryEvent() {
    PartitionClock undisturbed = new PartitionClock(times, STEP, PartitionClock.State.START);
    int told = 0;
    for (int i = 0; i < 10 * PartitionClock.BLOCK; i++) {
      RoutedEvent event = example(0, i * 20);
      RoutedEvent expected = undisturbed.take(event);
      assertThat(clock.take(event)).usingRecursiveComparison().isEqualTo(expected);
      told += expected == null ? 0 : 1;
      clock = new PartitionClock(times, STEP, clock.state());
    }
    assertThat(told).isGreaterThan(4);
  }

  @Test
  void aWrongClockMovesNothingUnlessItIsAllThereIs() {
    List<Long> told = new ArrayList<>();
    for (int i = 0; i < 20 * PartitionClock.BLOCK; i++) {
      RoutedEvent time = clock.take(example(0, i % 10 == 0 ? 5 + i : RECORD + 3_000_000));
      if (time != null) {
        told.add(time.timestamp);
      }
      // Further ahead than is allowed: is going to be a dead letter, and counts for nothing.
      assertThat(clock.take(example(0, RECORD + 4_000_000))).isNull();
    }
    assertThat(told).containsExactly(5L);
  }

  @Test
  void onlyExamplesOfTheFirstTopicMoveTime() {
    Label label = new Label("k", "id", Instant.ofEpochMilli(RECORD), 1.0, null);
    for (int i = 0; i < 100; i++) {
      assertThat(clock.take(event(0, SingleObject.encode(label)))).isNull();
      assertThat(clock.take(example(1, RECORD))).isNull();
      assertThat(clock.take(event(0, new byte[] {1, 2, 3}))).isNull();
    }
    assertThat(clock.state()).isEqualTo(PartitionClock.State.START);
    List<Long> told = new ArrayList<>();
    for (int i = 0; i < PartitionClock.BLOCK; i++) {
      var item = Wire.item("", 7, 1.0, null, Wire.dense(1));
      for (byte[] batch : List.of(Wire.batch("k", item, item), Wire.batch("k"))) {
        RoutedEvent time = clock.take(event(0, batch));
        if (time != null) {
          told.add(time.timestamp);
        }
      }
    }
    assertThat(told).containsExactly(7L);
  }
}

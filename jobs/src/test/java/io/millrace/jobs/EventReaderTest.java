package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.ingress.ClockOptions;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.ingress.PartitionClock;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.InputStatus;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The clock of a partition goes where its split goes. */
class EventReaderTest {
  private static final long STEP = 1000;
  private static final long RECORD = 1_700_000_000_000L;
  private static final SplitSerializer SERIALIZER =
      new SplitSerializer(new KafkaPartitionSplitSerializer());

  private static final int PARTITIONS = 3;
  private static final int RUNS = 6;
  private static final int EVENTS = 100;

  /** Stands for Flink's reader: each poll gives the next event of each split, until it ends. */
  private static final class Scripted implements SourceReader<RoutedEvent, KafkaPartitionSplit> {
    private final Map<String, KafkaPartitionSplit> splits = new LinkedHashMap<>();
    private final Map<String, SourceOutput<RoutedEvent>> outputs = new HashMap<>();
    private final long end;

    Scripted(long end) {
      this.end = end;
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> added) {
      added.forEach(s -> splits.put(s.splitId(), s));
    }

    @Override
    public InputStatus pollNext(ReaderOutput<RoutedEvent> output) {
      for (KafkaPartitionSplit split : List.copyOf(splits.values())) {
        String id = split.splitId();
        long next = split.getStartingOffset();
        if (next >= end) {
          splits.remove(id);
          output.releaseOutputForSplit(id);
          continue;
        }
        outputs
            .computeIfAbsent(id, output::createOutputForSplit)
            .collect(example(split.getPartition(), next), RECORD);
        splits.put(id, new KafkaPartitionSplit(split.getTopicPartition(), next + 1));
      }
      return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
      return List.copyOf(splits.values());
    }

    @Override
    public void start() {}

    @Override
    public CompletableFuture<Void> isAvailable() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
  }

  /** What a job would get: event by event, and the times between them. */
  private static final class Taken implements ReaderOutput<RoutedEvent> {
    final List<String> events = new ArrayList<>();
    boolean lost;

    @Override
    public void collect(RoutedEvent event) {
      throw new AssertionError("every record has a timestamp");
    }

    @Override
    public void collect(RoutedEvent event, long timestamp) {
      assertThat(timestamp).isEqualTo(RECORD);
      if (lost) {
        return;
      }
      String where = event.partition + "@" + event.offset;
      events.add(event.kind == RoutedEvent.TIME ? where + " time " + event.timestamp : where);
    }

    @Override
    public SourceOutput<RoutedEvent> createOutputForSplit(String split) {
      return this;
    }

    @Override
    public void releaseOutputForSplit(String split) {}

    @Override
    public void emitWatermark(Watermark watermark) {}

    @Override
    public void markIdle() {}

    @Override
    public void markActive() {}
  }

  private static RoutedEvent example(int partition, long offset) {
    Instant time = Instant.ofEpochMilli(offset * (20 + partition));
    Example e = new Example("k", "", time, 1.0, 1.0, new DenseFeatures(List.of(1f)));
    byte[] value = SingleObject.encode(e);
    int kind = EventKind.EXAMPLE.code();
    return new RoutedEvent(kind, 0, partition, offset, RECORD, null, "k", null, value, null, null);
  }

  private static EventReader reader(long end, long step) {
    EventTimes times = new EventTimes(Duration.ofHours(1));
    ClockOptions clocks = new ClockOptions(List.of(EventKind.EXAMPLE), times, step);
    return new EventReader(new Scripted(end), UnaryOperator.identity(), clocks);
  }

  private static List<KafkaPartitionSplit> splits() {
    List<KafkaPartitionSplit> splits = new ArrayList<>();
    for (int p = 0; p < PARTITIONS; p++) {
      splits.add(new KafkaPartitionSplit(new TopicPartition("events", p), 0));
    }
    return splits;
  }

  private static void poll(EventReader reader, Taken taken, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      reader.pollNext(taken);
    }
  }

  private static List<String> of(int partition, List<String> events) {
    return events.stream().filter(e -> e.startsWith(partition + "@")).toList();
  }

  private static KafkaPartitionSplit written(KafkaPartitionSplit split) throws Exception {
    return SERIALIZER.deserialize(SERIALIZER.getVersion(), SERIALIZER.serialize(split));
  }

  /** Partitions move between subtasks at each restart; each keeps its place in its block. */
  @Test
  void restoredAndRescaledItTellsTheSameTimesBehindTheSameEvents() throws Exception {
    Taken expected = new Taken();
    EventReader undisturbed = reader(RUNS * EVENTS, STEP);
    undisturbed.addSplits(splits());
    poll(undisturbed, expected, RUNS * EVENTS);
    assertThat(expected.events).filteredOn(e -> e.contains("time")).hasSizeGreaterThan(20);

    Taken found = new Taken();
    List<KafkaPartitionSplit> kept = splits();
    for (int run = 0; run < RUNS; run++) {
      int parallelism = 1 + run % PARTITIONS;
      List<EventReader> readers = new ArrayList<>();
      for (int i = 0; i < parallelism; i++) {
        readers.add(reader(RUNS * EVENTS, STEP));
      }
      for (KafkaPartitionSplit split : kept) {
        readers.get((split.getPartition() + run) % parallelism).addSplits(List.of(written(split)));
      }
      kept = new ArrayList<>();
      for (EventReader reader : readers) {
        poll(reader, found, EVENTS);
        List<KafkaPartitionSplit> state = reader.snapshotState(run);
        kept.addAll(state);
        found.lost = true; // what comes behind the barrier, before the job fails
        poll(reader, found, 50);
        found.lost = false;
      }
    }
    for (int p = 0; p < PARTITIONS; p++) {
      assertThat(of(p, found.events)).isEqualTo(of(p, expected.events));
    }
  }

  @Test
  void whatEndsIsForgottenAndWhatBeginsHasAClockOfItsOwn() throws Exception {
    EventReader reader = reader(10, STEP);
    reader.addSplits(splits().subList(0, 1));
    Taken taken = new Taken();
    poll(reader, taken, 5);
    reader.addSplits(splits().subList(1, 2));
    poll(reader, taken, 3);
    assertThat(reader.snapshotState(1))
        .extracting(s -> ClockedSplit.clock(s).events())
        .containsExactly(8L, 3L);
    poll(reader, taken, 3);
    assertThat(reader.snapshotState(2)).hasSize(1);
    assertThat(taken.events).hasSize(16);
  }

  @Test
  void aJobThatDoesNotAskIsToldNothing() throws Exception {
    EventReader reader = reader(200, 0);
    reader.addSplits(splits());
    Taken taken = new Taken();
    poll(reader, taken, 150);
    assertThat(taken.events).hasSize(150 * PARTITIONS).noneMatch(e -> e.contains("time"));
    assertThat(reader.snapshotState(1))
        .extracting(ClockedSplit::clock)
        .containsOnly(PartitionClock.State.START);
  }
}

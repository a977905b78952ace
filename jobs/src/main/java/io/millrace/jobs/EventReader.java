package io.millrace.jobs;

import io.millrace.operators.ingress.ClockOptions;
import io.millrace.operators.ingress.PartitionClock;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.TimeReader;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;

/**
 * Flink's reader of Kafka, with a look at every partition before it is read and a clock for each,
 * see {@link PartitionClock}. Right behind an event that moves its clock far enough goes an event
 * that says so. The clock is kept with the offset of its partition, and goes with it to whichever
 * subtask reads on: where among a partition's events a time is told is the same in a restored job.
 */
@SuppressWarnings("try") // closing may throw what Flink's interface declares: anything
final class EventReader implements SourceReader<RoutedEvent, KafkaPartitionSplit> {
  private final SourceReader<RoutedEvent, KafkaPartitionSplit> kafka;
  private final UnaryOperator<List<KafkaPartitionSplit>> usable;
  private final ClockOptions options;
  private final TimeReader times;

  /** By id of the split; those that are being read. */
  private final Map<String, PartitionClock> clocks = new HashMap<>();

  private ClockedOutput output;

  /**
   * A reader around Flink's.
   *
   * @param usable which of some splits are to be read, and from where
   */
  EventReader(
      SourceReader<RoutedEvent, KafkaPartitionSplit> kafka,
      UnaryOperator<List<KafkaPartitionSplit>> usable,
      ClockOptions options) {
    this.kafka = kafka;
    this.usable = usable;
    this.options = options;
    this.times = new TimeReader(options.kinds(), options.times());
  }

  @Override
  public void addSplits(List<KafkaPartitionSplit> splits) {
    if (options.enabled()) {
      for (KafkaPartitionSplit s : splits) {
        clocks.put(s.splitId(), new PartitionClock(times, options.step(), ClockedSplit.clock(s)));
      }
    }
    kafka.addSplits(usable.apply(splits));
  }

  @Override
  public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
    List<KafkaPartitionSplit> splits = kafka.snapshotState(checkpointId);
    return options.enabled() ? splits.stream().map(this::clocked).toList() : splits;
  }

  private KafkaPartitionSplit clocked(KafkaPartitionSplit split) {
    return new ClockedSplit(split, clocks.get(split.splitId()).state());
  }

  @Override
  public InputStatus pollNext(ReaderOutput<RoutedEvent> to) throws Exception {
    if (!options.enabled()) {
      return kafka.pollNext(to);
    }
    if (output == null || output.to != to) {
      output = new ClockedOutput(to);
    }
    return kafka.pollNext(output);
  }

  @Override
  public void start() {
    kafka.start();
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return kafka.isAvailable();
  }

  @Override
  public void notifyNoMoreSplits() {
    kafka.notifyNoMoreSplits();
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    kafka.handleSourceEvents(event);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    kafka.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    kafka.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {
    kafka.pauseOrResumeSplits(pause, resume);
  }

  @Override
  public void close() throws Exception {
    kafka.close();
  }

  /** Where the reader's outputs for splits come from; Flink's reader uses no other. */
  private final class ClockedOutput implements ReaderOutput<RoutedEvent> {
    private final ReaderOutput<RoutedEvent> to;

    ClockedOutput(ReaderOutput<RoutedEvent> to) {
      this.to = to;
    }

    @Override
    public SourceOutput<RoutedEvent> createOutputForSplit(String split) {
      return new SplitOutput(to.createOutputForSplit(split), clocks.get(split));
    }

    @Override
    public void releaseOutputForSplit(String split) {
      clocks.remove(split);
      to.releaseOutputForSplit(split);
    }

    @Override
    public void collect(RoutedEvent event) {
      throw new IllegalStateException("an event of no split: " + event);
    }

    @Override
    public void collect(RoutedEvent event, long timestamp) {
      collect(event);
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      to.emitWatermark(watermark);
    }

    @Override
    public void markIdle() {
      to.markIdle();
    }

    @Override
    public void markActive() {
      to.markActive();
    }
  }

  /** The events of one split, and the times that it has come to. */
  private static final class SplitOutput implements SourceOutput<RoutedEvent> {
    private final SourceOutput<RoutedEvent> to;
    private final PartitionClock clock;

    SplitOutput(SourceOutput<RoutedEvent> to, PartitionClock clock) {
      this.to = to;
      this.clock = clock;
    }

    @Override
    public void collect(RoutedEvent event) {
      to.collect(event);
      RoutedEvent time = clock.take(event);
      if (time != null) {
        to.collect(time);
      }
    }

    @Override
    public void collect(RoutedEvent event, long timestamp) {
      to.collect(event, timestamp);
      RoutedEvent time = clock.take(event);
      if (time != null) {
        to.collect(time, timestamp);
      }
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      to.emitWatermark(watermark);
    }

    @Override
    public void markIdle() {
      to.markIdle();
    }

    @Override
    public void markActive() {
      to.markActive();
    }
  }
}

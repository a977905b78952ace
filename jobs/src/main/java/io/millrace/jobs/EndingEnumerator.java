package io.millrace.jobs;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * Flink's enumerator of a Kafka source that reads up to an end, restored. It looks for partitions
 * once; where it finds no new one, it returns without telling its readers that no more splits come,
 * and a job that had read everything would wait for ever. This one tells them.
 */
final class EndingEnumerator implements SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> {
  private final SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator;
  private final Context context;

  private EndingEnumerator(
      SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator, Context context) {
    this.enumerator = enumerator;
    this.context = context;
  }

  /** Makes the enumerator that is restored. */
  interface Restore {
    SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> with(
        SplitEnumeratorContext<KafkaPartitionSplit> context) throws Exception;
  }

  static EndingEnumerator of(SplitEnumeratorContext<KafkaPartitionSplit> context, Restore restore)
      throws Exception {
    Context counting = new Context(context);
    return new EndingEnumerator(restore.with(counting), counting);
  }

  @Override
  public void start() {
    enumerator.start();
  }

  @Override
  public void handleSplitRequest(int subtask, String host) {
    enumerator.handleSplitRequest(subtask, host);
  }

  @Override
  public void addSplitsBack(List<KafkaPartitionSplit> splits, int subtask) {
    enumerator.addSplitsBack(splits, subtask);
  }

  @Override
  public void addReader(int subtask) {
    enumerator.addReader(subtask);
    if (context.looked) {
      context.signalNoMoreSplits(subtask);
    }
  }

  @Override
  public KafkaSourceEnumState snapshotState(long checkpointId) throws Exception {
    return enumerator.snapshotState(checkpointId);
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    enumerator.handleSourceEvent(subtask, event);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    enumerator.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    enumerator.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void close() throws IOException {
    enumerator.close();
  }

  /** Sees when the look for partitions has led to nothing more that is to be done. */
  private static final class Context implements SplitEnumeratorContext<KafkaPartitionSplit> {
    private final SplitEnumeratorContext<KafkaPartitionSplit> context;
    private boolean looked;
    private long calls;

    Context(SplitEnumeratorContext<KafkaPartitionSplit> context) {
      this.context = context;
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
      calls++;
      context.callAsync(
          callable,
          (result, failure) -> {
            long before = calls;
            handler.accept(result, failure);
            if (failure == null && calls == before) {
              looked = true;
              context.registeredReaders().keySet().forEach(context::signalNoMoreSplits);
            }
          });
    }

    @Override
    public <T> void callAsync(
        Callable<T> callable, BiConsumer<T, Throwable> handler, long initialDelay, long period) {
      context.callAsync(callable, handler, initialDelay, period);
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
      return context.metricGroup();
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
      context.sendEventToSourceReader(subtask, event);
    }

    @Override
    public void sendEventToSourceReader(int subtask, int attempt, SourceEvent event) {
      context.sendEventToSourceReader(subtask, attempt, event);
    }

    @Override
    public int currentParallelism() {
      return context.currentParallelism();
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
      return context.registeredReaders();
    }

    @Override
    public Map<Integer, Map<Integer, ReaderInfo>> registeredReadersOfAttempts() {
      return context.registeredReadersOfAttempts();
    }

    @Override
    public void assignSplits(SplitsAssignment<KafkaPartitionSplit> assignment) {
      context.assignSplits(assignment);
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
      context.signalNoMoreSplits(subtask);
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
      context.runInCoordinatorThread(runnable);
    }

    @Override
    public void setIsProcessingBacklog(boolean isProcessingBacklog) {
      context.setIsProcessingBacklog(isProcessingBacklog);
    }
  }
}

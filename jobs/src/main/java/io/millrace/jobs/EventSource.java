package io.millrace.jobs;

import io.millrace.operators.ingress.ClockOptions;
import io.millrace.operators.ingress.RoutedEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Flink's Kafka source, with a look at every partition before it is read, see {@link
 * RestoredSplits}, and a clock for each, see {@link EventReader}. The consumer itself is told to
 * reset no offset, so one that falls behind the log while the job runs fails, and the look after
 * the restart says what is gone.
 *
 * @param clocks what the clocks of the partitions go by
 * @param family names the metrics
 * @param properties of the consumer
 */
record EventSource(
    KafkaSource<RoutedEvent> kafka,
    RestoredSplits restored,
    ClockOptions clocks,
    String family,
    Properties properties)
    implements Source<RoutedEvent, KafkaPartitionSplit, KafkaSourceEnumState>,
        ResultTypeQueryable<RoutedEvent>,
        LineageVertexProvider {

  @Override
  public Boundedness getBoundedness() {
    return kafka.getBoundedness();
  }

  @Override
  public SourceReader<RoutedEvent, KafkaPartitionSplit> createReader(SourceReaderContext context)
      throws Exception {
    Counter lost =
        context.metricGroup().addGroup("millrace").addGroup(family).counter("lostOffsets");
    int subtask = context.getIndexOfSubtask();
    return new EventReader(
        kafka.createReader(context), splits -> usable(splits, subtask, lost), clocks);
  }

  private List<KafkaPartitionSplit> usable(
      List<KafkaPartitionSplit> splits, int subtask, Counter lost) {
    try (BrokerLog log = new BrokerLog(properties, subtask)) {
      return restored.usable(splits, log, lost::inc);
    }
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context) {
    return kafka.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state)
      throws Exception {
    KafkaSourceEnumState kept = restored.withoutRetired(state);
    return getBoundedness() == Boundedness.BOUNDED
        ? EndingEnumerator.of(context, c -> kafka.restoreEnumerator(c, kept))
        : kafka.restoreEnumerator(context, kept);
  }

  @Override
  public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
    return new SplitSerializer(kafka.getSplitSerializer());
  }

  @Override
  public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
    return kafka.getEnumeratorCheckpointSerializer();
  }

  @Override
  public TypeInformation<RoutedEvent> getProducedType() {
    return kafka.getProducedType();
  }

  @Override
  public LineageVertex getLineageVertex() {
    return kafka.getLineageVertex();
  }

  /** Asks the broker, with a consumer of its own if anything is asked at all. */
  private static final class BrokerLog implements RestoredSplits.Log, AutoCloseable {
    private final Properties properties;
    private final int subtask;
    private KafkaConsumer<byte[], byte[]> consumer;

    BrokerLog(Properties properties, int subtask) {
      this.properties = properties;
      this.subtask = subtask;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
      if (consumer == null) {
        Map<String, Object> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(k -> settings.put(k, properties.getProperty(k)));
        settings.put("client.id", properties.getProperty("client.id.prefix") + "-log-" + subtask);
        // What is written counts: the end of what is committed may go back while a leader changes.
        settings.put("isolation.level", "read_uncommitted");
        consumer =
            new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      }
      return consumer;
    }

    @Override
    public Map<TopicPartition, Long> begins(Collection<TopicPartition> partitions) {
      return consumer().beginningOffsets(partitions);
    }

    @Override
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
      return consumer().endOffsets(partitions);
    }

    @Override
    public void close() {
      if (consumer != null) {
        consumer.close();
      }
    }
  }
}

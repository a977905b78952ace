package io.millrace.jobs;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Where reading begins without a checkpoint, by {@link Settings#START}. No offset is ever reset:
 * the connector's own ways all let Kafka go elsewhere where an offset is gone. They also write the
 * strategy in lower case by the rules of the default locale, which {@code NONE} survives in all.
 */
enum FirstOffsets implements OffsetsInitializer {
  /** At the first record that is there. */
  EARLIEST {
    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
        Collection<TopicPartition> partitions, PartitionOffsetsRetriever kafka) {
      return beginnings(partitions);
    }
  },
  /** Behind the last record. */
  LATEST {
    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
        Collection<TopicPartition> partitions, PartitionOffsetsRetriever kafka) {
      return kafka.endOffsets(partitions);
    }
  },
  /** Where the consumer group of the job is; at the beginning where it is nowhere. */
  COMMITTED {
    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
        Collection<TopicPartition> partitions, PartitionOffsetsRetriever kafka) {
      Map<TopicPartition, Long> offsets = beginnings(partitions);
      offsets.putAll(kafka.committedOffsets(partitions));
      return offsets;
    }
  };

  private static Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    partitions.forEach(p -> offsets.put(p, KafkaPartitionSplit.EARLIEST_OFFSET));
    return offsets;
  }

  @Override
  @SuppressWarnings("deprecation") // the connector's interface has it
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.NONE;
  }
}

package io.millrace.jobs;

import io.millrace.operators.output.OutRecord;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Encoded records to one topic. All parts of a model go to the partition of its key, the one that
 * Kafka's own partitioner would choose for it.
 */
final class OutRecordSchema
    implements KafkaRecordSerializationSchema<OutRecord>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1;

  private final String topic;

  OutRecordSchema(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      OutRecord record, KafkaSinkContext context, Long timestamp) {
    int partitions = context.getPartitionsForTopic(topic).length;
    // The record's own time would be the event's, which may be older than the topic's retention.
    return new ProducerRecord<>(
        topic, record.partition(partitions), null, record.key, record.value);
  }

  /**
   * The topic, of which the sink must know all transactions to take back what a failure left open.
   */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(
            DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic)), new Properties()));
  }
}

package io.millrace.jobs;

import io.millrace.operators.output.OutRecord;
import io.millrace.operators.shell.StageFailure;
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

  /** What Kafka puts around key and value of a record. */
  private static final int FRAME = 128;

  private final String topic;
  private final long maxRequestBytes;

  /**
   * A schema.
   *
   * @param maxRequestBytes more than which the client does not send
   */
  OutRecordSchema(String topic, long maxRequestBytes) {
    this.topic = topic;
    this.maxRequestBytes = maxRequestBytes;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      OutRecord record, KafkaSinkContext context, Long timestamp) {
    long bytes =
        FRAME
            + (record.key == null ? 0 : record.key.length)
            + (record.value == null ? 0 : record.value.length);
    if (bytes > maxRequestBytes) {
      throw new StageFailure(
          "topic '"
              + topic
              + "': a record of "
              + bytes
              + " bytes is to be written, a Kafka request takes "
              + maxRequestBytes
              + "; raise kafka.properties.max.request.size and the topic's max.message.bytes");
    }
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

package io.millrace.jobs;

import io.millrace.operators.publish.OutRecord;
import io.millrace.schemas.Partitioner;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Encoded records to one topic. All parts of a model go to the partition of its key, the one that
 * Kafka's own partitioner would choose for it.
 */
final class OutRecordSchema implements KafkaRecordSerializationSchema<OutRecord> {
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
        topic,
        Partitioner.partition(record.partitionKey, partitions),
        null,
        record.key,
        record.value);
  }
}

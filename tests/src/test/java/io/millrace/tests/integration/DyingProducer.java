package io.millrace.tests.integration;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Kills the task that sends the parts of a model, in the middle of them: when some are at the
 * broker and some have not been sent. Named in {@code interceptor.classes}, which consumers read
 * too; there it does nothing.
 */
public final class DyingProducer
    implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
  private static final int ACKNOWLEDGED = 10;
  private static final int LEFT_AT_LEAST = 10;
  private static final AtomicInteger ACKS = new AtomicInteger();
  private static volatile String topic;
  private static volatile int parts;
  private static volatile boolean died;

  /** The end of the task, which no producer takes for a failure of its own. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("death injected by a test between two parts");
    }
  }

  /** Public because Kafka makes it. */
  public DyingProducer() {}

  /**
   * Lets the next model sent to a topic be the one.
   *
   * @param partCount how many parts it will have
   */
  static void arm(String modelsTopic, int partCount) {
    died = false;
    ACKS.set(0);
    parts = partCount;
    topic = modelsTopic;
  }

  static boolean died() {
    return died;
  }

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    if (record.topic().equals(topic)) {
      String key = new String(record.key(), StandardCharsets.UTF_8);
      int part = Integer.parseInt(key.substring(key.lastIndexOf('/') + 1));
      if (part == parts - LEFT_AT_LEAST) {
        try {
          Await.until("parts at the broker", () -> ACKS.get() >= ACKNOWLEDGED);
        } catch (Exception e) {
          throw new AssertionError(e);
        }
        topic = null;
        died = true;
        throw new Death();
      }
    }
    return record;
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
    if (exception == null && metadata.topic().equals(topic)) {
      ACKS.incrementAndGet();
    }
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> settings) {}
}

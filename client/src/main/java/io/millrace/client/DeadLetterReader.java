package io.millrace.client;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads a topic of dead letters from its beginning; of transactions only what was committed. Not
 * thread-safe.
 */
public final class DeadLetterReader implements AutoCloseable {
  private final TopicFollower follower;

  /**
   * One record of the topic.
   *
   * @param letter null if the record is not a dead letter
   * @param fault why it is not, else null
   */
  public record Entry(
      int partition, long offset, long timestampMillis, DeadLetter letter, String fault) {}

  /** Reads with a consumer of the caller's; {@link #close} closes it. */
  public DeadLetterReader(Consumer<byte[], byte[]> consumer, String topic) {
    this.follower = new TopicFollower(consumer, topic, System::nanoTime);
  }

  /** Connects. */
  public static DeadLetterReader open(KafkaAccess kafka, String clientId, String topic) {
    return new DeadLetterReader(kafka.consumer(clientId), topic);
  }

  /**
   * The next letters, in the order of each partition; empty if none came in time.
   *
   * @throws org.apache.kafka.common.KafkaException if the topic cannot be read
   */
  public List<Entry> poll(Duration timeout) {
    List<Entry> out = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r : follower.poll(timeout)) {
      DeadLetter letter = null;
      String fault = null;
      try {
        letter = SingleObject.standard().decode(DeadLetter.class, r.value());
      } catch (DecodeException e) {
        fault = r.topic() + "-" + r.partition() + "@" + r.offset() + ": " + e.getMessage();
      }
      out.add(new Entry(r.partition(), r.offset(), r.timestamp(), letter, fault));
    }
    return out;
  }

  /**
   * Where the event of a letter came from, as every message about it begins: {@code
   * events-3@10442}, and {@code events-3@10442[7]} for an item of a batch.
   */
  public static String address(DeadLetter letter) {
    return letter.getTopic()
        + "-"
        + letter.getPartition()
        + "@"
        + letter.getOffset()
        + (letter.getIndex() < 0 ? "" : "[" + letter.getIndex() + "]");
  }

  /** Whether all that was there at the first poll has been read. */
  public boolean caughtUp() {
    return follower.caughtUp();
  }

  @Override
  public void close() {
    follower.close();
  }
}

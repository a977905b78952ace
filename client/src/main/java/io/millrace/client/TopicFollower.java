package io.millrace.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic, all partitions, also those added later and also when the topic comes into being
 * later: from its beginning, from a time, or what comes from now on. One thread; {@link #stop} may
 * come from any.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
  private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long RETRY_MILLIS = 200;

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final LongSupplier nanoTime;
  private final Start start;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<TopicPartition, Long> history = new HashMap<>();
  private List<TopicPartition> partitions = List.of();
  private long refreshedAt;

  /** Where partitions that are found at first are read from. */
  @FunctionalInterface
  private interface Start {
    /**
     * Offsets to begin at.
     *
     * @param ends where the partitions end
     * @return partitions that are not in it are read from their beginning
     */
    Map<TopicPartition, Long> of(Map<TopicPartition, Long> ends);
  }

  /** Reads from the beginning. */
  TopicFollower(Consumer<byte[], byte[]> consumer, String topic, LongSupplier nanoTime) {
    this(consumer, topic, nanoTime, false);
  }

  /**
   * Reads the committed records of a topic.
   *
   * @param clientId names the reader in the broker's logs
   * @param since records that were written before are left out, by the timestamps of the topic;
   *     null: none is
   */
  public static TopicFollower open(
      KafkaAccess kafka, String clientId, String topic, Instant since) {
    Consumer<byte[], byte[]> consumer = kafka.consumer(clientId);
    Start start = since == null ? ends -> Map.of() : ends -> from(consumer, ends, since);
    return new TopicFollower(consumer, topic, System::nanoTime, start);
  }

  private static Map<TopicPartition, Long> from(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Instant since) {
    Map<TopicPartition, Long> wanted = new HashMap<>();
    ends.keySet().forEach(p -> wanted.put(p, since.toEpochMilli()));
    Map<TopicPartition, Long> offsets =
        new HashMap<>(ends); // nothing so new: what comes from now on
    consumer
        .offsetsForTimes(wanted)
        .forEach(
            (p, found) -> {
              if (found != null) {
                offsets.put(p, found.offset());
              }
            });
    return offsets;
  }

  /**
   * Reads.
   *
   * @param fromEnd whether partitions found at first are read from where they end then
   */
  TopicFollower(
      Consumer<byte[], byte[]> consumer, String topic, LongSupplier nanoTime, boolean fromEnd) {
    this(consumer, topic, nanoTime, fromEnd ? ends -> ends : ends -> Map.of());
  }

  private TopicFollower(
      Consumer<byte[], byte[]> consumer, String topic, LongSupplier nanoTime, Start start) {
    this.consumer = consumer;
    this.topic = topic;
    this.nanoTime = nanoTime;
    this.start = start;
  }

  /**
   * Finds the topic and where reading begins, so that what is written from now on is read.
   *
   * @return false: it was not there in time
   */
  boolean begin(Duration timeout) {
    long end = nanoTime.getAsLong() + timeout.toNanos();
    while (partitions.isEmpty() && !isStopped()) {
      try {
        refresh();
      } catch (RetriableException e) {
        LOG.warn("'{}' cannot be read just now: {}; trying again", topic, e.getMessage());
      }
      if (partitions.isEmpty()) {
        if (nanoTime.getAsLong() >= end) {
          return false;
        }
        pause(RETRY_MILLIS);
      }
    }
    return true;
  }

  /**
   * The next records; none if there are none in time, the topic is not there, or Kafka is not
   * reachable just now.
   *
   * @throws org.apache.kafka.common.KafkaException for what does not pass by itself
   */
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    try {
      if (partitions.isEmpty() || nanoTime.getAsLong() - refreshedAt > REFRESH_NANOS) {
        refresh();
      }
      if (!partitions.isEmpty()) {
        return consumer.poll(timeout);
      }
    } catch (WakeupException e) {
      LOG.debug("reading '{}' was stopped", topic);
      return ConsumerRecords.empty();
    } catch (RetriableException e) {
      LOG.warn("'{}' cannot be read just now: {}; trying again", topic, e.getMessage());
    }
    pause(Math.min(RETRY_MILLIS, timeout.toMillis()));
    return ConsumerRecords.empty();
  }

  /** Partitions found so far are kept where they are; new ones begin at their beginning. */
  private void refresh() {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    refreshedAt = nanoTime.getAsLong();
    if (found == null || found.size() <= partitions.size()) {
      return;
    }
    List<TopicPartition> all = new ArrayList<>();
    for (PartitionInfo p : found) {
      all.add(new TopicPartition(topic, p.partition()));
    }
    List<TopicPartition> added = new ArrayList<>(all);
    added.removeAll(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(added);
    Map<TopicPartition, Long> begin = partitions.isEmpty() ? start.of(ends) : Map.of();
    consumer.assign(all);
    begin.forEach(consumer::seek);
    added.removeAll(begin.keySet());
    if (!added.isEmpty()) { // of none Kafka would understand all
      consumer.seekToBeginning(added);
    }
    history.putAll(ends);
    partitions = List.copyOf(all);
  }

  private void pause(long millis) {
    try {
      boolean over = stopped.await(millis, TimeUnit.MILLISECONDS);
      LOG.trace("paused reading '{}', stopped: {}", topic, over);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the topic is there. */
  public boolean found() {
    return !partitions.isEmpty();
  }

  /** Whether all that was in the topic when it was found has been read. Remembered. */
  public boolean caughtUp() {
    if (partitions.isEmpty()) {
      return false;
    }
    try {
      history.entrySet().removeIf(e -> consumer.position(e.getKey()) >= e.getValue());
    } catch (WakeupException | RetriableException e) { // asked again after the next poll
      LOG.debug("positions in '{}' are not known: {}", topic, e.getMessage());
    }
    return history.isEmpty();
  }

  /** Records not read yet, as far as known without asking the broker; -1: not known. */
  long lag() {
    long sum = 0;
    for (TopicPartition p : partitions) {
      OptionalLong lag = consumer.currentLag(p);
      if (lag.isEmpty()) {
        return -1;
      }
      sum += Math.max(0, lag.getAsLong()); // the end known may be older than the position
    }
    return partitions.isEmpty() ? -1 : sum;
  }

  /** Whether {@link #stop} was called. */
  public boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Ends a poll in progress and all to come. Any thread. */
  public void stop() {
    stopped.countDown();
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
  }
}

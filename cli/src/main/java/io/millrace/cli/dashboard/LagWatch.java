package io.millrace.cli.dashboard;

import io.millrace.cli.console.Causes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds out how far jobs are behind their input, by the offsets that they commit with each
 * checkpoint. Not thread-safe.
 */
final class LagWatch implements AutoCloseable {
  private static final int SECONDS = 10;
  private static final int MOST_PARTITIONS = 4;
  private static final Duration READING = Duration.ofSeconds(2);

  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String groups;
  private final Trend trend = new Trend();

  /**
   * A watch.
   *
   * @param settings of a Kafka client
   * @param groups name of a job's group; with a slash at its end, what the names of several begin
   *     with
   */
  LagWatch(Map<String, Object> settings, String groups) {
    this.groups = groups;
    Map<String, Object> all = new HashMap<>(settings);
    all.put("default.api.timeout.ms", SECONDS * 1000);
    all.put("request.timeout.ms", SECONDS * 1000);
    admin = Admin.create(all);
    all.put("max.poll.records", 1);
    all.put("max.partition.fetch.bytes", 1 << 16);
    all.put("enable.auto.commit", "false");
    all.put("allow.auto.create.topics", "false");
    consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** How it goes on. */
  static final class Trend {
    private long lastLag = -1;
    private long lastRead = -1;
    private long growingSince;
    private long movedAt;
    private long usual;

    /**
     * Takes a look.
     *
     * @param lag records not read
     * @param read sum of the offsets up to which all is read
     * @param oldest see {@link Lag}
     * @param now in milliseconds
     */
    Lag at(long lag, long read, long oldest, long now) {
      if (lag > lastLag && lastLag >= 0) {
        growingSince = growingSince == 0 ? now : growingSince;
      } else if (lag < lastLag || lag == 0) {
        growingSince = 0;
      }
      if (read != lastRead || lag == 0) {
        // Offsets move with checkpoints, so what stands still for that long is not standing.
        usual = lastRead < 0 || lag == 0 ? usual : now - movedAt;
        movedAt = now;
      }
      lastLag = lag;
      lastRead = read;
      return new Lag(
          true,
          "",
          lag,
          oldest,
          growingSince == 0 ? 0 : now - growingSince,
          Math.max(0, now - movedAt - usual));
    }
  }

  /** How far behind now. */
  Lag look(long now) throws InterruptedException {
    try {
      Map<TopicPartition, Long> read = read();
      if (read.isEmpty()) {
        return Lag.unknown("no job of group " + groups + " has committed offsets yet");
      }
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      read.keySet().forEach(p -> asked.put(p, OffsetSpec.latest()));
      long lag = 0;
      long sum = 0;
      List<TopicPartition> behind = new ArrayList<>();
      for (var e : admin.listOffsets(asked).all().get(SECONDS, TimeUnit.SECONDS).entrySet()) {
        long at = read.get(e.getKey());
        sum += at;
        if (e.getValue().offset() > at) {
          lag += e.getValue().offset() - at;
          behind.add(e.getKey());
        }
      }
      return trend.at(lag, sum, oldest(behind, read), now);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return Lag.unknown(Causes.of(e));
    }
  }

  private Map<TopicPartition, Long> read()
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, ListConsumerGroupOffsetsSpec> wanted = new HashMap<>();
    for (GroupListing g : admin.listGroups().all().get(SECONDS, TimeUnit.SECONDS)) {
      boolean ours =
          groups.endsWith("/") ? g.groupId().startsWith(groups) : g.groupId().equals(groups);
      if (ours) {
        wanted.put(g.groupId(), new ListConsumerGroupOffsetsSpec());
      }
    }
    Map<TopicPartition, Long> read = new HashMap<>();
    if (!wanted.isEmpty()) {
      for (Map<TopicPartition, OffsetAndMetadata> offsets :
          admin.listConsumerGroupOffsets(wanted).all().get(SECONDS, TimeUnit.SECONDS).values()) {
        offsets.forEach(
            (p, o) -> {
              if (o != null) {
                read.merge(p, o.offset(), Math::min);
              }
            });
      }
    }
    return read;
  }

  /** When the oldest record was written that is not read; 0: not known. */
  private long oldest(List<TopicPartition> behind, Map<TopicPartition, Long> read) {
    List<TopicPartition> some = behind.subList(0, Math.min(MOST_PARTITIONS, behind.size()));
    long oldest = 0;
    for (TopicPartition p : some) {
      consumer.assign(List.of(p));
      consumer.seek(p, read.get(p));
      for (ConsumerRecord<byte[], byte[]> r : consumer.poll(READING)) {
        oldest = oldest == 0 ? r.timestamp() : Math.min(oldest, r.timestamp());
      }
    }
    return oldest;
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
    consumer.close();
  }
}

package io.millrace.tests.seam;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.JobConfig;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Reason;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Stack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A family of a few lines has what the large ones have: a job of its own that survives a kill. */
class TallyITCase {
  private static final int KEYS = 5;

  @TempDir static Path directory;

  @Test
  void aThirdFamilySurvivesTheLossOfItsTaskManager() throws Exception {
    try (Stack stack = Stack.start(directory, 1, 2)) {
      JobConfig config =
          JobConfig.parse(
              """
              job: tally
              name: tally
              kafka: {bootstrap-servers: "%s"}
              topics: {prefix: tally, partitions: 2}
              checkpoint: {interval: 200ms}
              restart: {delay: 10ms, max-delay: 100ms}
              watermarks: {lateness: 1ms}
              parallelism: 2
              """
                  .formatted(stack.broker().bootstrapServers()),
              List.of(Tally.FAMILY));
      JobID job = stack.submit(config);
      assertThat(stack.topic("tally.pongs").setting("cleanup.policy")).isEqualTo("delete");
      long start = System.currentTimeMillis() - 3_600_000;
      send(stack, start, 20);
      Await.until("the first pongs to come around", () -> Tally.SEEN.equals(all(20, 20, 0)));
      stack.checkpoint(job);
      send(stack, start + 1000, 30);
      Await.until("more than the checkpoint holds", () -> Tally.SEEN.get("k0").get(0) > 20);
      assertThat(stack.status(job)).isEqualTo(JobStatus.RUNNING);
      stack.cluster().terminateTaskManager(0).get();
      stack.cluster().startTaskManager();
      send(stack, start + 2000, 10);
      Await.until("all to be counted once", () -> Tally.SEEN.equals(all(60, 60, 0)));
      stack.awaitRestored(job);
      send(stack, start + 120_000, 1);
      // Watermarks pass the timers of all keys, which are at the last ping plus a minute.
      moveClocks(stack, start + 240_000);
      Map<String, List<Long>> woken = all(61, 61, 1);
      woken.put("late", List.of(2L, 2L, 0L));
      Await.until("the timers", () -> Tally.SEEN.equals(woken));
      stack.cancel(job);
      assertThat(stack.topic("tally.dead-letters").deadLetters())
          .extracting(DeadLetter::getReason)
          .containsOnly(Reason.NOT_SINGLE_OBJECT);
    }
  }

  private static Map<String, List<Long>> all(long pings, long pongs, long woken) {
    return IntStream.range(0, KEYS)
        .boxed()
        .collect(Collectors.toMap(k -> "k" + k, k -> List.of(pings, pongs, woken)));
  }

  /** Pings of every key, and one record that is none. */
  private static void send(Stack stack, long time, int rounds) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(stack)) {
      for (int i = 0; i < rounds; i++) {
        for (int k = 0; k < KEYS; k++) {
          send(producer, null, time + i, "k" + k, Tally.ping("k" + k, "note " + i));
        }
      }
      send(producer, null, time + rounds, "k0", "junk".getBytes(StandardCharsets.UTF_8));
    }
  }

  /** One more key's pings, at a time that the clock of every partition goes to. */
  private static void moveClocks(Stack stack, long time) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(stack)) {
      for (int partition = 0; partition < 2; partition++) {
        byte[] ping = Tally.ping("late", "moves the clock");
        send(producer, partition, time, "late", ping);
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Stack stack) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", stack.broker().bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      Integer partition,
      long time,
      String key,
      byte[] value)
      throws Exception {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>("tally.pings", partition, time, k, value)).get();
  }
}

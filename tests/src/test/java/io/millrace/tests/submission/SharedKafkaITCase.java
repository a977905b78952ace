package io.millrace.tests.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.KafkaTopics;
import io.millrace.jobs.Settings;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Events;
import io.millrace.tests.integration.Stack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka that a job does not have to itself: other jobs, and topics that others have made. */
class SharedKafkaITCase {
  private static final int KEYS = 3;
  private static final Events EVENTS = new Events(KEYS);

  @TempDir static Path directory;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 1, 4);
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
  }

  /** A job with the default name. */
  private static JobConfig nameless(String prefix, String interval) {
    return JobConfig.parse(
        """
        kafka: {bootstrap-servers: "%1$s"}
        topics: {prefix: %2$s, labels: %2$s.examples, control: %2$s.examples}
        model: {classes: [DOWN, UP]}
        features: {dimension: 5}
        optimizer: {name: sgd}
        snapshots: {every-examples: 1}
        checkpoint: {interval: %3$s}
        restart: {delay: 10ms, max-delay: 100ms}
        parallelism: 1
        """
            .formatted(stack.broker().bootstrapServers(), prefix, interval));
  }

  /** Versions that are committed, by key, in order. */
  private static Map<String, List<Long>> versions(JobConfig config) throws Exception {
    Map<String, List<Long>> versions = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(config.topic(Settings.MODELS)).read()) {
      versions
          .computeIfAbsent(new String(r.key(), StandardCharsets.UTF_8), k -> new ArrayList<>())
          .add(SnapshotCodec.decode(r.value()).getVersion());
    }
    return versions;
  }

  /** Both restarted, and 45 of 229 committed versions of one were missing. */
  @Test
  void twoJobsWithTheDefaultNameDoNotHarmEachOther() throws Exception {
    List<JobConfig> configs = List.of(nameless("one", "300ms"), nameless("two", "300ms"));
    List<JobID> jobs = new ArrayList<>();
    for (JobConfig config : configs) {
      jobs.add(stack.submit(config));
    }
    int rounds = 40;
    for (int round = 0; round < rounds; round += 10) {
      for (JobConfig config : configs) {
        stack.topic(config.inputTopics().get(0)).send(EVENTS.rounds(round, round + 10));
      }
    }
    for (int i = 0; i < 2; i++) {
      JobConfig config = configs.get(i);
      Await.until(
          "every key's models",
          () -> {
            Map<String, List<Long>> seen = versions(config);
            return seen.size() == KEYS && seen.values().stream().allMatch(v -> v.size() >= 30);
          });
      assertThat(stack.attempts(jobs.get(i))).isZero();
      stack.cancel(jobs.get(i));
      versions(config)
          .forEach(
              (key, v) ->
                  assertThat(v)
                      .as(key)
                      .containsExactlyElementsOf(
                          LongStream.rangeClosed(1, v.size()).boxed().toList()));
    }
  }

  /** The second one fenced the first, the first the second, and so on. */
  @Test
  void aSecondJobUnderTheSameIdIsRefusedAtSubmission() throws Exception {
    JobConfig config = nameless("same", "1s");
    JobID job = stack.submit(config);
    AtomicBoolean enough = new AtomicBoolean();
    AtomicReference<Exception> failure = new AtomicReference<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int round = 0; !enough.get(); round++) {
                  stack.topic("same.examples").send(EVENTS.rounds(round, round + 1));
                }
              } catch (Exception e) {
                failure.set(e);
              }
            },
            "events");
    writer.start();
    try {
      Await.until("the job to write", () -> !versions(config).isEmpty());
      Await.until(
          "a refusal, which an instant between two transactions may delay",
          () -> {
            try {
              KafkaTopics.prepare(config);
              return false;
            } catch (ConfigException e) {
              assertThat(e)
                  .hasMessageContaining("name = 'same-learn', topics.prefix = 'same'")
                  .hasMessageContaining("another job writes in transactions of that name now");
              return true;
            }
          });
      assertThat(KafkaTopics.look(config).answered()).as("a look harms nobody").isTrue();
    } finally {
      enough.set(true);
      writer.join();
    }
    assertThat(failure.get()).isNull();
    stack.cancel(job);
    KafkaTopics.prepare(config); // nobody adds to what the cancelled job has left
  }

  /** All were accepted: models vanished with retention, or the job restarted for ever. */
  @Test
  void topicsThatAreThereMustBeFit() throws Exception {
    stack.topic("unfit.models").create(1, Map.of("max.message.bytes", "500"));
    stack.topic("unfit.metrics").create(1, Map.of("cleanup.policy", "compact"));
    stack.topic("unfit.examples").create(2, Map.of("cleanup.policy", "compact,delete"));
    stack.topic("unfit.dead-letters").create(1, Map.of("max.message.bytes", "100000"));
    JobConfig config = nameless("unfit", "300ms");
    for (Runnable way :
        List.<Runnable>of(() -> KafkaTopics.look(config), () -> KafkaTopics.prepare(config))) {
      assertThatThrownBy(way::run)
          .isInstanceOfSatisfying(
              ConfigException.class, e -> assertThat(e.faults()).as("%s", e.faults()).hasSize(5))
          .hasMessageContaining("'unfit.models': cleanup.policy is 'delete'; must be 'compact'")
          .hasMessageContaining("'unfit.models': max.message.bytes is 500; must be at least")
          .hasMessageContaining("snapshots.part-bytes = 921600")
          .hasMessageContaining("'unfit.metrics': cleanup.policy is 'compact'; must be 'delete'")
          .hasMessageContaining("'unfit.examples': cleanup.policy is 'compact,delete'")
          .hasMessageContaining("'unfit.dead-letters': max.message.bytes is 100000");
    }
  }

  @Test
  void aLookCreatesNothingAndSaysWhatWillBe() throws Exception {
    KafkaTopics.Look look = KafkaTopics.look(nameless("looked", "300ms"));
    assertThat(look.answered()).isTrue();
    assertThat(look.notes())
        .contains("topic 'looked.models': does not exist, the job will create it");
    assertThat(KafkaTopics.prepare(nameless("looked", "300ms")).created())
        .contains("looked.models", "looked.examples");
    JobConfig more =
        JobConfig.parse(
            """
            kafka: {bootstrap-servers: "%s"}
            topics: {prefix: looked, partitions: 7}
            features: {dimension: 5}
            """
                .formatted(stack.broker().bootstrapServers()));
    assertThat(KafkaTopics.look(more).notes())
        .anyMatch(n -> n.startsWith("topic 'looked.examples': has 1 partitions, and keeps them"));
  }
}

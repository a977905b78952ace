package io.millrace.tests.submission;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.JobConfig;
import io.millrace.jobs.Settings;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Events;
import io.millrace.tests.integration.Stack;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job reads, where its input is no longer what it was, or where the JVM speaks Turkish. */
class LostInputITCase {
  private static final Events EVENTS = new Events(2);
  private static final String LEARN =
      """
      model: {loss: logistic, classes: [DOWN, UP]}
      features: {kind: dense, dimension: 5, scaling: none}
      optimizer: {name: sgd, learning-rate: 0.1}
      snapshots: {every-examples: 1}
      """;

  @TempDir static Path directory;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 1, 2);
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
  }

  private static JobConfig config(String name, String yaml) {
    return stack.config(name, name + ".events", 1, LEARN + yaml);
  }

  /** Of the last model that is published: examples that any key has learned, over all keys. */
  private static long learned(JobConfig config) throws Exception {
    long most = 0;
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(config.topic(Settings.MODELS)).read()) {
      ModelSnapshot model = SnapshotCodec.decode(r.value());
      most = Math.max(most, model.getCounters().get("examples"));
    }
    return most;
  }

  private static String learnAndStop(String name) throws Exception {
    stack.topic(name + ".events").create(1, Map.of());
    JobConfig config = config(name, "");
    stack.topic(name + ".events").send(EVENTS.rounds(0, 20));
    JobID job = stack.submit(config);
    Await.until("models", () -> learned(config) > 0);
    return stack.stop(job);
  }

  /** 50 records that retention took while the job was down were skipped without a word. */
  @Test
  void recordsThatAreGoneEndTheJobOrAreCounted() throws Exception {
    String savepoint = learnAndStop("lost");
    stack.topic("lost.events").send(EVENTS.rounds(20, 40));
    TopicPartition partition = new TopicPartition("lost.events", 0);
    long end;
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", stack.broker().bootstrapServers()))) {
      end =
          admin
              .listOffsets(Map.of(partition, OffsetSpec.latest()))
              .all()
              .get()
              .get(partition)
              .offset();
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(end - 3))).all().get();
    }
    for (String from : List.of("earliest", "latest")) {
      JobID refused = stack.submit(config("lost", "start: %s\n".formatted(from)), savepoint);
      assertThat(stack.failure(refused))
          .containsPattern(
              "topic 'lost.events' partition 0: offsets \\d+ to %d are gone".formatted(end - 4));
      assertThat(stack.attempts(refused)).as("no restart could mend it").isZero();
    }
    JobConfig onward = config("lost", "on-lost-offsets: continue\n");
    long before = learned(onward);
    JobID job = stack.submit(onward, savepoint);
    stack.topic("lost.events").send(EVENTS.rounds(40, 60));
    Await.until("more models", () -> learned(onward) > before);
    assertThat(stack.attempts(job)).isZero();
    stack.cancel(job);
  }

  /** The restored job threw a NullPointerException for ever. */
  @Test
  void aRenamedTopicIsRefusedUnlessItIsRetired() throws Exception {
    String savepoint = learnAndStop("renamed");
    String yaml = LEARN + "metrics: {every-examples: 1}\n";
    JobID refused = stack.submit(stack.config("renamed", "renamed.anew", 1, yaml), savepoint);
    assertThat(stack.failure(refused))
        .contains("the savepoint reads topic 'renamed.events', partition 0 from offset")
        .contains("topics.retired");
    assertThat(stack.attempts(refused)).isZero();

    JobConfig retired =
        stack.config("renamed", "renamed.anew", 1, yaml + "topics.retired: [renamed.events]\n");
    long before = learned(retired);
    JobID job = stack.submit(retired, savepoint);
    stack.topic("renamed.anew").send(EVENTS.rounds(20, 40));
    Await.until("models from the new topic", () -> learned(retired) > before);
    stack.cancel(job);
  }

  /** The connector wrote EARLIEST in lower case by the locale, and Kafka knew no such word. */
  @ParameterizedTest
  @ValueSource(strings = {"earliest", "committed"})
  void aJobRunsWhereTheLanguageIsTurkish(String from) throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(new Locale("tr", "TR"));
    try {
      String name = "turkish-" + from;
      JobConfig config = config(name, "start: %s\nstop: latest\n".formatted(from));
      stack.topic(name + ".events").send(EVENTS.rounds(0, 10));
      JobID job = stack.submit(config);
      stack.awaitEnd(job);
      assertThat(stack.attempts(job)).isZero();
      assertThat(learned(config)).isGreaterThan(0);
    } finally {
      Locale.setDefault(before);
    }
  }

  /** A job that runs is not at its first checkpoint: it may be told of a partition at any time. */
  @Test
  void partitionsThatAreAddedAreRead() throws Exception {
    JobConfig config = config("grown", "kafka.partition-discovery: 200ms\n");
    JobID job = stack.submit(config);
    Await.until("the job to run", () -> stack.status(job) == JobStatus.RUNNING);
    stack.topic("grown.events").send(EVENTS.rounds(0, 5));
    Await.until("models", () -> learned(config) > 0);
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", stack.broker().bootstrapServers()))) {
      admin.createPartitions(Map.of("grown.events", NewPartitions.increaseTo(16))).all().get();
    }
    long before = learned(config);
    stack.topic("grown.events").send(EVENTS.rounds(5, 40));
    Await.until("models of what came since", () -> learned(config) >= before + 30);
    stack.cancel(job);
  }
}

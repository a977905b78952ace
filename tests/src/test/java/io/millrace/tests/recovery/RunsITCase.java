package io.millrace.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelListener;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.KafkaTopics;
import io.millrace.jobs.Settings;
import io.millrace.operators.shell.Submission;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Events;
import io.millrace.tests.integration.KafkaTopic.Sent;
import io.millrace.tests.integration.Stack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run of a job is to those before it on the same topics. */
class RunsITCase {
  private static final int KEYS = 6;
  private static final Events EVENTS = new Events(KEYS);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String LEARN =
      """
      model: {loss: logistic, classes: [DOWN, UP]}
      features: {kind: dense, dimension: 5, scaling: none}
      optimizer: {name: sgd, learning-rate: 0.1}
      snapshots: {every-examples: 10}
      """;

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

  private static JobConfig config(String name, String yaml) {
    return stack.config(name, name + ".events", 2, yaml);
  }

  private static ModelStore reader(JobConfig config, boolean follow) {
    KafkaAccess kafka = KafkaAccess.to(stack.broker().bootstrapServers());
    ModelStoreOptions options = ModelStoreOptions.of(config.topic(Settings.MODELS));
    return follow ? ModelStore.follow(kafka, options) : ModelStore.manual(kafka, options);
  }

  private static double rate(Model model) {
    return model.snapshot().getProvenance().getHyperparameters().get("learning-rate");
  }

  /** Every version of the new run was older than the last of the run before, and unseen. */
  @ParameterizedTest
  @ValueSource(ints = {900 << 10, 256})
  void aRunWithoutStateIsSeenAtOnceByWhoeverReads(int partBytes) throws Exception {
    String name = "anew-" + partBytes;
    String yaml = LEARN + "snapshots.part-bytes: %d\n".formatted(partBytes);
    JobConfig first = config(name, yaml + "stop: latest\n");
    stack.topic(name + ".events").send(EVENTS.rounds(0, 35));
    stack.awaitEnd(stack.submit(first));
    List<String> newRuns = new CopyOnWriteArrayList<>();
    try (ModelStore store = reader(first, true)) {
      assertThat(store.awaitCaughtUp(LONG)).isTrue();
      Map<String, Model> before = new TreeMap<>();
      store.keys().forEach(k -> before.put(k, store.get(k).orElseThrow()));
      assertThat(before).hasSize(KEYS);
      assertThat(before.values()).allMatch(m -> m.version() >= 3 && rate(m) == 0.1);
      store.addListener(
          new ModelListener() {
            @Override
            public void onModel(Model model) {}

            @Override
            public void onNewRun(Model was, Model now) {
              assertThat(rate(was)).isEqualTo(0.1);
              newRuns.add(now.key() + "@" + now.version());
            }
          });
      // Fewer versions than there are of the first run, under another learning rate.
      JobConfig second =
          config(
              name,
              yaml.replace("rate: 0.1", "rate: 0.7")
                      .replace("every-examples: 10", "every-examples: 30")
                  + "stop: latest\n");
      stack.awaitEnd(stack.submit(second));
      Await.until(
          "the new run's models",
          () -> store.keys().stream().allMatch(k -> rate(store.get(k).orElseThrow()) == 0.7));
      for (Model old : before.values()) {
        Model now = store.get(old.key()).orElseThrow();
        assertThat(now.incarnation()).isGreaterThan(old.incarnation());
        assertThat(now.version()).isLessThan(old.version());
      }
      assertThat(newRuns).hasSize(KEYS).allMatch(m -> m.endsWith("@1"));
      try (ModelStore late = reader(second, false)) {
        assertThat(late.awaitCaughtUp(LONG)).isTrue();
        assertThat(late.keys()).hasSize(KEYS);
        assertThat(late.keys()).allMatch(k -> rate(late.get(k).orElseThrow()) == 0.7);
      }
    }
  }

  /** Whoever submits next may have a clock that goes behind. */
  @Test
  void aRunIsNewerThanThoseBeforeWhateverTheClock() throws Exception {
    JobConfig config = config("clock", LEARN);
    stack.topic("clock.events").send(EVENTS.rounds(0, 20));
    long ahead = System.currentTimeMillis() + Duration.ofDays(40).toMillis();
    JobID job = stack.submit(config, new Submission(ahead, Map.of()));
    awaitModels(config, KEYS);
    stack.cancel(job);
    assertThat(KafkaTopics.prepare(config).submission().incarnation()).isEqualTo(ahead + 1);

    // Behind them may lie tombstones, and what others have written.
    List<Sent> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      others.add(Sent.of("gone-" + i, i % 2 == 0 ? null : new byte[] {1, 2, 3}));
    }
    stack.topic(config.topic(Settings.MODELS)).send(others);
    assertThat(KafkaTopics.prepare(config).submission().incarnation()).isEqualTo(ahead + 1);
  }

  /** It was accepted: the restored job published every score inverted. */
  @ParameterizedTest
  @CsvSource({"hashmap, 1", "rocksdb, 1", "hashmap, 3"})
  void aSavepointOfAnotherMeaningEndsTheJobNamingBoth(String backend, int bundle) throws Exception {
    String name = "meaning-" + backend + bundle;
    String state = "state: {backend: %s, bundle: %d}\n".formatted(backend, bundle);
    JobConfig config = config(name, LEARN + state);
    stack.topic(name + ".events").send(EVENTS.rounds(0, 20));
    JobID job = stack.submit(config);
    awaitModels(config, KEYS);
    String savepoint = stack.stop(job);

    JobConfig other = config(name, LEARN.replace("[DOWN, UP]", "[UP, DOWN]") + state);
    JobID refused = stack.submit(other, savepoint);
    assertThat(stack.failure(refused))
        .contains("savepoint holds state of 'sgd' that means something else")
        .contains("model.classes.0 is 'DOWN' in the savepoint, 'UP' here");
    assertThat(stack.attempts(refused)).as("no restart could mend it").isZero();

    JobID same = stack.submit(config, savepoint);
    Await.until("the job to run", () -> stack.status(same) == JobStatus.RUNNING);
    stack.cancel(same);
  }

  /** Keys lived on two partitions then, and a retracted model rose again for new readers. */
  @Test
  void keysStayOnTheirPartitionWhenPartitionsAreAdded() throws Exception {
    JobConfig config = config("added", LEARN);
    stack.topic("added.events").send(EVENTS.rounds(0, 20));
    JobID job = stack.submit(config);
    awaitModels(config, KEYS);
    String savepoint = stack.stop(job);
    String models = config.topic(Settings.MODELS);
    Map<String, Set<Integer>> before = partitions(models);
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", stack.broker().bootstrapServers()))) {
      admin.createPartitions(Map.of(models, NewPartitions.increaseTo(5))).all().get();
      KafkaTopics.awaitServed(admin, List.of(models));
    }
    int versions = stack.topic(models).read().size();
    JobID again = stack.submit(config, savepoint);
    stack.topic("added.events").send(EVENTS.rounds(20, 60));
    Await.until("new versions", () -> stack.topic(models).read().size() >= versions + 2 * KEYS);
    stack.cancel(again);
    assertThat(partitions(models)).isEqualTo(before);
    assertThat(before.values()).allMatch(p -> p.size() == 1);
  }

  private static Map<String, Set<Integer>> partitions(String topic) {
    Map<String, Set<Integer>> of = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(topic).read()) {
      of.computeIfAbsent(new String(r.key(), StandardCharsets.UTF_8), k -> new HashSet<>())
          .add(r.partition());
    }
    return of;
  }

  /** Every checkpoint left an id of every sink with the broker, for a week: 376 after 46. */
  @Test
  void transactionalIdsAreUsedAgain() throws Exception {
    JobConfig config =
        stack.config(
            "ids", "ids.events", 2, "100ms", Map.of(), LEARN + "metrics.every-examples: 1\n");
    JobID job = stack.submit(config);
    List<Integer> ids = new ArrayList<>();
    for (int round = 0; round < 30; round++) {
      long last = completed(job);
      stack.topic("ids.events").send(EVENTS.rounds(round, round + 1));
      Await.until("another checkpoint", () -> completed(job) > last);
      ids.add(transactionalIds("ids/ids/sink-"));
    }
    assertThat(completed(job)).isGreaterThanOrEqualTo(30);
    stack.cancel(job);
    int sinks = 3; // models, metrics, dead letters
    assertThat(ids.get(29)).isLessThanOrEqualTo(sinks * 2 * 4);
    assertThat(ids.get(29)).as("after ten checkpoints it is what it is").isEqualTo(ids.get(10));
  }

  private static long completed(JobID job) throws Exception {
    return stack.lastCheckpoint(job) == null ? 0 : stack.lastCheckpoint(job).getCheckpointId();
  }

  private static int transactionalIds(String prefix) throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", stack.broker().bootstrapServers()))) {
      return (int)
          admin.listTransactions().all().get().stream()
              .map(TransactionListing::transactionalId)
              .filter(id -> id.startsWith(prefix))
              .count();
    }
  }

  private static void awaitModels(JobConfig config, int keys) throws Exception {
    Await.until(
        "a model of every key",
        () -> {
          Map<String, ModelSnapshot> newest = new HashMap<>();
          for (ConsumerRecord<byte[], byte[]> r :
              stack.topic(config.topic(Settings.MODELS)).read()) {
            newest.put(
                new String(r.key(), StandardCharsets.UTF_8), SnapshotCodec.decode(r.value()));
          }
          return newest.size() == keys;
        });
  }
}

package io.millrace.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobPlan;
import io.millrace.jobs.LearnerPlan;
import io.millrace.jobs.Settings;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Events;
import io.millrace.tests.integration.KafkaTopic;
import io.millrace.tests.integration.KafkaTopic.Sent;
import io.millrace.tests.integration.Probe;
import io.millrace.tests.integration.ProbedLearner;
import io.millrace.tests.integration.Stack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job with {@code state.ttl} stops with a savepoint while one of its sources has nothing more to
 * read and another is held up by the learner. Flink took no savepoint then, {@code
 * PartialFinishingNotSupportedByStateException}, because the sources' subtasks shared state.
 */
class StopWhileCatchingUpITCase {
  private static final Events EVENTS = new Events(8);

  /** Rounds of all keys; then of one alone, more than the network between the tasks holds. */
  private static final int OF_ALL = 20;

  private static final int OF_ONE = 16_000;

  private static final String LEARN =
      """
      model: {loss: logistic, classes: [DOWN, UP]}
      features: {kind: dense, dimension: 5, scaling: standard}
      optimizer: {name: adam, learning-rate: 0.05}
      mini-batch: 7
      snapshots: {every-examples: 10, at-end: false, dtype: f64}
      state: {ttl: 20m}
      """;

  private static final String TO_THE_END = "stop: latest\n";

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

  private static JobConfig config(String name, String topic, int parallelism, String interval) {
    return config(name, topic, parallelism, interval, "");
  }

  private static JobConfig config(
      String name, String topic, int parallelism, String interval, String more) {
    return stack.config(name, topic, parallelism, interval, Map.of(), LEARN + more);
  }

  private static LearnerFactory learner(JobConfig config, String name) {
    return ProbedLearner.factory(((LearnerPlan) JobPlan.of(config)).factory(), name);
  }

  private static Map<String, List<String>> models(JobConfig config) {
    return stack.topic(config.topic(Settings.MODELS)).valuesByKey();
  }

  /** Sends all of it, and the key that most of it is of. */
  private static void send(KafkaTopic topic) throws Exception {
    List<Sent> all = EVENTS.rounds(0, OF_ALL);
    List<RecordMetadata> where = topic.send(all);
    assertThat(where.stream().map(RecordMetadata::partition).distinct()).hasSize(2);
    String key = EVENTS.keys().get(0);
    topic.send(
        EVENTS.rounds(OF_ALL, OF_ALL + OF_ONE).stream()
            .filter(s -> new String(s.key(), StandardCharsets.UTF_8).equals(key))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatIsRestoredEqualsAnUndisturbedRun(int afterwards) throws Exception {
    String name = "catching-up-" + afterwards;
    KafkaTopic topic = stack.topic(name + ".events");
    topic.create(2, Map.of());
    send(topic);
    String path = stopped(config(name, name + ".events", 2, "10m"), name);

    JobConfig onward = config(name, name + ".events", afterwards, "300ms");
    JobID restored = stack.submit(onward, learner(onward, name), path);
    topic.send(EVENTS.snapshots());
    JobConfig undisturbed = config(name + "-ref", name + ".events", 1, "300ms", TO_THE_END);
    stack.run(undisturbed, learner(undisturbed, name));
    Map<String, List<String>> expected = models(undisturbed);
    assertThat(expected).hasSize(EVENTS.keys().size());
    assertThat(expected.values()).as("keys that end").anyMatch(m -> m.contains("gone"));
    int due = size(expected);
    Await.until("all that is published", () -> size(models(onward)) >= due);
    stack.cancel(restored);
    assertThat(models(onward)).isEqualTo(expected);
  }

  @Test
  void aRunWithAnEndThatIsRestoredEnds() throws Exception {
    String name = "catching-up-to-an-end";
    KafkaTopic topic = stack.topic(name + ".events");
    topic.create(2, Map.of());
    send(topic);
    topic.send(EVENTS.snapshots());
    String path = stopped(config(name, name + ".events", 2, "10m", TO_THE_END), name);

    JobConfig onward = config(name, name + ".events", 2, "300ms", TO_THE_END);
    stack.awaitEnd(stack.submit(onward, learner(onward, name), path));
    JobConfig undisturbed = config(name + "-ref", name + ".events", 1, "300ms", TO_THE_END);
    stack.run(undisturbed, learner(undisturbed, name));
    assertThat(models(onward)).isEqualTo(models(undisturbed)).hasSize(EVENTS.keys().size());
  }

  /**
   * Runs a job until one of its sources is ahead of the other; the savepoint it is stopped with.
   */
  private static String stopped(JobConfig config, String name) throws Exception {
    Probe probe = Probe.of(name);
    probe.slowDown();
    JobID catching = stack.submit(config, learner(config, name), null);
    probe.permit();
    Await.until("events to be read", () -> probe.predictions() == 1);
    stack.awaitRunning(catching);
    CompletableFuture<String> savepoint = stack.stopping(catching);
    Await.until("the savepoint to be under way", () -> stack.checkpointsUnderWay(catching) > 0);
    probe.speedUp();
    String path = savepoint.get(1, TimeUnit.MINUTES);
    long read = probe.predictions();
    assertThat(read).as("most of it is yet to be read").isLessThan(OF_ONE);
    return path;
  }

  private static int size(Map<String, List<String>> models) {
    return models.values().stream().mapToInt(List::size).sum();
  }
}

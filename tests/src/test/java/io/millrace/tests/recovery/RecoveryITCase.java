package io.millrace.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.DictionarySettings;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobPlan;
import io.millrace.jobs.Settings;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Events;
import io.millrace.tests.integration.KafkaTopic;
import io.millrace.tests.integration.Probe;
import io.millrace.tests.integration.ProbedLearner;
import io.millrace.tests.integration.Stack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disturbed job publishes the same bytes as an undisturbed one: every version of every model,
 * with every parameter, slot and counter in it, and every metric. Each test makes sure that the job
 * was running, that a checkpoint was complete, that mini-batches were unfinished at it and that the
 * job came back from it.
 *
 * <p>A mutation tried, which makes every one of these tests fail: taking the step of an unfinished
 * mini-batch at the barrier, in {@code LearnerOperator.prepareSnapshotPreBarrier}.
 */
class RecoveryITCase {
  private static final int KEYS = 8;
  private static final String LEARN =
      """
      model: {loss: logistic, classes: [DOWN, UP]}
      features: {kind: dense, dimension: 5, scaling: standard}
      optimizer: {name: adam, learning-rate: 0.05}
      mini-batch: 7
      snapshots: {every-examples: 20, at-end: false, dtype: f64}
      metrics: {every-examples: 25}
      """;

  private static final String DICTIONARY =
      """
      job: dictionary
      features: {kind: dense, dimension: 5}
      dictionary: {atoms: 6, lambda: 0.1, schedule: power, rho: 2}
      mini-batch: 7
      codes: {enabled: true}
      snapshots: {every-examples: 20, at-end: false, dtype: f64}
      metrics: {every-examples: 25}
      """;

  /** A job family, and the events it learns from. */
  private enum Family {
    LEARN(RecoveryITCase.LEARN, new Events(KEYS)),
    DICTIONARY(RecoveryITCase.DICTIONARY, Events.signals(KEYS));

    final String yaml;
    final Events events;

    Family(String yaml, Events events) {
      this.yaml = yaml;
      this.events = events;
    }
  }

  @TempDir static Path directory;
  private static Stack stack;

  /** Task managers that are gone; the cluster counts them on. */
  private static int managersLost;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 2, 2);
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
  }

  @ParameterizedTest
  @CsvSource({
    "LEARN, hashmap, 1",
    "LEARN, rocksdb, 1",
    "LEARN, hashmap, 3",
    "DICTIONARY, hashmap, 1",
    "DICTIONARY, rocksdb, 3"
  })
  void aTaskThatFailsInTheMiddleOfAMiniBatch(Family family, String backend, int bundle)
      throws Exception {
    Run run =
        new Run(
            family,
            "task-" + backend + bundle,
            2,
            "state: {backend: %s, bundle: %d}\n".formatted(backend, bundle));
    JobID job = run.submit(null);
    run.feed(0, 38);
    run.checkpoint(job, 38);
    run.probe().failAfter(11);
    run.send(38, 60);
    Await.until("the injected failure", () -> run.probe().failed());
    run.finish(60);
    assertThat(stack.restored(job)).isPositive();
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void aTaskManagerThatIsLost(Family family) throws Exception {
    Run run = new Run(family, "manager", 2);
    JobID job = run.submit(null);
    run.feed(0, 23);
    run.checkpoint(job, 23);
    run.feed(23, 31);
    assertThat(stack.status(job)).isEqualTo(JobStatus.RUNNING);
    // Both of two: wherever the tasks were, they are lost.
    stack.cluster().terminateTaskManager(managersLost++).get();
    stack.cluster().terminateTaskManager(managersLost++).get();
    stack.cluster().startTaskManager();
    stack.cluster().startTaskManager();
    run.send(31, 50);
    run.finish(50);
    assertThat(stack.restored(job)).isPositive();
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void aBrokerThatIsKilled(Family family) throws Exception {
    Run run = new Run(family, "broker", 2);
    JobID job = run.submit(null);
    run.feed(0, 23);
    run.checkpoint(job, 23);
    stack.broker().kill();
    stack.broker().restart();
    run.send(23, 45);
    run.finish(45);
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rescalingFromOneToThreeToTwo(Family family) throws Exception {
    Run run = new Run(family, "rescale", 1);
    JobID job = run.submit(null);
    run.feed(0, 17);
    String first = stack.stop(job);

    run.parallelism(3);
    job = run.submit(first);
    run.feed(17, 39);
    assertThat(stack.restored(job)).isPositive();
    String second = stack.stop(job);

    run.parallelism(2);
    job = run.submit(second);
    run.send(39, 55);
    run.finish(55);
    assertThat(stack.restored(job)).isPositive();
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }

  @Test
  void aProducerThatSendsAgainWhatItHasSent() throws Exception {
    Run twice = new Run(Family.LEARN, "twice", 2, "dedupe: {window: 200}\n");
    JobID job = twice.submit(null);
    twice.send(0, 20);
    twice.send(12, 20);
    twice.send(20, 41);
    twice.send(33, 41);
    twice.send(33, 41);
    twice.finish(41);
    stack.cancel(job);

    Run once = new Run(Family.LEARN, "once", 2, "dedupe: {window: 200}\n");
    job = once.submit(null);
    once.send(0, 41);
    once.finish(41);
    stack.cancel(job);

    Map<String, ModelSnapshot> expected = once.newest();
    Map<String, ModelSnapshot> found = twice.newest();
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    for (String key : expected.keySet()) {
      ModelSnapshot e = expected.get(key);
      ModelSnapshot f = found.get(key);
      assertThat(f.getTensors()).as(key).isEqualTo(e.getTensors());
      assertThat(f.getVersion()).as(key).isEqualTo(e.getVersion());
      Map<String, Long> counters = new TreeMap<>(f.getCounters());
      counters.put("deadLetters", e.getCounters().get("deadLetters"));
      assertThat(counters).as(key).isEqualTo(new TreeMap<>(e.getCounters()));
    }
    long again = Family.LEARN.events.examples(12, 20) + 2 * Family.LEARN.events.examples(33, 41);
    assertThat(stack.topic("twice.dead-letters").deadLetters())
        .filteredOn(d -> d.getReason() == Reason.DUPLICATE_EVENT)
        .hasSize((int) again);
  }

  /** One stream and one job over it. */
  private static final class Run {
    private final Family family;
    private final String name;
    private final String more;
    private final Probe probe;
    private final KafkaTopic events;
    private JobConfig config;

    Run(Family family, String name, int parallelism) {
      this(family, name, parallelism, "");
    }

    Run(Family family, String about, int parallelism, String more) {
      this.family = family;
      this.name = family == Family.LEARN ? about : about + "-" + family;
      this.more = more;
      this.probe = Probe.of(name);
      this.events = stack.topic(name + ".events");
      parallelism(parallelism);
    }

    void parallelism(int parallelism) {
      config = stack.config(name, name + ".events", parallelism, family.yaml + more);
    }

    Probe probe() {
      return probe;
    }

    JobID submit(String savepoint) throws Exception {
      JobID job = stack.submit(config, learner(config), savepoint);
      Await.until("the job to run", () -> stack.status(job) == JobStatus.RUNNING);
      return job;
    }

    private LearnerFactory learner(JobConfig c) {
      return ProbedLearner.factory(JobPlan.of(c).factory(), name);
    }

    void send(int from, int to) throws Exception {
      events.send(family.events.rounds(from, to));
    }

    /** Sends and waits until all of it has been predicted. */
    void feed(int from, int to) throws Exception {
      long due = probe.predictions() + family.events.examples(from, to);
      send(from, to);
      Await.until("the events to be read", () -> probe.predictions() >= due);
    }

    /** Takes a checkpoint at which mini-batches are unfinished. */
    void checkpoint(JobID job, int rounds) throws Exception {
      finish(rounds);
      assertThat(newest().values()).anyMatch(m -> m.getCounters().get("unfinished") > 0);
      stack.checkpoint(job);
    }

    /** Asks for snapshots and waits until they are committed. */
    void finish(int rounds) throws Exception {
      events.send(family.events.snapshots());
      long due = family.events.examples(0, rounds);
      Await.until(
          "the last snapshots",
          () -> {
            long predicted = 0;
            for (ModelSnapshot m : newest().values()) {
              predicted += m.getCounters().get("predicted");
            }
            assertThat(predicted).isLessThanOrEqualTo(due);
            return predicted == due;
          });
    }

    Map<String, ModelSnapshot> newest() throws Exception {
      Map<String, ModelSnapshot> newest = new TreeMap<>();
      for (ConsumerRecord<byte[], byte[]> r : stack.topic(config.topic(Settings.MODELS)).read()) {
        newest.put(new String(r.key(), StandardCharsets.UTF_8), SnapshotCodec.decode(r.value()));
      }
      return newest;
    }

    void equalsTheUndisturbedRun() throws Exception {
      JobConfig undisturbed =
          stack.config(name + "-ref", name + ".events", 1, family.yaml + more + "stop: latest\n");
      stack.run(undisturbed, learner(undisturbed));
      Map<String, List<String>> expected = models(undisturbed);
      assertThat(expected).hasSize(KEYS);
      assertThat(newest().values())
          .allMatch(m -> m.getTensors().stream().anyMatch(t -> t.getName().startsWith("state/")));
      assertThat(models(config)).isEqualTo(expected);
      assertThat(stack.topic(config.topic(Settings.METRICS)).valuesByKey())
          .isNotEmpty()
          .isEqualTo(stack.topic(undisturbed.topic(Settings.METRICS)).valuesByKey());
      if (family == Family.DICTIONARY) {
        assertThat(codes(config)).isNotEmpty().isEqualTo(codes(undisturbed));
      }
    }

    private static Map<String, List<String>> codes(JobConfig c) {
      return stack.topic(c.topic(DictionarySettings.CODES)).valuesByKey();
    }

    private Map<String, List<String>> models(JobConfig c) {
      return stack.topic(c.topic(Settings.MODELS)).valuesByKey();
    }
  }
}

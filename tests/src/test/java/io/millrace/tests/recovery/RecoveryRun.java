package io.millrace.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.DictionarySettings;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobPlan;
import io.millrace.jobs.LearnerPlan;
import io.millrace.jobs.Settings;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.schemas.Metric;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Events;
import io.millrace.tests.integration.KafkaTopic;
import io.millrace.tests.integration.Probe;
import io.millrace.tests.integration.ProbedLearner;
import io.millrace.tests.integration.Stack;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One stream and one job over it, which is disturbed and compared with an undisturbed one. */
final class RecoveryRun {
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

  private static final String PERCEPTRON =
      """
      model: {kind: mlp, hidden: [6], loss: logistic, classes: [DOWN, UP]}
      features: {kind: dense, dimension: 5, scaling: standard}
      optimizer: {name: adam, learning-rate: 0.05}
      mini-batch: 7
      snapshots: {every-examples: 20, at-end: false, dtype: f64}
      metrics: {every-examples: 25}
      """;

  /** A job family, and the events it learns from. */
  enum Family {
    LEARN(RecoveryRun.LEARN, new Events(KEYS)),
    DICTIONARY(RecoveryRun.DICTIONARY, Events.signals(KEYS)),

    /** The first with another model. */
    PERCEPTRON(RecoveryRun.PERCEPTRON, new Events(KEYS));

    final String yaml;
    final Events events;

    Family(String yaml, Events events) {
      this.yaml = yaml;
      this.events = events;
    }
  }

  private final Stack stack;
  private final Family family;
  private final String name;
  private final String more;

  /** What the disturbed job has, and the undisturbed one has not. */
  private String alone = "";

  private final Probe probe;
  private final KafkaTopic events;
  private JobConfig config;

  RecoveryRun(Stack stack, Family family, String name, int parallelism) {
    this(stack, family, name, parallelism, "");
  }

  RecoveryRun(Stack stack, Family family, String about, int parallelism, String more) {
    this.stack = stack;
    this.family = family;
    this.name = family != Family.DICTIONARY ? about : about + "-" + family;
    this.more = more;
    this.probe = Probe.of(name);
    this.events = stack.topic(name + ".events");
    parallelism(parallelism);
  }

  void parallelism(int parallelism) {
    config = stack.config(name, name + ".events", parallelism, family.yaml + more + alone);
  }

  /** Settings of the disturbed job that are not to change a bit. */
  void on(String settings, int parallelism) {
    alone = settings;
    parallelism(parallelism);
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
    return ProbedLearner.factory(((LearnerPlan) JobPlan.of(c)).factory(), name);
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
    assertThat(metrics(config)).isNotEmpty().isEqualTo(metrics(undisturbed));
    if (family == Family.DICTIONARY) {
      assertThat(codes(config)).isNotEmpty().isEqualTo(codes(undisturbed));
    }
  }

  /** Metric records by key; echoes of orders in the same topic name the job. */
  private List<Metric> metrics(JobConfig c) throws Exception {
    List<Metric> metrics = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(c.topic(Settings.METRICS)).read()) {
      if (SingleObject.standard().decode(r.value()) instanceof Metric m) {
        metrics.add(m);
      }
    }
    metrics.sort(Comparator.comparing(Metric::getKey)); // stable: within a key as they came
    return metrics;
  }

  private Map<String, List<String>> codes(JobConfig c) {
    return stack.topic(c.topic(DictionarySettings.CODES)).valuesByKey();
  }

  private Map<String, List<String>> models(JobConfig c) {
    return stack.topic(c.topic(Settings.MODELS)).valuesByKey();
  }
}

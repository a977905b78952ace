package io.millrace.tests.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.JobConfig;
import io.millrace.jobs.KafkaTopics;
import io.millrace.jobs.TuneSettings;
import io.millrace.operators.shell.Submission;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.TuneDecision;
import io.millrace.schemas.TuneFeedback;
import io.millrace.schemas.TuneRequest;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.KafkaTopic.Sent;
import io.millrace.tests.integration.Stack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A stream of requests and costs, and a `tune` job over it that is disturbed. */
final class TuneRun {
  static final int TUNERS = 6;

  /** Of every run here: two runs of a test are to publish the same bytes. */
  static final Submission STARTED = new Submission(1, Map.of());

  /** How many requests later the feedback comes. */
  private static final int LATE = 3;

  private final Stack stack;
  private final String name;
  private final String requests;

  TuneRun(Stack stack, String name, String requests) {
    this.stack = stack;
    this.name = name;
    this.requests = requests;
  }

  /** A job with checkpoints only where a test asks for them. */
  JobConfig config(int parallelism, String more) {
    JobConfig config = JobConfig.parse(yaml(parallelism) + more);
    KafkaTopics.prepare(config);
    return config;
  }

  /** Its settings as a user would write them. */
  String yaml(int parallelism) {
    return """
        job: tune
        name: %1$s
        kafka: {bootstrap-servers: "%2$s"}
        topics: {prefix: %1$s, tune: {requests: %3$s}, control: none, partitions: 3}
        checkpoint: {interval: 10m, timeout: 1m}
        restart: {delay: 10ms, max-delay: 100ms}
        parallelism: %4$d
        arms: {grid: {from: 1, to: 1.75, count: 4}}
        policy: {name: tsallis_inf, scaled: 0}
        snapshots: {every-examples: 20}
        """
        .formatted(name, stack.broker().bootstrapServers(), requests, parallelism);
  }

  private static byte[] request(String tuner, int i) {
    return SingleObject.encode(
        new TuneRequest(
            tuner,
            "r" + i,
            Instant.ofEpochMilli(1000 + i),
            Instant.EPOCH,
            List.of(),
            List.of(),
            List.of()));
  }

  private static byte[] feedback(String tuner, int i) {
    double cost = (tuner.hashCode() + 7 * i) % 10 / 10.0;
    return SingleObject.encode(
        new TuneFeedback(
            tuner,
            "r" + i,
            Instant.ofEpochMilli(1000 + i),
            Math.abs(cost),
            FeedbackSource.DECISION,
            ""));
  }

  /** Sends rounds: of each tuner a request, some requests and some feedback twice. */
  void send(int from, int to) throws Exception {
    List<Sent> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      for (int t = 0; t < TUNERS; t++) {
        String tuner = "tuner-" + t;
        records.add(Sent.of(tuner, request(tuner, i)));
        if (i >= LATE) {
          records.add(Sent.of(tuner, feedback(tuner, i - LATE)));
        }
        if (i % 5 == t % 5) {
          records.add(Sent.of(tuner, request(tuner, Math.max(0, i - 2))));
          records.add(Sent.of(tuner, feedback(tuner, Math.max(0, i - LATE))));
        }
      }
    }
    stack.topic(requests).send(records);
  }

  /** Decisions by tuner and id, each as often as it stands in the topic. */
  Map<String, List<String>> decisions(JobConfig config) throws Exception {
    Map<String, List<String>> all = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r :
        stack.topic(config.topic(TuneSettings.DECISIONS)).read()) {
      TuneDecision d = SingleObject.standard().decode(TuneDecision.class, r.value());
      all.computeIfAbsent(d.getKey() + "/" + d.getId(), k -> new ArrayList<>())
          .add(HexFormat.of().formatHex(r.value()));
    }
    return all;
  }

  /** Waits until every request of so many rounds has its decision. */
  void await(JobConfig config, int rounds) throws Exception {
    Await.until(
        "decisions of " + rounds + " rounds", () -> decisions(config).size() == TUNERS * rounds);
  }

  /** Whether no decision is missing and none was repeated differently; what each is. */
  Map<String, String> once(JobConfig config) throws Exception {
    Map<String, String> once = new TreeMap<>();
    decisions(config)
        .forEach(
            (id, all) -> {
              assertThat(new TreeSet<>(all)).as(id).hasSize(1);
              once.put(id, all.get(0));
            });
    return once;
  }

  /** What an undisturbed job decides for the same requests. */
  Map<String, String> undisturbed() throws Exception {
    TuneRun other = new TuneRun(stack, name + "-ref", requests);
    JobConfig config = other.config(1, "stop: latest\n");
    stack.awaitEnd(stack.submit(config, STARTED));
    return other.once(config);
  }
}

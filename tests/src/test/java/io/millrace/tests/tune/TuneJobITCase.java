package io.millrace.tests.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.client.Decision;
import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.TuneClient;
import io.millrace.client.TuneException;
import io.millrace.client.TuneQuery;
import io.millrace.client.TuneTopics;
import io.millrace.jobs.JobConfig;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.tests.cli.Cli;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The `tune` job between real topics. */
class TuneJobITCase {
  @TempDir static Path directory;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 2, 2);
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
  }

  private static TuneRun run(String name) throws Exception {
    String requests = name + ".in";
    stack.topic(requests).create(3, Map.of());
    return new TuneRun(stack, name, requests);
  }

  private static JobID submit(JobConfig config, String savepoint) throws Exception {
    JobID job =
        savepoint == null ? stack.submit(config, TuneRun.STARTED) : stack.submit(config, savepoint);
    Await.until("the job to run", () -> stack.status(job) == JobStatus.RUNNING);
    return job;
  }

  /** Decisions are visible before the checkpoint that covers them, so they are made again. */
  @Test
  void noDecisionIsLostOrRepeatedDifferentlyWhenTheTaskManagersAreLost() throws Exception {
    TuneRun run = run("lost");
    JobConfig config = run.config(2, "");
    JobID job = submit(config, null);
    run.send(0, 20);
    run.await(config, 20);
    stack.checkpoint(job);
    run.send(20, 35);
    run.await(config, 35);
    int seen = run.decisions(config).values().stream().mapToInt(List::size).sum();
    stack.cluster().terminateTaskManager(0).get();
    stack.cluster().terminateTaskManager(1).get();
    stack.cluster().startTaskManager();
    stack.cluster().startTaskManager();
    run.send(35, 50);
    run.await(config, 50);
    stack.awaitRestored(job);
    stack.cancel(job);
    int all = run.decisions(config).values().stream().mapToInt(List::size).sum();
    Map<String, String> expected = run.undisturbed();
    assertThat(run.once(config)).isEqualTo(expected).hasSize(TuneRun.TUNERS * 50);
    assertThat(all - seen)
        .as("what the checkpoint did not cover was decided again")
        .isGreaterThan(TuneRun.TUNERS * 15 + TuneRun.TUNERS * 15);
  }

  @Test
  void rescalingFromOneToThreeToTwoChangesNoDecision() throws Exception {
    TuneRun run = run("rescaled");
    JobConfig config = run.config(1, "");
    JobID job = submit(config, null);
    run.send(0, 15);
    run.await(config, 15);
    String first = stack.stop(job);
    job = submit(run.config(3, ""), first);
    run.send(15, 32);
    run.await(config, 32);
    String second = stack.stop(job);
    job = submit(run.config(2, ""), second);
    run.send(32, 45);
    run.await(config, 45);
    stack.cancel(job);
    assertThat(run.once(config)).isEqualTo(run.undisturbed()).hasSize(TuneRun.TUNERS * 45);
  }

  @Test
  void theClientAndTheCommandsAskAndReport() throws Exception {
    TuneRun run = run("asked");
    JobConfig config = run.config(2, "");
    JobID job = submit(config, null);
    String at = stack.broker().bootstrapServers();
    TuneTopics topics = new TuneTopics("asked.in", "asked.in", "asked.tune.decisions");
    try (TuneClient client = TuneClient.open(KafkaAccess.to(at), "test", topics)) {
      for (int i = 0; i < 20; i++) {
        Decision d = client.decide("sor");
        assertThat(d.arms()).containsExactly("1", "1.25", "1.5", "1.75");
        assertThat(d.probability()).isBetween(0.0, 1.0);
        client.report(d.id(), Math.abs(d.value() - 1.5));
      }
      TuneQuery some = TuneQuery.of("sor").id("mine").arms(List.of("1.75", "1"));
      Decision first = client.decide(some);
      assertThat(first.arms()).containsExactly("1", "1.75");
      assertThat(client.decide(some)).as("asked again").isEqualTo(first);
      List<CompletableFuture<Decision>> many = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        many.add(client.decideAsync(TuneQuery.of("other")));
      }
      for (CompletableFuture<Decision> f : many) {
        client.report(f.get(), 0.25);
      }
      client.decide("other"); // behind the costs of all of them
      // Nobody answers a request for an arm that is not there.
      TuneQuery wrong = TuneQuery.of("sor").arms(List.of("9"));
      Decision fallback = client.decide(wrong.within(Duration.ofMillis(50), "1"));
      assertThat(fallback.fallback()).isTrue();
      assertThat(fallback.arm()).isEqualTo("1");
      assertThatThrownBy(() -> client.decide(wrong.within(Duration.ofMillis(50))))
          .isInstanceOf(TuneException.class)
          .hasMessageContaining("has not decided request");
      assertThatThrownBy(() -> client.report("nobody's", 1)).isInstanceOf(TuneException.class);
    }
    commands(at);
    stack.checkpoint(job);
    shown(at);
    evaluated(at);
    evaluatedByTheJobsOwnTopics(run, at);
    stack.cancel(job);
  }

  /** The topics are a log: each decision with its probabilities and the first cost that came. */
  private static void evaluated(String at) throws Exception {
    JsonNode sor =
        Cli.json(
            "tune",
            "evaluate",
            "-b",
            at,
            "--requests-topic",
            "asked.in",
            "--decisions-topic",
            "asked.tune.decisions",
            "--key",
            "sor",
            "--range",
            "0:1",
            "--policy",
            "logged",
            "--policy",
            "tsallis_inf",
            "--json");
    assertThat(sor.get("decisions").asInt()).isEqualTo(21);
    assertThat(sor.get("unanswered").asInt()).isEqualTo(3);
    assertThat(sor.get("refused").asInt()).isZero();
    assertThat(sor.get("otherKeys").asInt()).isEqualTo(121);
    assertThat(sor.at("/policies/0/estimators/ips/value").asDouble()).isBetween(0.0, 0.5);
    assertThat(sor.at("/policies/1/decisions").asInt()).isEqualTo(21);
  }

  /** With the job's YAML the topics are known, that of feedback which came apart among them. */
  private static void evaluatedByTheJobsOwnTopics(TuneRun run, String at) throws Exception {
    TuneTopics apart = new TuneTopics("asked.in", "asked.tune.feedback", "asked.tune.decisions");
    try (TuneClient client = TuneClient.open(KafkaAccess.to(at), "test", apart)) {
      client.report("sor", "mine", 0.5);
    }
    Path yaml = Files.writeString(directory.resolve("asked.yaml"), run.yaml(2));
    JsonNode sor = Cli.json("tune", "evaluate", "--job", yaml.toString(), "--key", "sor", "--json");
    assertThat(sor.get("decisions").asInt()).isEqualTo(22);
    assertThat(sor.get("unanswered").asInt()).isEqualTo(2);
  }

  private static void commands(String at) throws Exception {
    String[] where = {
      "-b",
      at,
      "--requests-topic",
      "asked.in",
      "--decisions-topic",
      "asked.tune.decisions",
      "--json"
    };
    JsonNode d = Cli.json(line(where, "tune", "decide", "sor", "--arms", "1,1.25"));
    assertThat(d.get("probabilities")).hasSize(2);
    Cli.json(line(where, "tune", "report", "sor", d.get("id").asText(), "0.5"));
    String[] arm = {"tune", "arm", "add", "sor", "1.9", "--value", "1.9", "--from", "1.75"};
    Cli.json(line(where, line(new String[] {"--no-wait"}, arm)));
    JsonNode more = Cli.json(line(where, "tune", "decide", "sor"));
    assertThat(more.get("arms")).hasSize(5);
    Cli.json(
        "control",
        "snapshot",
        "--key",
        "sor",
        "-b",
        at,
        "--topic",
        "asked.in",
        "--no-wait",
        "--json");
    Cli.json(line(where, "tune", "decide", "sor", "--id", "after the snapshot"));
  }

  private static String[] line(String[] where, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(where));
    return all.toArray(String[]::new);
  }

  private static void shown(String at) throws Exception {
    Await.until("the snapshot", () -> models().stream().anyMatch(m -> m.getKey().equals("sor")));
    JsonNode list = Cli.json("tune", "list", "-b", at, "--prefix", "asked", "--json");
    Map<String, String> best = new TreeMap<>();
    for (JsonNode tuner : list.get("tuners")) {
      best.put(tuner.get("key").asText(), tuner.get("best").asText());
    }
    assertThat(best).containsOnlyKeys("other", "sor").containsEntry("sor", "1.5");
    JsonNode sor = Cli.json("tune", "show", "sor", "-b", at, "--prefix", "asked", "--json");
    assertThat(sor.get("arms")).hasSize(5);
    assertThat(sor.get("counters").get("examples").asInt()).isEqualTo(21);
    double pulls = 0;
    for (JsonNode arm : sor.get("arms")) {
      pulls += arm.get("pulls").asDouble();
    }
    assertThat(pulls).isGreaterThanOrEqualTo(21);
    assertThat(sor.get("arms").get(2).get("offPolicyCost").asDouble()).isFinite();
    assertThat(sor.get("best").asText()).isEqualTo("1.5");
    String[] other = {"tune", "show", "other", "-b", at, "--prefix", "asked"};
    assertThat(Cli.lines(other)).contains("PROBABILITY", "COST IF ALWAYS", " +- ", "best");
    for (JsonNode arm : Cli.json(line(new String[] {"--json"}, other)).get("arms")) {
      assertThat(arm.get("offPolicyCost").asDouble()).isBetween(0.0, 0.5);
      assertThat(arm.get("offPolicyWidth").asDouble()).isPositive();
      assertThat(arm.get("probability").asDouble()).isBetween(0.0, 1.0);
    }
  }

  /** While its models learn, a tuner of another job sets their learning rate. */
  @Test
  void aTunerSetsTheLearningRateOfARunningJob() throws Exception {
    String at = stack.broker().bootstrapServers();
    Path rates =
        Files.writeString(
            directory.resolve("rates.yaml"),
            """
            job: tune
            name: rates
            kafka: {bootstrap-servers: "%s"}
            topics: {prefix: rates, partitions: 1}
            checkpoint: {interval: 100ms}
            arms: {names: [0.01, 0.05, 0.25]}
            policy: {name: thompson_gaussian}
            """
                .formatted(at));
    Path learn =
        Files.writeString(
            directory.resolve("learn.yaml"),
            """
            job: learn
            name: tuned
            kafka: {bootstrap-servers: "%s"}
            topics: {prefix: tuned, partitions: 1}
            checkpoint: {interval: 100ms}
            model: {kind: linear, loss: squared}
            features: {kind: dense, dimension: 2}
            optimizer: {name: sgd, learning-rate: 0.06}
            snapshots: {every-examples: 20, dtype: f64}
            metrics: {every-examples: 20}
            """
                .formatted(at));
    List<JobID> jobs = new ArrayList<>();
    for (Path yaml : List.of(rates, learn)) {
      jobs.add(stack.submit(JobConfig.read(yaml)));
    }
    for (JobID job : jobs) {
      stack.awaitRunning(job);
    }
    CompletableFuture<String> tuning =
        CompletableFuture.supplyAsync(
            () ->
                Cli.lines(
                    "tune",
                    "learner",
                    "learning-rate",
                    "--tuner",
                    rates.toString(),
                    "--learner",
                    learn.toString(),
                    "--decisions",
                    "4",
                    "--json"));
    double last;
    try (EventWriter events =
        EventWriter.open(KafkaAccess.to(at), "test", EventTopics.of("tuned"), 1)) {
      Await.until("four decisions", () -> learning(events) && tuning.isDone());
      List<JsonNode> steps = new ArrayList<>();
      for (String line : tuning.get().lines().toList()) {
        steps.add(new ObjectMapper().readTree(line));
      }
      assertThat(steps).hasSize(4);
      assertThat(steps.get(0).get("loss").isNull()).as("judged before it was set").isTrue();
      for (int i = 1; i < 4; i++) {
        assertThat(steps.get(i).get("loss").asDouble()).isPositive();
        assertThat(steps.get(i).get("value")).isEqualTo(steps.get(i - 1).get("next"));
      }
      last = steps.get(3).get("next").asDouble();
      Await.until(
          "a model under the last decision", () -> learning(events) && trajectory().contains(last));
    }
    assertThat(trajectory()).startsWith(0.06).isSubsetOf(0.06, 0.01, 0.05, 0.25);
    JsonNode added =
        Cli.json(
            "tune", "arm", "add", "m", "1", "--value", "1", "--job", rates.toString(), "--json");
    assertThat(added.get("outcome").asText()).isEqualTo("TAKEN");
    for (JobID job : jobs) {
      stack.cancel(job);
    }
    madeAgain(Files.readString(learn));
  }

  /**
   * The orders stand among the examples where they were taken, so the topic alone is enough to make
   * each version of the tuned models again.
   */
  private static void madeAgain(String tuned) throws Exception {
    List<ModelSnapshot> first = ofAnyRun("tuned.models");
    assertThat(first.get(first.size() - 1).getProvenance().getControlEpoch()).isPositive();
    JobConfig again =
        JobConfig.parse(
            tuned
                    .replace("name: tuned", "name: again")
                    .replace("prefix: tuned", "prefix: again, examples: tuned.examples")
                + "stop: latest\n");
    stack.awaitEnd(stack.submit(again));
    List<ModelSnapshot> second = ofAnyRun("again.models");
    assertThat(second).hasSizeGreaterThanOrEqualTo(first.size());
    assertThat(second.subList(0, first.size())).isEqualTo(first);
  }

  /** Versions of the only model, without what tells runs apart. */
  private static List<ModelSnapshot> ofAnyRun(String topic) throws Exception {
    List<ModelSnapshot> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(topic).read()) {
      ModelSnapshot m = SnapshotCodec.decode(r.value());
      m.setIncarnation(0);
      all.add(m);
    }
    return all;
  }

  /** Sends some examples. */
  private static boolean learning(EventWriter events) {
    for (int i = 0; i < 10; i++) {
      events.send(Event.dense("m", i / 10f, 1f).label(i % 3));
    }
    events.flush();
    return true;
  }

  /** Learning rates of the published versions, in their order. */
  private static List<Double> trajectory() throws Exception {
    List<Double> rates = new ArrayList<>();
    for (ModelSnapshot m : ofAnyRun("tuned.models")) {
      rates.add(m.getProvenance().getHyperparameters().get("learning-rate"));
    }
    return rates;
  }

  private static List<ModelSnapshot> models() throws Exception {
    List<ModelSnapshot> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic("asked.models").read()) {
      all.add(SnapshotCodec.decode(r.value()));
    }
    return all;
  }
}

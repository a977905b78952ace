package io.millrace.tests.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.client.Decision;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      for (int i = 0; i < 50; i++) {
        many.add(client.decideAsync(TuneQuery.of("other")));
      }
      for (CompletableFuture<Decision> f : many) {
        client.report(f.get(), 0.25);
      }
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
    assertThat(sor.get("otherKeys").asInt()).isEqualTo(50);
    assertThat(sor.at("/policies/0/estimators/ips/value").asDouble()).isBetween(0.0, 0.5);
    assertThat(sor.at("/policies/1/decisions").asInt()).isEqualTo(21);
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
    Cli.json(line(where, "tune", "arm", "add", "sor", "1.9", "--value", "1.9", "--from", "1.75"));
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
    assertThat(list.get("tuners")).isNotEmpty();
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
  }

  private static List<ModelSnapshot> models() throws Exception {
    List<ModelSnapshot> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic("asked.models").read()) {
      all.add(SnapshotCodec.decode(r.value()));
    }
    return all;
  }
}

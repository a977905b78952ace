package io.millrace.tests.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.core.ConfigException;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.LearnerSettings;
import io.millrace.jobs.SampleSettings;
import io.millrace.jobs.Settings;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FederationStatus;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.KafkaTopic;
import io.millrace.tests.integration.Stack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The `sample` job between real topics. */
class SampleJobITCase {
  private static final int ROUNDS = 150;

  @TempDir static Path directory;

  private static Stack stack;
  private static Map<String, String> undisturbed;

  /** One run that nothing happens to, in one job. */
  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 2, 2);
    stack.topic("rows").create(3, Map.of());
    stack.topic("later").create(3, Map.of());
    stack.topic("rows").send(SampleRun.records(SampleRun.CLIENTS));
    JobConfig calm = config("calm", 1, whole("rows"));
    JobID job = stack.submit(calm, SampleRun.STARTED);
    ChainHistory.await(draws(calm), SampleRun.CHAINS, ROUNDS);
    stack.cancel(job);
    undisturbed = ChainHistory.of(draws(calm));
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  /** What is lost with the task managers is made again, and is the same to the bit. */
  @Test
  void chainsThatLoseTheirTaskManagersGoWhereUndisturbedOnesGo() throws Exception {
    JobConfig config = config("lost", 2, whole("later") + "status: {every: 200ms}\n");
    JobID job = stack.submit(config, SampleRun.STARTED);
    stack.topic("later").send(SampleRun.records(SampleRun.CLIENTS.subList(0, 2)));
    Await.until("the job to run", () -> stack.status(job) == JobStatus.RUNNING);
    Await.until(
        "word of who is missing",
        () -> {
          stack.checkpoint(job); // commits what has been said
          return waiting(config).startsWith("2 of 3 clients, missing silo-c since ");
        });
    stack.topic("later").send(SampleRun.records(SampleRun.CLIENTS.subList(2, 3)));
    ChainHistory.await(draws(config), SampleRun.CHAINS, 20);
    stack.checkpoint(job);
    ChainHistory.await(draws(config), SampleRun.CHAINS, 60);
    stack.cluster().terminateTaskManager(0).get();
    stack.cluster().terminateTaskManager(1).get();
    stack.cluster().startTaskManager();
    stack.cluster().startTaskManager();
    stack.awaitRestored(job);
    ChainHistory.await(draws(config), SampleRun.CHAINS, ROUNDS);
    stack.checkpoint(job);
    Await.until("a posterior", () -> !posteriors(config).isEmpty());
    stack.cancel(job);

    ChainHistory.assertEqual(ChainHistory.of(draws(config)), undisturbed, SampleRun.CHAINS, ROUNDS);
    assertThat(stack.topic(config.topic(Settings.DEAD_LETTERS)).read()).isEmpty();
    List<ModelSnapshot> posteriors = posteriors(config);
    ModelSnapshot last = posteriors.get(posteriors.size() - 1);
    assertThat(last.getConfig())
        .containsEntry("model.loss", "logistic")
        .containsEntry("clients.2", "silo-c")
        .containsKey("posterior.reliable");
    assertThat(last.getCounters()).containsEntry("epoch", 1L).containsEntry("chains", 4L);
  }

  /**
   * Silos with jobs of their own, and a router that sees neither their topics nor their broker, do
   * what one job does that sees all; and of the rows nothing stands on the broker between them.
   */
  @Test
  void onlyMessagesLeaveTheSilos() throws Exception {
    RowTraces traces = new RowTraces();
    for (String client : SampleRun.CLIENTS) {
      List<double[]> rows = SampleRun.rows(client);
      for (int i = 0; i < rows.size(); i++) {
        traces.add(client + " row " + i, rows.get(i)[0], rows.get(i)[1]);
      }
    }
    Double[] unfit = {Math.E * 1e5, Math.PI * 1e5, -Math.E * 1e7};
    traces.add("unfit row", unfit[0], unfit[1], unfit[2]);
    Path between = directory.resolve("between");
    try (EmbeddedBroker shared = EmbeddedBroker.start(between)) {
      String at = shared.bootstrapServers();
      String names = "clients.names: [silo-a, silo-b, silo-c]\n";
      JobConfig router = SampleRun.config(at, "study", 1, names + "federation.role: router\n");
      List<JobID> jobs = new ArrayList<>();
      jobs.add(stack.submit(router, SampleRun.STARTED));
      for (String client : SampleRun.CLIENTS) {
        JobConfig silo = config(client, 1, silo(client, at));
        stack
            .topic(silo.topic(LearnerSettings.EXAMPLES))
            .send(List.of(SampleRun.record(client, 0, 1, unfit)));
        stack.topic(silo.topic(LearnerSettings.EXAMPLES)).send(SampleRun.records(List.of(client)));
        jobs.add(stack.submit(silo, SampleRun.STARTED));
      }
      KafkaTopic draws = new KafkaTopic(at, router.topic(SampleSettings.DRAWS));
      ChainHistory.await(draws, SampleRun.CHAINS, ROUNDS);
      for (JobID job : jobs) {
        stack.checkpoint(job); // commits dead letters and posteriors
        stack.cancel(job);
      }

      ChainHistory.assertEqual(ChainHistory.of(draws), undisturbed, SampleRun.CHAINS, ROUNDS);
      assertThat(stack.topic("silo-a.dead-letters").deadLetters())
          .extracting(DeadLetter::getReason)
          .containsExactly(Reason.DIMENSION_MISMATCH);
      assertThat(traces.in(directory.resolve("broker"))).as("at home").hasSizeGreaterThan(360);
      assertThat(traces.in(between)).as("on the broker between").isEmpty();
      assertThatThrownBy(
              () -> config("silo-d", 1, silo("silo-d", stack.broker().bootstrapServers())))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("must be another Kafka than kafka.bootstrap-servers");
      String sameUnderAnotherName =
          stack.broker().bootstrapServers().replace("127.0.0.1", "localhost");
      assertThatThrownBy(() -> config("silo-d", 1, silo("silo-d", sameUnderAnotherName)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("belongs to the Kafka of kafka.bootstrap-servers, too");
    }
  }

  private static JobConfig config(String name, int parallelism, String more) {
    return SampleRun.config(stack.broker().bootstrapServers(), name, parallelism, more);
  }

  private static String whole(String examples) {
    return "topics.examples: " + examples + "\nclients.names: [silo-a, silo-b, silo-c]\n";
  }

  private static String silo(String client, String shared) {
    return """
    federation.role: silo
    clients.names: [%s]
    kafka.shared.bootstrap-servers: "%s"
    topics.chains: study.chains
    topics.draws: study.draws
    """
        .formatted(client, shared);
  }

  private static KafkaTopic draws(JobConfig config) {
    return stack.topic(config.topic(SampleSettings.DRAWS));
  }

  private static String waiting(JobConfig config) throws Exception {
    String last = "";
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(config.topic(Settings.METRICS)).read()) {
      if (SingleObject.standard().decode(r.value()) instanceof FederationStatus s) {
        last = s.getWaiting();
      }
    }
    return last;
  }

  private static List<ModelSnapshot> posteriors(JobConfig config) throws Exception {
    List<ModelSnapshot> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(config.topic(Settings.MODELS)).read()) {
      all.add(SnapshotCodec.decode(r.value()));
    }
    return all;
  }
}

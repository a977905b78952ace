package io.millrace.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.tests.integration.KafkaTopic;
import io.millrace.tests.sample.ChainHistory;
import io.millrace.tests.sample.RowTraces;
import io.millrace.tests.sample.SampleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * As {@link LearnJobChaos} for a job that reads what it writes, and so has no end: whatever dies,
 * chains are after each round where those of an undisturbed run are.
 */
class SampleJobChaos {
  private static final Path DIRECTORY =
      Path.of("target", "chaos", "sample-" + ProcessHandle.current().pid()).toAbsolutePath();

  /** Long visits, so that minutes of a run are thousands of rounds and not millions. */
  private static final String COMMON =
      SampleRun.ALIKE.replace("local-steps: 20", "local-steps: 4000")
          + """
          checkpoint: {interval: 2s}
          restart: {delay: 500ms, max-delay: 2s}
          """;

  private static final String NAMES = "clients.names: [silo-a, silo-b, silo-c]\n";

  /** Of the rounds between two disturbances: they come wherever the job happens to be. */
  private final SplittableRandom random = new SplittableRandom(20_260_721);

  private Path directory;
  private KafkaTopic draws;
  private int rounds;

  @BeforeEach
  void begin(TestInfo test) throws IOException {
    directory =
        Files.createDirectories(
            DIRECTORY.resolve(test.getTestMethod().orElseThrow().getName().substring(0, 8)));
    rounds = 0;
  }

  /**
   * Task managers and broker are killed, and the job goes on from savepoints, wider and narrower.
   */
  @Test
  void chainsGoWhereUndisturbedOnesGoWhateverDies() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
        ProcessCluster cluster = ProcessCluster.session(directory.resolve("cluster"), 3)) {
      String at = broker.bootstrapServers();
      rows(at, "rows", SampleRun.CLIENTS);
      draws = new KafkaTopic(at, "storm.draws");

      Run run = Run.submit(cluster, whole(at, "storm", 1));
      goOn();
      String savepoint = run.stop(directory.resolve("savepoints"));
      run.note("stopped after round " + rounds);

      run = Run.submit(cluster, whole(at, "storm", 3), savepoint);
      run.awaitCheckpointAfter(0);
      goOn();
      cluster.killTaskManager(0);
      run.note("task manager killed after round " + rounds);
      cluster.addTaskManager();
      run.awaitRestored(2); // the savepoint was the first
      goOn();
      Workbench.killAndRestart(broker);
      run.note("broker killed after round " + rounds + ", and back");
      goOn();
      run.awaitCheckpointAfter(run.checkpoints().newest());
      savepoint = run.stop(directory.resolve("savepoints"));
      run.note("stopped after round " + rounds + ", " + run.checkpoints());

      run = Run.submit(cluster, whole(at, "storm", 2), savepoint);
      run.awaitCheckpointAfter(0);
      goOn();
      run.cancel();
      Map<String, String> disturbed = ChainHistory.of(draws);

      run = Run.submit(cluster, whole(at, "calm", 2));
      KafkaTopic calm = new KafkaTopic(at, "calm.draws");
      ChainHistory.await(calm, SampleRun.CHAINS, rounds);
      assertThat(run.checkpoints().restored()).isZero();
      run.cancel();
      run.note(rounds + " rounds of each chain compared");
      ChainHistory.assertEqual(disturbed, ChainHistory.of(calm), SampleRun.CHAINS, rounds);
    }
  }

  /**
   * Two silos with brokers and clusters of their own, and a third broker between them and the
   * router. No row leaves its broker, whatever dies meanwhile.
   */
  @Test
  void silosKeepTheirRowsAndChainsGoWhereThoseOfOneJobGo() throws Exception {
    try (EmbeddedBroker first = EmbeddedBroker.start(directory.resolve("broker-first"));
        EmbeddedBroker second = EmbeddedBroker.start(directory.resolve("broker-second"));
        EmbeddedBroker shared = EmbeddedBroker.start(directory.resolve("broker-shared"));
        ProcessCluster ofFirst = ProcessCluster.session(directory.resolve("first"), 1);
        ProcessCluster ofSecond = ProcessCluster.session(directory.resolve("second"), 1);
        ProcessCluster ofRouter = ProcessCluster.session(directory.resolve("router"), 1)) {
      List<String> firsts = SampleRun.CLIENTS.subList(0, 1);
      List<String> seconds = SampleRun.CLIENTS.subList(1, 3);
      rows(first.bootstrapServers(), "rows", firsts);
      rows(second.bootstrapServers(), "rows", seconds);
      String between = shared.bootstrapServers();
      draws = new KafkaTopic(between, "study.draws");

      Run router =
          Run.submit(ofRouter, job(between, "study", 1, NAMES + "federation.role: router\n"));
      Run silo = Run.submit(ofSecond, silo(second, between, "second", "[silo-b, silo-c]"));
      Run.submit(ofFirst, silo(first, between, "first", "[silo-a]"));
      goOn();
      silo.awaitCheckpointAfter(0);
      goOn();
      ofSecond.killTaskManager(0);
      silo.note("task manager of a silo killed after round " + rounds);
      ofSecond.addTaskManager();
      silo.awaitRestored(1);
      goOn();
      router.awaitCheckpointAfter(0);
      ofRouter.killTaskManager(0);
      router.note("task manager of the router killed after round " + rounds);
      ofRouter.addTaskManager();
      router.awaitRestored(1);
      goOn();
      Workbench.killAndRestart(shared);
      router.note("shared broker killed after round " + rounds + ", and back");
      goOn();
      router.awaitCheckpointAfter(router.checkpoints().newest());
      router.cancel();
      silo.cancel();
      Map<String, String> disturbed = ChainHistory.of(draws);

      RowTraces ofA = traces(firsts);
      RowTraces ofOthers = traces(seconds);
      Path home = directory.resolve("broker-first");
      Path other = directory.resolve("broker-second");
      assertThat(ofA.in(home)).as("rows of the first at home").isNotEmpty();
      assertThat(ofOthers.in(other)).as("rows of the second at home").isNotEmpty();
      assertThat(ofA.in(other)).as("rows of the first at the second").isEmpty();
      assertThat(ofOthers.in(home)).as("rows of the second at the first").isEmpty();
      Path middle = directory.resolve("broker-shared");
      assertThat(ofA.in(middle)).as("rows of the first between").isEmpty();
      assertThat(ofOthers.in(middle)).as("rows of the second between").isEmpty();

      String at = first.bootstrapServers();
      rows(at, "all", SampleRun.CLIENTS);
      Run calm = Run.submit(ofRouter, job(at, "calm", 1, NAMES + "topics.examples: all\n"));
      KafkaTopic undisturbed = new KafkaTopic(at, "calm.draws");
      ChainHistory.await(undisturbed, SampleRun.CHAINS, rounds);
      calm.cancel();
      calm.note(rounds + " rounds of each chain compared");
      ChainHistory.assertEqual(disturbed, ChainHistory.of(undisturbed), SampleRun.CHAINS, rounds);
    }
  }

  /** Lets every chain make some rounds more. */
  private void goOn() {
    rounds += 20 + random.nextInt(60);
    ChainHistory.await(draws, SampleRun.CHAINS, rounds);
  }

  private static void rows(String servers, String topic, List<String> clients) throws Exception {
    KafkaTopic rows = new KafkaTopic(servers, topic);
    rows.create(3, Map.of());
    rows.send(SampleRun.records(clients));
  }

  private static RowTraces traces(List<String> clients) {
    RowTraces traces = new RowTraces();
    for (String client : clients) {
      for (double[] row : SampleRun.rows(client)) {
        traces.add(client, row[0], row[1]);
      }
    }
    return traces;
  }

  private Path whole(String servers, String name, int parallelism) throws IOException {
    return job(servers, name, parallelism, NAMES + "topics.examples: rows\n");
  }

  private Path silo(EmbeddedBroker own, String shared, String name, String clients)
      throws IOException {
    return job(
        own.bootstrapServers(),
        name,
        1,
        """
        federation.role: silo
        clients.names: %s
        kafka.shared.bootstrap-servers: "%s"
        topics.examples: rows
        topics.chains: study.chains
        topics.draws: study.draws
        """
            .formatted(clients, shared));
  }

  private Path job(String servers, String name, int parallelism, String more) throws IOException {
    String yaml =
        COMMON
            + """
            name: %1$s
            kafka.bootstrap-servers: "%2$s"
            topics.prefix: %1$s
            topics.partitions: 3
            checkpoint.directory: %3$s
            parallelism: %4$d
            """
                .formatted(name, servers, directory.resolve("checkpoints").toUri(), parallelism)
            + more;
    return Files.writeString(directory.resolve(name + "-" + parallelism + ".yaml"), yaml);
  }
}

package io.millrace.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The shaded jar on a Flink cluster of real processes and a real broker, killed as the kernel
 * kills. Whatever dies, the topics hold byte for byte what they hold after a run that nobody
 * disturbed.
 */
class LearnJobChaos {
  private static final Path DIRECTORY =
      Path.of("target", "chaos", Long.toString(ProcessHandle.current().pid()));
  private static final int EVENTS = 40_000;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static Workbench bench;
  private static Outcome undisturbed;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    bench = new Workbench(DIRECTORY, EVENTS, ChaosFamily.LEARN);
    undisturbed = bench.calm("calm");
    assertThat(undisturbed.versions()).isGreaterThan(EVENTS / 200);
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void equalsTheUndisturbedRunAfterKillingATaskManagerAndTheBroker() throws Exception {
    bench.storm("storm").assertEquals(undisturbed);
  }

  @Test
  void equalsTheUndisturbedRunWhenAWholeClusterDiesAndAWiderOneTakesOver() throws Exception {
    bench.fall("fallen", undisturbed).assertEquals(undisturbed);
  }

  @Test
  void runsInApplicationModeAndEndsWithItsJob() throws Exception {
    Path yaml = bench.job("application", 2, "backend: rocksdb, bundle: 4");
    try (ProcessCluster cluster =
        ProcessCluster.application(DIRECTORY.resolve("application"), 2, composeArguments(yaml))) {
      assertThat(cluster.jobManager().await(LIMIT)).isZero();
    }
    bench.outcome("application").assertEquals(undisturbed);
  }

  /** The job manager's arguments as docker-compose.yml has them, with another YAML. */
  private static List<String> composeArguments(Path yaml) throws IOException {
    String entry = "command: standalone-job ";
    String line =
        Files.readAllLines(Path.of("..", "docker-compose.yml")).stream()
            .map(String::strip)
            .filter(l -> l.startsWith(entry))
            .findFirst()
            .orElseThrow();
    String arguments = line.substring(entry.length());
    assertThat(arguments).contains(" ${MILLRACE_START:-} /opt/flink/usrlib/job.yaml");
    return List.of(
        arguments
            .replace("${MILLRACE_START:-} ", "")
            .replace("/opt/flink/usrlib/job.yaml", yaml.toString())
            .split(" "));
  }
}

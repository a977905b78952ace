package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Command lines that end before any Kafka is asked. */
class CommandsTest {
  private static final String NOWHERE = "127.0.0.1:1";

  private final Cli cli = new Cli();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo --rows 10",
        "demo --rows 200 --keys 100",
        "demo --rate 0",
        "demo --keys many",
        "run",
        "produce --data x.csv",
        "produce --data x.csv --key a --key-column b",
        "produce --data x.csv --key a --rate -1",
        "models",
        "models show",
        "dead-letters",
        "dead-letters list --reason NO_SUCH_REASON",
      })
  void whatCannotBeUnderstoodIsAUsageFault(String line) {
    assertThat(cli.run(line.split(" "))).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).isNotBlank();
  }

  @Test
  void theDemoOfAFamilyThereIsNotSaysWhichThereAre() {
    assertThat(cli.run("demo", "--job", "federate")).isEqualTo(1);
    assertThat(cli.err())
        .contains("--job = federate", "this release has dictionary, learn, sample, tune");
  }

  @Test
  void everyFaultOfAJobIsPrintedWithItsFile(@TempDir Path dir) throws Exception {
    Path job = dir.resolve("job.yaml");
    Files.writeString(job, "job: learn\nmini-batch: 0\nno-such-setting: 1\n");
    assertThat(cli.run("run", job.toString())).isEqualTo(1);
    assertThat(cli.err())
        .contains("mini-batch = '0'", "no-such-setting", "kafka.bootstrap-servers")
        .doesNotContain("\tat ");
  }

  @Test
  void theCheckOfAFaultyJobIsJsonToo(@TempDir Path dir) throws Exception {
    Path job = dir.resolve("job.yaml");
    Files.writeString(job, "job: learn\nmini-batch: 0\n");
    assertThat(cli.run("run", "--check", "--json", job.toString())).isEqualTo(1);
    JsonNode o = new ObjectMapper().readTree(cli.out());
    assertThat(o.get("valid").asBoolean()).isFalse();
    assertThat(o.get("faults").toString()).contains("mini-batch = '0'", "bootstrap-servers");
  }

  @Test
  void aSavepointThatIsNotThereEndsRunAtOnce(@TempDir Path dir) throws Exception {
    Path job = dir.resolve("electricity.yaml");
    Files.copy(Commands.class.getResourceAsStream("demo/electricity.yaml"), job);
    assertThat(cli.run("run", job.toString(), "--from", "/nosuch")).isEqualTo(1);
    assertThat(cli.err()).contains("--from /nosuch: is not there").doesNotContain("running");
  }

  @Test
  void aJobSaysWhichKafkaAndWhichTopicsAreMeant(@TempDir Path dir) throws Exception {
    Path job = dir.resolve("job.yaml");
    Files.writeString(
        job,
        """
        job: learn
        name: sensors
        kafka: {bootstrap-servers: "127.0.0.1:2"}
        topics: {prefix: sensors, models: elsewhere}
        model: {loss: squared}
        features: {kind: dense, dimension: 2}
        """);
    KafkaOptions of = options("--job", job.toString());
    assertThat(of.bootstrapServers()).isEqualTo("127.0.0.1:2");
    assertThat(of.topic(null, Role.EXAMPLES)).isEqualTo("sensors.examples");
    assertThat(of.topic(null, Role.MODELS)).isEqualTo("elsewhere");
    assertThat(of.topic(null, Role.DEAD_LETTERS)).isEqualTo("sensors.dead-letters");
    assertThat(of.topic("mine", Role.MODELS)).isEqualTo("mine");
    KafkaOptions there = options("--job", job.toString(), "-b", NOWHERE);
    assertThat(there.bootstrapServers()).isEqualTo(NOWHERE);
    assertThat(options("--prefix", "a.b").topic(null, Role.METRICS)).isEqualTo("a.b.metrics");
    assertThat(options().topic(null, Role.PREDICTIONS)).isEqualTo("millrace.predictions");
    assertThatThrownBy(
            () -> options("--prefix", "x", "--job", job.toString()).topic(null, Role.MODELS))
        .hasMessageContaining("--prefix x");
  }

  private static KafkaOptions options(String... args) {
    KafkaOptions options = new KafkaOptions();
    CommandLine.populateCommand(options, args);
    return options;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models list",
        "models watch",
        "control --all pause",
        "dead-letters list",
        "metrics",
        "predictions",
        "produce --data x.csv --key a"
      })
  void everyCommandThatTakesATopicTakesAJob(String line) {
    assertThat(cli.run((line + " --job /nosuch.yaml").split(" "))).isEqualTo(1);
    assertThat(cli.err()).contains("/nosuch.yaml");
  }

  @Test
  void anAddressThatDoesNotResolveIsALine() {
    assertThat(cli.run("models", "list", "-b", "no-such-host.invalid:9092")).isEqualTo(1);
    assertThat(cli.err())
        .contains("Kafka at no-such-host.invalid:9092", "resolvable")
        .doesNotContain("KafkaException", "because of", "--debug");
  }

  @ParameterizedTest
  @ValueSource(strings = {"electricity.yaml", "patches.yaml"})
  void theJobsOfTheDemosAreValid(String name, @TempDir Path dir) throws Exception {
    Path job = dir.resolve(name);
    Files.copy(Commands.class.getResourceAsStream("demo/" + name), job);
    assertThat(cli.run("run", "--check", "--json", job.toString())).as(cli.err()).isZero();
    JsonNode o = new ObjectMapper().readTree(cli.out());
    assertThat(o.get("valid").asBoolean()).isTrue();
  }

  @Test
  void whatIsWatchedIsShownAndBadSettingsAreNamed(@TempDir Path dir) throws Exception {
    Path rows = dir.resolve("rows.csv");
    Files.writeString(rows, "x,y\n1,0\n2,1\n3,1\n4,1\n5,0\n6,1\n7,1\n8,1\n9,1\n");
    String line = "evaluate --label y --json --data " + rows;
    JsonNode watched =
        result(
                line
                    + " --metrics faded,auc --watch metrics.fading=0.9 --coverage 0.5"
                    + " --drift page-hinkley --watch drift.reaction=reset")
            .get("watched");
    assertThat(watched.get("fadedNoChangeAccuracy").asDouble()).isBetween(0.5, 0.7);
    assertThat(watched.has("recentRocAuc")).isTrue();
    assertThat(watched.get("intervalCoverage").asDouble()).isBetween(0.0, 1.0);
    assertThat(watched.get("driftSince").asDouble()).isEqualTo(9);
    assertThat(result(line).has("watched")).isFalse();
    assertThat(cli.run((line + " --drift adwim").split(" "))).isEqualTo(1);
    assertThat(cli.run((line + " --watch fading=0.9").split(" "))).isEqualTo(1);
    assertThat(cli.err())
        .contains("drift.detector: no detector 'adwim'", "begins with one of [metrics, intervals");
  }

  @Test
  void aLearningRateIsCarriedToAnotherMiniBatch(@TempDir Path dir) throws Exception {
    Path rows = dir.resolve("rows.csv");
    Files.writeString(rows, "x,y\n1,0\n2,1\n3,1\n4,1\n5,0\n6,1\n7,1\n8,1\n9,1\n");
    String line =
        "evaluate --label y --optimizer sgd --scaling none --mini-batch 4 --json --data " + rows;
    double carried = loss(line + " --set learning-rate=0.25 --batch-rule linear --base-batch 2");
    assertThat(carried).isEqualTo(loss(line + " --set learning-rate=0.5"));
    assertThat(carried).isNotEqualTo(loss(line + " --set learning-rate=0.25"));
    assertThat(cli.run((line + " --batch-rule linear").split(" "))).isEqualTo(1);
    assertThat(cli.run("evaluate --compare sgd --batch-rule linear --data x.csv".split(" ")))
        .isEqualTo(1);
    assertThat(cli.err()).contains("there is no learning rate to scale", "--compare looks");
  }

  private static double loss(String line) throws Exception {
    return result(line).get("loss").asDouble();
  }

  private static JsonNode result(String line) throws Exception {
    Cli alone = new Cli();
    assertThat(alone.run(line.split(" "))).as(alone.err()).isZero();
    return new ObjectMapper().readTree(alone.out());
  }

  @Test
  void anAbsentKafkaIsOneLineNamingTheAddress() {
    assertThat(cli.run("models", "list", "-b", NOWHERE, "--json")).isEqualTo(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err().lines())
        .singleElement()
        .asString()
        .contains("Kafka at " + NOWHERE + " does not answer", "--kafka-properties");
  }

  /** The job would send it to the dead letters. */
  @Test
  void aCountBelowZeroIsNoCount(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("a.csv"), "x,n\n1,2\n2,-1\n");
    assertThat(cli.run("evaluate", "--data", file.toString(), "--label", "n", "--loss", "poisson"))
        .isEqualTo(1);
    assertThat(cli.err()).contains("row 2: label is -1.0; this loss takes numbers from 0 up");
  }

  /** A regression showed the accuracy NaN and nothing that has the unit of its labels. */
  @Test
  void numbersAreJudgedByTheirDistance(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("numbers.csv"), "x,y\n1,2\n1,-4\n1,\n");
    String evaluate = "evaluate --label y --optimizer sgd --set lr=1e-12 --json --data " + file;
    JsonNode numbers = result(evaluate + " --loss squared");
    assertThat(numbers.get("mae").asDouble()).isCloseTo(3, within(1e-9));
    assertThat(numbers.get("rmse").asDouble()).isCloseTo(Math.sqrt(10), within(1e-9));
    assertThat(numbers.get("accuracy").isNull()).isTrue();
    JsonNode classes = result(evaluate);
    assertThat(classes.get("accuracy").isNumber()).isTrue();
    assertThat(classes.get("rmse").isNull()).isTrue();
  }
}

package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the text of a job may look like, and that it is taken as it is spelt. */
class JobTextTest {
  private static final String MINIMAL =
      """
      kafka: {bootstrap-servers: "localhost:9092"}
      features: {dimension: 14}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"", "[1]", "a: [1", "text"})
  void refusesWhatIsNoMapOfSettings(String yaml) {
    assertThat(JobConfigTest.faults(yaml))
        .hasSize(1)
        .first()
        .asString()
        .contains("must be one YAML map");
  }

  @ParameterizedTest
  @CsvSource({
    "/srv/my jobs/ü, file:///srv/my jobs/ü",
    "'/srv/a%20b#?', 'file:///srv/a%20b#?'",
    "s3://bucket/folder, s3://bucket/folder",
    "file:///srv/my jobs, file:///srv/my jobs"
  })
  void aFolderForCheckpointsIsTakenAsItIsSpelt(String given, String taken) {
    JobConfig config = JobConfig.parse(MINIMAL + "checkpoint: {directory: \"" + given + "\"}\n");
    assertThat(config.get(Settings.CHECKPOINT_DIRECTORY)).isEqualTo(taken);
    assertThat(new org.apache.flink.core.fs.Path(taken).getPath())
        .isEqualTo(given.replaceFirst("^[a-z0-9]+://(bucket)?", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoints", "./checkpoints", "C:"})
  void aFolderThatIsNowhereInParticularIsRefused(String directory) {
    String yaml = MINIMAL + "checkpoint: {directory: \"" + directory + "\"}\n";
    assertThatThrownBy(() -> JobConfig.parse(yaml))
        .hasMessageContaining(
            "checkpoint.directory = '" + directory + "'; must be an absolute path");
  }

  @Test
  void aKeyThatStandsTwiceIsNamedAndIsNoFaultOfTheSyntax() {
    assertThat(JobConfigTest.faults("a: 1\na: 2"))
        .containsExactly("job line 2, column 2: the key 'a' stands twice; keep one of the two");
    assertThat(JobConfigTest.faults("a: [1").get(0)).contains("not YAML").doesNotContain("twice");
  }

  @Test
  void namesAFileThatCannotBeRead() {
    assertThatThrownBy(() -> JobConfig.read(Path.of("no-such.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'no-such.yaml'");
  }

  @ParameterizedTest
  @CsvSource({
    "10s,10000",
    "1h,3600000",
    "PT10S,10000",
    "500ms,500",
    "2 min,120000",
    "7d,604800000"
  })
  void readsDurations(String text, long millis) {
    assertThat(Values.duration(text)).hasMillis(millis);
  }

  @ParameterizedTest
  @CsvSource({"4096,4096", "900KiB,921600", "1MB,1000000", "1 MiB,1048576"})
  void readsSizes(String text, int bytes) {
    assertThat(Values.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "-1s", "10", "10x", "99999999999999999999s", "PT-1S"})
  void refusesOtherDurations(String text) {
    assertThatThrownBy(() -> Values.duration(text)).isInstanceOf(RuntimeException.class);
  }

  /** Sizes overflowed to negative numbers, and a key could be longer than a record can say. */
  @ParameterizedTest
  @CsvSource({
    "key-bytes, 32768",
    "key-bytes, 1GiB",
    "key-bytes, 3GiB",
    "record-bytes, 2GiB",
    "kept-bytes, 4GiB",
    "id-bytes, 99999999999999999999"
  })
  void sizesThatNothingCanHoldAreRefused(String limit, String size) {
    assertThatThrownBy(
            () ->
                JobConfig.parse(
                    """
                    kafka: {bootstrap-servers: "localhost:9092"}
                    features: {dimension: 3}
                    limits: {%s: %s}
                    """
                        .formatted(limit, size)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("limits." + limit + " = '" + size + "'");
  }

  @Test
  void aSettingThatStandsInTwoFormsIsRefused() {
    assertThatThrownBy(
            () ->
                JobConfig.parse(
                    """
                    kafka: {bootstrap-servers: "localhost:9092"}
                    features: {dimension: 3}
                    features.dimension: 4
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("features.dimension: stands twice");
  }

  @Test
  void everyScalarIsTakenAsItIsSpelt() {
    JobConfig config =
        JobConfig.parse(
            """
            name: 0123
            kafka:
              bootstrap-servers: localhost:9092
              properties: {sasl.password: 1e3, client.rack: 007, ssl.key.password: NO, a.b: 12:30:45}
            topics: {prefix: 1_000}
            model: {kind: softmax, classes: [NO, False, null, ~, 0x1F, 1_000, 1.0, 'a: b', y]}
            features: {dimension: 2}
            """);
    assertThat(config.name()).isEqualTo("0123");
    assertThat(config.get(Settings.TOPIC_PREFIX)).isEqualTo("1_000");
    assertThat(config.get(LearnSettings.CLASSES))
        .containsExactly("NO", "False", "null", "~", "0x1F", "1_000", "1.0", "a: b", "y");
    assertThat(config.kafkaProperties())
        .containsEntry("sasl.password", "1e3")
        .containsEntry("client.rack", "007")
        .containsEntry("ssl.key.password", "NO")
        .containsEntry("a.b", "12:30:45");
  }

  /** What YAML would read as another number is a fault, and so is what it would leave out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mini-batch: 1_000 | mini-batch = '1_000'; must be a whole number",
        "mini-batch: 0x10 | mini-batch = '0x10'; must be a whole number",
        "optimizer: {learning-rate: 0x1p3} | learning-rate = '0x1p3'; must be a finite number",
        "optimizer: {learning-rate: 1d} | learning-rate = '1d'; must be a finite number",
        "snapshots: {at-end: yes} | snapshots.at-end = 'yes'; must be true or false",
        "model: {classes: [a, *b]} | an alias, '*b'; write the value out",
        "model: {classes: [a, , b]} | not YAML",
        "'--- {}' | a second document",
      })
  void whatYamlWouldChangeIsAFault(String line, String message) {
    assertThatThrownBy(() -> JobConfig.parse(MINIMAL + line + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void leadingZerosAreNoOctalNumbers() {
    assertThat(JobConfig.parse(MINIMAL + "mini-batch: 010\n").get(LearnSettings.MINI_BATCH))
        .isEqualTo(10);
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstKey(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("job.yaml"), "\uFEFFname: x\n" + MINIMAL);
    assertThat(JobConfig.read(file).name()).isEqualTo("x");
    Files.write(file, "name: gr\u00fcn".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> JobConfig.read(file)).hasMessageContaining("its bytes are not UTF-8");
  }

  /** An element of a list had to be given by a name of its own. */
  @Test
  void hyperparametersThatAreListsMayBeListed() {
    String yaml = MINIMAL + "optimizer: {name: streaming_svrg, stage-lengths: %s}\n";
    JobConfig listed = JobConfig.parse(yaml.formatted("[5, 7, 9]"));
    JobConfig named = JobConfig.parse(yaml.formatted("5, stage-lengths-2: 7, stage-lengths-3: 9"));
    assertThat(new LearnPlan(listed).learner()).isEqualTo(new LearnPlan(named).learner());
    assertThat(JobConfigTest.faults(yaml.formatted("[5, 7], stage-lengths-2: 9")))
        .containsExactly(
            "optimizer.stage-lengths-2: stands twice, once in a list and once by its own name");
    assertThat(JobConfigTest.faults(yaml.formatted("[5, fast]")))
        .containsExactly("optimizer.stage-lengths-2 = 'fast'; must be a finite number");
    assertThat(JobConfigTest.faults(yaml.formatted("[5, [7]]")))
        .containsExactly(
            "optimizer.stage-lengths: holds a list; must be a single value or a list of such");
    assertThat(JobConfigTest.faults(yaml.formatted("5, growth: [1, 2]")).get(0))
        .contains("has no hyperparameter 'growth-2'");
    assertThat(JobConfigTest.faults("kafka: {properties: {client.rack: [a, b]}}"))
        .contains("kafka.properties.client.rack: holds a list; must be a single value");
  }
}

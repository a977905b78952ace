package io.millrace.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's way from a file to models and back from the dead letters, by commands alone. */
class CommandsITCase {
  private static final int ROWS = 600;
  private static final int BROKEN = 5;

  @TempDir Path dir;

  @Test
  void produceRunModelsDeadLetters() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir.resolve("broker"))) {
      String at = broker.bootstrapServers();
      Path job = job(at);
      Path data = data();

      // Topics come with the first submission; there is nothing to read yet.
      run(job);
      JsonNode produced =
          Cli.json(
              "produce",
              "--data",
              data.toString(),
              "--label",
              "side",
              "--key-column",
              "who",
              "--batch",
              "16",
              "-b",
              at,
              "--json");
      assertThat(produced.get("events").asInt()).isEqualTo(ROWS);
      assertThat(produced.get("keys").asInt()).isEqualTo(2);
      assertThat(produced.get("dimension").asInt()).isEqualTo(2);
      run(job);

      JsonNode models = Cli.json("models", "list", "-b", at, "--json").get("models");
      assertThat(models).hasSize(2);
      long learned = 0;
      for (JsonNode m : models) {
        learned += m.get("counters").get("examples").asLong();
        assertThat(m.get("metrics").get("accuracy").asDouble()).isGreaterThan(0.8);
      }
      assertThat(learned).isEqualTo(ROWS - BROKEN);
      showAndExport(at);
      watch(at);
      deadLetters(at, job);
    }
  }

  private void showAndExport(String at) throws Exception {
    JsonNode model = Cli.json("models", "show", "a", "--tensors", "-b", at, "--json");
    assertThat(model.get("config").toString()).contains("left");
    assertThat(model.get("tensors").get(0).get("values")).isNotEmpty();
    for (String format : new String[] {"json", "avro", "onnx", "snapshot"}) {
      Path file = dir.resolve("a." + format);
      JsonNode exported =
          Cli.json(
              "models",
              "export",
              "a",
              "--format",
              format,
              "--out",
              file.toString(),
              "-b",
              at,
              "--json");
      assertThat(exported.get("bytes").asLong()).isEqualTo(Files.size(file)).isPositive();
    }
    assertThat(new ObjectMapper().readTree(dir.resolve("a.json").toFile()).get("key").asText())
        .isEqualTo("a");
  }

  private static void watch(String at) throws Exception {
    JsonNode version = Cli.json("models", "watch", "b", "--count", "1", "-b", at, "--json");
    assertThat(version.get("key").asText()).isEqualTo("b");
  }

  private void deadLetters(String at, Path job) throws Exception {
    JsonNode letters = Cli.json("dead-letters", "list", "-b", at, "--json");
    assertThat(letters.get("count").asInt()).isEqualTo(BROKEN);
    assertThat(letters.get("byReason").get("UNKNOWN_CLASS").asInt()).isEqualTo(BROKEN);

    assertThat(replay(at, "--reason", "BAD_WEIGHT").get("replayed").asInt()).isZero();
    JsonNode dry = replay(at, "--dry-run");
    assertThat(dry.get("due").asInt()).isEqualTo(BROKEN);
    assertThat(dry.get("replayed").asInt()).isZero();
    assertThat(replay(at).get("replayed").asInt()).isEqualTo(BROKEN);
    JsonNode second = replay(at);
    assertThat(second.get("replayed").asInt()).isZero();
    assertThat(second.get("replayedBefore").asInt()).isEqualTo(BROKEN);

    // Read again from the beginning: the letters of before, the same once more, and the replayed.
    run(job);
    letters = Cli.json("dead-letters", "list", "-b", at, "--json");
    assertThat(letters.get("count").asInt()).isEqualTo(3 * BROKEN);
    assertThat(replay(at).get("due").asInt()).isEqualTo(2 * BROKEN);
    assertThat(replay(at, "--again").get("replayed").asInt()).isEqualTo(3 * BROKEN);
  }

  private static JsonNode replay(String at, String... more) throws Exception {
    String[] args = new String[5 + more.length];
    System.arraycopy(new String[] {"dead-letters", "replay", "-b", at, "--json"}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    return Cli.json(args);
  }

  private void run(Path job) throws Exception {
    Cli.json(
        "run",
        job.toString(),
        "--rest-port",
        "0",
        "--work-dir",
        dir.resolve("work").toString(),
        "--json");
  }

  private Path job(String at) throws Exception {
    return Files.writeString(
        dir.resolve("job.yaml"),
        """
        job: learn
        name: sides
        kafka: {bootstrap-servers: "%s"}
        model: {kind: linear, loss: logistic, classes: [left, right]}
        features: {kind: dense, dimension: 2, scaling: standard}
        optimizer: {name: sgd, learning-rate: 0.1}
        checkpoint: {interval: 500ms}
        parallelism: 1
        stop: latest
        """
            .formatted(at));
  }

  private Path data() throws Exception {
    StringBuilder csv = new StringBuilder("who,x,y,side\n");
    for (int i = 0; i < ROWS; i++) {
      double x = Math.sin(i);
      double y = Math.cos(3.0 * i);
      String side = i % (ROWS / BROKEN) == 7 ? "up" : x + y > 0 ? "right" : "left";
      csv.append(i % 3 == 0 ? "b" : "a").append(',').append(x).append(',').append(y);
      csv.append(',').append(side).append('\n');
    }
    return Files.writeString(dir.resolve("data.csv"), csv);
  }
}

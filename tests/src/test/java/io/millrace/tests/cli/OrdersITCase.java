package io.millrace.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.Millrace;
import io.millrace.cli.run.LocalJob;
import io.millrace.jobs.JobConfig;
import io.millrace.tests.integration.Await;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running job is asked and told by commands that know its YAML. */
class OrdersITCase {
  private static final int ROWS = 400;

  @TempDir Path dir;

  private String job;

  @Test
  void ordersAreAnsweredAndFiguresRead() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir.resolve("broker"))) {
      Path yaml =
          Files.writeString(
              dir.resolve("job.yaml"),
              """
              job: learn
              name: one
              kafka: {bootstrap-servers: "%s"}
              topics: {prefix: sensors, partitions: 2}
              model: {loss: squared}
              features: {kind: dense, dimension: 2}
              predictions: {enabled: true}
              candidates: {other: {optimizer: {name: sgd, learning-rate: 0.001}}}
              gate: {bound: 1, min-events: 1000000}
              metrics: {every-examples: 50}
              checkpoint: {interval: 300ms}
              """
                  .formatted(broker.bootstrapServers()));
      job = yaml.toString();
      try (LocalJob running = LocalJob.start(JobConfig.read(yaml), "0", null, dir, note -> {})) {
        assertThat(running.awaitRunning(Duration.ofSeconds(60))).isTrue();
        assertThat(get(running.webInterface() + "/jobs/overview")).contains("\"name\":\"one\"");
        produce();
        orders();
        figures();
        candidates();
        assertThat(running.figures().sum("examplesLearned")).isEqualTo(ROWS);
        assertThat(running.figures().mean("loss")).isFinite();
      }
    }
  }

  private void produce() throws Exception {
    StringBuilder rows = new StringBuilder("x,y,target\n");
    for (int i = 0; i < ROWS; i++) {
      rows.append(i % 7).append(',').append(i % 5).append(',').append(i % 7 - i % 5).append('\n');
    }
    String data = Files.writeString(dir.resolve("rows.csv"), rows).toString();
    JsonNode sent =
        Cli.json(
            "produce",
            "--job",
            job,
            "--data",
            data,
            "--label",
            "target",
            "--numeric-label",
            "--key",
            "a",
            "--json");
    assertThat(sent.get("topic").asText()).isEqualTo("sensors.examples");
  }

  private void orders() throws Exception {
    JsonNode taken = order(0, "--key", "a", "set", "learning-rate", "0.05");
    assertThat(taken.get("outcome").asText()).isEqualTo("TAKEN");
    assertThat(taken.get("job").asText()).isEqualTo("one");
    assertThat(taken.get("steps").asLong()).isEqualTo(ROWS);
    assertThat(order(0, "--all", "snapshot").get("outcome").asText()).isEqualTo("TAKEN");
    assertThat(order(1, "--key", "nobody", "pause").get("reason").asText())
        .isEqualTo("CONTROL_FOR_ABSENT_KEY");
    JsonNode unknown = order(1, "--key", "a", "set", "no-such-thing", "1");
    assertThat(unknown.get("message").asText()).contains("no hyperparameter 'no-such-thing'");
    assertThat(order(0, "--key", "a", "pause", "--no-wait").has("outcome")).isFalse();
    JsonNode late = order(1, "--key", "a", "resume", "--timeout", "0");
    assertThat(late.get("outcome").isNull()).isTrue();
  }

  private void candidates() throws Exception {
    JsonNode taken = ask(0, "models", "promote", "a", "other", "--job", job, "--json");
    assertThat(taken.get("outcome").asText()).isEqualTo("TAKEN");
    Await.until(
        "the candidate is published",
        () ->
            Cli.json("models", "show", "a", "--job", job, "--json")
                .at("/config/candidate")
                .asText()
                .equals("other"));
    JsonNode again = ask(1, "models", "promote", "a", "other", "--job", job, "--json");
    assertThat(again.get("message").asText()).contains("serves 'a' already");
    assertThat(ask(0, "models", "rollback", "a", "--job", job, "--json").get("outcome").asText())
        .isEqualTo("TAKEN");
    assertThat(ask(1, "models", "rollback", "a", "--job", job, "--json").get("reason").asText())
        .isEqualTo("UNKNOWN_CONTROL");
  }

  private JsonNode order(int code, String... order) throws Exception {
    String[] line = new String[order.length + 4];
    System.arraycopy(new String[] {"control", "--job", job, "--json"}, 0, line, 0, 4);
    System.arraycopy(order, 0, line, 4, order.length);
    return ask(code, line);
  }

  private static JsonNode ask(int code, String... line) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int found =
        Millrace.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line);
    assertThat(found).as(out + "\n" + err).isEqualTo(code);
    return new ObjectMapper().readTree(out.toString());
  }

  private void figures() throws Exception {
    JsonNode metrics = Cli.json("metrics", "--job", job, "--json");
    assertThat(metrics.get("topic").asText()).isEqualTo("sensors.metrics");
    JsonNode a = metrics.get("metrics").get(0);
    assertThat(a.get("key").asText()).isEqualTo("a");
    assertThat(a.get("values").get("loss").asDouble()).isPositive();
    assertThat(a.get("values").has("accuracy")).isFalse();
    JsonNode predictions = Cli.json("predictions", "--job", job, "--last", "3", "--json");
    assertThat(predictions.get("count").asInt()).isEqualTo(ROWS);
    assertThat(predictions.get("predictions")).hasSize(3);
  }

  private static String get(String uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}

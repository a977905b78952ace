package io.millrace.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Millrace;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** {@code millrace dashboard} beside a broker, asked as its page asks. */
final class PageOfAJob implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final StringWriter notes = new StringWriter();
  private final Thread command;
  private final URI url;

  PageOfAJob(String bootstrapServers) throws Exception {
    PipedReader said = new PipedReader();
    PrintWriter out = new PrintWriter(new PipedWriter(said));
    command =
        new Thread(
            () -> {
              ended.complete(
                  Millrace.commandLine()
                      .setOut(out)
                      .setErr(new PrintWriter(notes))
                      .execute("dashboard", "-b", bootstrapServers, "--port", "0", "--json"));
              out.close();
            });
    command.start();
    String line = new BufferedReader(said).readLine();
    assertThat(line).as(notes.toString()).isNotNull();
    url = URI.create(JSON.readTree(line).get("url").asText());
  }

  /** The first screen, once it is as wanted. */
  JsonNode screen(Predicate<JsonNode> wanted) throws Exception {
    HttpRequest ask =
        HttpRequest.newBuilder(url.resolve("/events")).timeout(Duration.ofMinutes(1)).build();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                http.send(ask, HttpResponse.BodyHandlers.ofInputStream()).body(),
                StandardCharsets.UTF_8))) {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      JsonNode last = null;
      for (String l = in.readLine(); l != null && System.nanoTime() < end; l = in.readLine()) {
        if (l.startsWith("data: ")) {
          last = JSON.readTree(l.substring("data: ".length()));
          if (wanted.test(last)) {
            return last;
          }
        }
      }
      throw new AssertionError("the page shows " + last + "\n" + notes);
    }
  }

  /** Answer to a question. */
  JsonNode ask(String path) throws Exception {
    HttpResponse<String> r =
        http.send(
            HttpRequest.newBuilder(url.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(r.statusCode()).as(path + ": " + r.body()).isEqualTo(200);
    return JSON.readTree(r.body());
  }

  @Override
  public void close() {
    command.interrupt();
    assertThat(ended.orTimeout(30, TimeUnit.SECONDS).join()).as(notes.toString()).isZero();
  }
}

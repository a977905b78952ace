package io.millrace.cli.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks Flink's web interface for checkpoints and restarts of the job that runs there. */
final class ClusterWatch {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long HOUR = 3_600_000;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();
  private final String base;

  /**
   * A watch.
   *
   * @param url of the web interface
   */
  ClusterWatch(String url) {
    base = url.replaceFirst("/$", "");
  }

  /** How it does now. */
  Cluster look(long now) throws InterruptedException {
    try {
      JsonNode job = job(get("/jobs/overview"));
      if (job == null) {
        return Cluster.unknown("no job runs at " + base);
      }
      String id = job.get("jid").asText();
      return of(
          job.path("state").asText(),
          get("/jobs/" + id + "/checkpoints"),
          get("/jobs/" + id + "/exceptions"),
          now);
    } catch (IOException e) {
      return Cluster.unknown(base + " does not answer: " + e.getMessage());
    }
  }

  /** The newest of those that run, else the newest of all. */
  private static JsonNode job(JsonNode overview) {
    JsonNode found = null;
    for (JsonNode j : overview.path("jobs")) {
      if (found == null || rank(j) > rank(found)) {
        found = j;
      }
    }
    return found;
  }

  private static long rank(JsonNode job) {
    boolean runs = !job.path("state").asText().matches("FINISHED|FAILED|CANCELED");
    return job.path("start-time").asLong() + (runs ? Long.MAX_VALUE / 2 : 0);
  }

  /** Of the answers of Flink's interface. */
  static Cluster of(String state, JsonNode checkpoints, JsonNode exceptions, long now) {
    int restarts = 0;
    long last = 0;
    String reason = "";
    for (JsonNode e : exceptions.path("exceptionHistory").path("entries")) {
      long at = e.path("timestamp").asLong();
      if (at > now - HOUR) {
        restarts++;
      }
      if (at > last) {
        last = at;
        reason = reason(e.path("stacktrace").asText(e.path("exceptionName").asText()));
      }
    }
    JsonNode counts = checkpoints.path("counts");
    return new Cluster(
        true,
        "",
        state,
        counts.path("completed").asLong(),
        counts.path("failed").asLong(),
        checkpoints.path("latest").path("completed").path("latest_ack_timestamp").asLong(),
        restarts,
        last,
        reason);
  }

  /** The innermost cause that a stack trace names, without the names of packages. */
  private static String reason(String trace) {
    String line =
        trace
            .lines()
            .filter(l -> l.startsWith("Caused by: "))
            .reduce((a, b) -> b)
            .orElse(trace.lines().findFirst().orElse(""));
    return line.replaceFirst("^Caused by: ", "")
        .replaceAll("\\b(?:[a-z][a-z0-9_]*\\.){2,}(?=[A-Z])", "");
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> r =
        http.send(
            HttpRequest.newBuilder(URI.create(base + path)).timeout(LIMIT).build(),
            HttpResponse.BodyHandlers.ofString());
    if (r.statusCode() != 200) {
      throw new IOException(path + ": status " + r.statusCode());
    }
    return Json.MAPPER.readTree(r.body());
  }
}

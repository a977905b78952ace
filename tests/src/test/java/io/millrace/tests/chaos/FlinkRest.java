package io.millrace.tests.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The REST interface of a Flink cluster, as far as the chaos tests need it. */
final class FlinkRest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String BOUNDARY = "millrace-chaos-boundary";

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final String base;

  FlinkRest(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  /**
   * A job at one moment.
   *
   * @param state of the whole, e.g. RUNNING
   * @param tasks subtasks, of which {@code runningTasks} run
   */
  record Job(String state, int tasks, int runningTasks) {
    /** Whether every subtask runs, not only the job's state says so. */
    boolean allRunning() {
      return state.equals("RUNNING") && tasks > 0 && tasks == runningTasks;
    }
  }

  /**
   * A job's checkpoints at one moment.
   *
   * @param newest id of the newest completed, 0: none
   * @param restored how often the job was restored from one
   * @param restoredFrom id of the one restored last, 0: none
   */
  record Checkpoints(long completed, long failed, long newest, long restored, long restoredFrom) {}

  int taskManagers() throws IOException {
    return get("/taskmanagers").get("taskmanagers").size();
  }

  /** Ids of the jobs the cluster knows. */
  List<String> jobs() throws IOException {
    return get("/jobs").get("jobs").findValuesAsText("id");
  }

  /**
   * Uploads a jar.
   *
   * @return its id
   */
  String upload(Path jar) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"%s\"\r\n"
            + "Content-Type: application/x-java-archive\r\n\r\n";
    body.writeBytes(head.formatted(BOUNDARY, jar.getFileName()).getBytes(StandardCharsets.UTF_8));
    body.writeBytes(Files.readAllBytes(jar));
    body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    JsonNode reply =
        send(
            HttpRequest.newBuilder(URI.create(base + "/jars/upload"))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
    return Path.of(reply.get("filename").asText()).getFileName().toString();
  }

  /**
   * Runs the main class of an uploaded jar's manifest.
   *
   * @param checkpoint to start from; empty: none
   * @return the job's id
   */
  String run(String jar, String checkpoint, String... arguments) throws IOException {
    Map<String, Object> settings = new HashMap<>(Map.of("programArgsList", arguments));
    if (!checkpoint.isEmpty()) {
      settings.put("savepointPath", checkpoint);
    }
    String body = json.writeValueAsString(settings);
    JsonNode reply =
        send(
            HttpRequest.newBuilder(URI.create(base + "/jars/" + jar + "/run"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    return reply.get("jobid").asText();
  }

  /**
   * Has a job end with a savepoint.
   *
   * @param directory where the savepoint goes, a URI
   * @return what to ask {@link #savepoint} for
   */
  String stop(String id, String directory) throws IOException {
    String body = json.writeValueAsString(Map.of("targetDirectory", directory, "drain", false));
    JsonNode reply =
        send(
            HttpRequest.newBuilder(URI.create(base + "/jobs/" + id + "/stop"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    return reply.get("request-id").asText();
  }

  /** Where a savepoint is that was asked for; empty: it is not complete. */
  String savepoint(String id, String request) throws IOException {
    JsonNode reply = get("/jobs/" + id + "/savepoints/" + request);
    JsonNode operation = reply.path("operation");
    if (operation.has("failure-cause")) {
      throw new IOException("savepoint of " + id + ": " + operation.toPrettyString());
    }
    return operation.path("location").asText("");
  }

  /** Has a job end at once. */
  void cancel(String id) throws IOException {
    send(
        HttpRequest.newBuilder(URI.create(base + "/jobs/" + id + "?mode=cancel"))
            .method("PATCH", HttpRequest.BodyPublishers.noBody()));
  }

  Job job(String id) throws IOException {
    JsonNode job = get("/jobs/" + id);
    int tasks = 0;
    int running = 0;
    for (JsonNode vertex : job.get("vertices")) {
      tasks += vertex.get("parallelism").asInt();
      running += vertex.get("tasks").get("RUNNING").asInt();
    }
    return new Job(job.get("state").asText(), tasks, running);
  }

  Checkpoints checkpoints(String id) throws IOException {
    JsonNode all = get("/jobs/" + id + "/checkpoints");
    JsonNode counts = all.get("counts");
    return new Checkpoints(
        counts.get("completed").asLong(),
        counts.get("failed").asLong(),
        all.at("/latest/completed/id").asLong(0),
        counts.get("restored").asLong(),
        all.at("/latest/restored/id").asLong(0));
  }

  /** What made the job fail, newest first; for messages. */
  String failures(String id) throws IOException {
    return get("/jobs/" + id + "/exceptions").toPrettyString();
  }

  private JsonNode get(String path) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(base + path)).GET());
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException {
    HttpRequest built = request.timeout(LIMIT).build();
    HttpResponse<String> reply;
    try {
      reply = http.send(built, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: " + built.uri(), e);
    }
    if (reply.statusCode() / 100 != 2) {
      throw new IOException(built.uri() + ": " + reply.statusCode() + " " + reply.body());
    }
    return json.readTree(reply.body().isEmpty() ? "{}" : reply.body());
  }
}

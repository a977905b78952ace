package io.millrace.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job and commands against a broker that asks for a name and a password. The password is whatever
 * an environment variable holds that every process has, so that no file of the test holds it.
 */
class SecuredKafkaITCase {
  private static final String VARIABLE = "PATH";
  private static final int ROWS = 200;

  @TempDir Path dir;

  @Test
  void secretsOfJobAndCommandsComeFromTheEnvironment() throws Exception {
    int plain = freePort();
    int secured = freePort();
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(dir.resolve("broker"), plain, settings(plain, secured))) {
      String at = "127.0.0.1:" + secured;
      Path properties = properties("${" + VARIABLE + "}");
      run(job(at));
      JsonNode produced =
          Cli.json(
              "produce",
              "--data",
              data().toString(),
              "--label",
              "side",
              "--key",
              "k",
              "-b",
              at,
              "--kafka-properties",
              properties.toString(),
              "--json");
      assertThat(produced.get("events").asInt()).isEqualTo(ROWS);
      run(job(at));
      JsonNode models =
          Cli.json(
              "models", "list", "-b", at, "--kafka-properties", properties.toString(), "--json");
      assertThat(models.get("models")).hasSize(1);
      assertThat(broker.running()).isTrue();
    }
  }

  private static Map<String, String> settings(int plain, int secured) throws IOException {
    int controller = freePort();
    Map<String, String> s = new HashMap<>();
    s.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
    String clients = "PLAINTEXT://127.0.0.1:" + plain + ",SECURED://127.0.0.1:" + secured;
    s.put("listeners", clients + ",CONTROLLER://127.0.0.1:" + controller);
    s.put("advertised.listeners", clients);
    s.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_PLAINTEXT");
    s.put("listener.name.secured.sasl.enabled.mechanisms", "PLAIN");
    s.put(
        "listener.name.secured.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_miller=\""
            + System.getenv(VARIABLE)
            + "\";");
    return s;
  }

  private static String login(String password) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"miller\""
        + " password=\""
        + password
        + "\";";
  }

  private Path properties(String password) throws IOException {
    return Files.writeString(
        dir.resolve("client.properties"),
        "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config="
            + login(password)
            + "\n");
  }

  private Path job(String at) throws IOException {
    return Files.writeString(
        dir.resolve("job.yaml"),
        """
        job: learn
        name: secured
        kafka:
          bootstrap-servers: "%s"
          properties:
            security.protocol: SASL_PLAINTEXT
            sasl.mechanism: PLAIN
            sasl.jaas.config: '%s'
        model: {loss: logistic, classes: [left, right]}
        features: {kind: dense, dimension: 2}
        snapshots: {every-examples: 100}
        checkpoint: {interval: 500ms}
        parallelism: 1
        stop: latest
        """
            .formatted(at, login("${" + VARIABLE + "}")));
  }

  private void run(Path job) throws Exception {
    Path work = dir.resolve("work");
    Cli.json("run", job.toString(), "--rest-port", "0", "--work-dir", work.toString(), "--json");
  }

  private Path data() throws IOException {
    StringBuilder csv = new StringBuilder("x,y,side\n");
    for (int i = 0; i < ROWS; i++) {
      double x = Math.sin(i);
      double y = Math.cos(3.0 * i);
      csv.append(x).append(',').append(y).append(x + y > 0 ? ",right\n" : ",left\n");
    }
    return Files.writeString(dir.resolve("data.csv"), csv);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}

package io.millrace.cli.console;

import io.millrace.client.KafkaAccess;
import io.millrace.core.ConfigException;
import io.millrace.jobs.Variables;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Option;

/** Mixin of every command that talks to a Kafka of the user's: where it is and how to get in. */
public final class KafkaOptions {
  @Option(
      names = {"-b", "--bootstrap-servers"},
      paramLabel = "HOST:PORT,...",
      defaultValue = "${env:MILLRACE_BOOTSTRAP_SERVERS:-localhost:9092}",
      description = "Kafka. Default: $MILLRACE_BOOTSTRAP_SERVERS, else localhost:9092.")
  private String bootstrapServers;

  @Option(
      names = "--kafka-properties",
      paramLabel = "FILE",
      description =
          "Properties of the Kafka clients (TLS, SASL); a file, so that no secret is on"
              + " the command line. $${NAME} in a value is the environment variable.")
  private Path properties;

  /** {@code host:port,...} as given. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** For the client library. */
  public KafkaAccess access() {
    return new KafkaAccess(bootstrapServers, properties());
  }

  /**
   * Settings of a plain Kafka client: the file's, the address, a client id.
   *
   * @param clientId names the client in the broker's logs
   */
  public Map<String, Object> settings(String clientId) {
    Map<String, Object> all = new HashMap<>(properties());
    all.put("bootstrap.servers", bootstrapServers);
    all.put("client.id", clientId);
    return all;
  }

  private Map<String, String> properties() {
    Map<String, String> all = new HashMap<>();
    if (properties != null) {
      Properties file = new Properties();
      try (Reader in = Files.newBufferedReader(properties, StandardCharsets.UTF_8)) {
        file.load(in);
      } catch (IOException e) {
        throw new CommandFailed("--kafka-properties " + properties + ": cannot be read: " + e, e);
      }
      List<String> faults = new ArrayList<>();
      for (String name : file.stringPropertyNames()) {
        String where = "--kafka-properties " + properties + ": " + name;
        all.put(name, Variables.ofProcess().fill(where, file.getProperty(name), faults));
      }
      if (!faults.isEmpty()) {
        throw new ConfigException(faults);
      }
    }
    return all;
  }
}

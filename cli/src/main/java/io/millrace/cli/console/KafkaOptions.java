package io.millrace.cli.console;

import io.millrace.client.KafkaAccess;
import io.millrace.core.ConfigException;
import io.millrace.core.TextFiles;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.Settings;
import io.millrace.jobs.Variables;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Option;

/**
 * Mixin of every command that talks to a Kafka of the user's: where it is, how to get in, and which
 * topics are meant. A job's YAML says all three.
 */
public final class KafkaOptions {
  private static final String VARIABLE = "MILLRACE_BOOTSTRAP_SERVERS";

  @Option(
      names = {"-b", "--bootstrap-servers"},
      paramLabel = "HOST:PORT,...",
      description = "Kafka. Default: that of --job, else $" + VARIABLE + ", else localhost:9092.")
  private String bootstrapServers;

  @Option(
      names = "--kafka-properties",
      paramLabel = "FILE",
      description =
          "Properties of the Kafka clients (TLS, SASL); a file, so that no secret is on"
              + " the command line. $${NAME} in a value is the environment variable.")
  private Path properties;

  @Option(
      names = "--job",
      paramLabel = "JOB.yaml",
      description = "Take Kafka, its properties and the topics from the settings of a job.")
  private Path jobFile;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description =
          "What the names of the topics begin with, as topics.prefix of a job. Default: millrace.")
  private String prefix;

  private JobConfig job;

  /** Those that the YAML of a job gives. */
  public static KafkaOptions of(Path job) {
    KafkaOptions options = new KafkaOptions();
    options.jobFile = job;
    return options;
  }

  /** {@code host:port,...}. */
  public String bootstrapServers() {
    if (bootstrapServers != null) {
      return bootstrapServers;
    }
    if (job() != null) {
      return job().get(Settings.BOOTSTRAP);
    }
    String variable = System.getenv(VARIABLE);
    return variable == null || variable.isBlank() ? "localhost:9092" : variable;
  }

  /** For the client library. */
  public KafkaAccess access() {
    return new KafkaAccess(bootstrapServers(), properties());
  }

  /**
   * Settings of a plain Kafka client: the job's, the file's, the address, a client id.
   *
   * @param clientId names the client in the broker's logs
   */
  public Map<String, Object> settings(String clientId) {
    Map<String, Object> all = new HashMap<>(properties());
    all.put("bootstrap.servers", bootstrapServers());
    all.put("client.id", clientId);
    return all;
  }

  /**
   * Name of a topic.
   *
   * @param given by an option of the command's own; null: it was not
   * @throws CommandFailed if the job does without such a topic
   */
  public String topic(String given, Role role) {
    if (job() != null && prefix != null) {
      throw new CommandFailed(
          "--prefix " + prefix + ": --job names the topics; give one of the two");
    }
    if (given != null) {
      return given;
    }
    if (job() == null) {
      return (prefix == null ? "millrace" : prefix) + role.suffix();
    }
    String topic = job().topic(role.setting());
    if (topic == null) {
      throw new CommandFailed(
          "--job " + jobFile + ": " + role.setting().key() + " is none; the job has no such topic");
    }
    return topic;
  }

  /** Name of the job of the YAML; empty: there is none. */
  public String jobName() {
    return job() == null ? "" : job().name();
  }

  /**
   * Name of the group by which the job reads; without a job what the names of all groups begin with
   * whose jobs have these topics.
   */
  public String groups() {
    return job() == null ? (prefix == null ? "millrace" : prefix) + "/" : job().id();
  }

  /**
   * Name of a topic that a job may do without.
   *
   * @return null: the job has none
   */
  public String topicIfAny(Role role) {
    return job() != null && job().topic(role.setting()) == null ? null : topic(null, role);
  }

  /**
   * Name of a topic that a job reads beside another, and may do without.
   *
   * @param given by an option of the command's own; null: it was not
   * @return null: neither the option nor a job names it
   */
  public String topicBeside(String given, Role role) {
    return given == null && job() != null ? job().topic(role.setting()) : given;
  }

  /**
   * Name of the topic for orders: the first that a job reads, where they have their place in the
   * sequence of a key.
   *
   * @param given by an option of the command's own; null: it was not
   */
  public String orders(String given) {
    return given == null && job() != null && prefix == null
        ? job().inputTopics().get(0)
        : topic(given, Role.EXAMPLES);
  }

  private JobConfig job() {
    if (job == null && jobFile != null) {
      job = JobConfig.read(jobFile);
    }
    return job;
  }

  private Map<String, String> properties() {
    Map<String, String> all = new HashMap<>();
    if (job() != null) {
      all.putAll(job().kafkaProperties());
      all.remove("bootstrap.servers");
    }
    if (properties != null) {
      Properties file = new Properties();
      try (Reader in = TextFiles.reader(Files.newInputStream(properties))) {
        file.load(in);
      } catch (IOException e) {
        throw new CommandFailed(
            "--kafka-properties " + properties + ": cannot be read: " + TextFiles.why(e), e);
      } catch (IllegalArgumentException e) {
        throw new CommandFailed(
            "--kafka-properties "
                + properties
                + ": no properties file: a \\u must be followed by four hexadecimal digits, and a"
                + " backslash is written twice",
            e);
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

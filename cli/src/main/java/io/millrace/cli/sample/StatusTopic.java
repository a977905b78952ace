package io.millrace.cli.sample;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Role;
import io.millrace.cli.topics.RecordFollower;
import io.millrace.schemas.FederationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin of the commands that look at a running federation: the newest status of a posterior. */
public final class StatusTopic {
  private static final Duration POLL = Duration.ofMillis(100);

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Topic of metrics. Default: that of --job, else PREFIX.metrics.")
  private String topic;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Key of the posterior. Default: the only one there is.")
  private String key;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to read at most. Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  /**
   * The newest status.
   *
   * @throws CommandFailed where there is none, or there are several and no key
   */
  FederationStatus newest() {
    String name = kafka.topic(topic, Role.METRICS);
    Kafka.partitions(kafka, name);
    Map<String, FederationStatus> all = new TreeMap<>();
    long end = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
    try (RecordFollower records =
        RecordFollower.fromBeginning(kafka.settings("millrace-cli"), name)) {
      while (!records.caughtUp()) {
        if (System.nanoTime() > end) {
          throw new CommandFailed(
              "topic '"
                  + name
                  + "' was not read within "
                  + timeoutSeconds
                  + " seconds; allow more with --timeout");
        }
        records.poll(POLL, r -> take(r, all));
      }
    }
    if (key == null && all.size() == 1) {
      return all.values().iterator().next();
    }
    FederationStatus found = key == null ? null : all.get(key);
    if (found == null) {
      throw new CommandFailed(
          all.isEmpty()
              ? "topic '"
                  + name
                  + "' has no status of a posterior yet; a sample job writes one once a client has"
                  + " offered rows and a checkpoint is complete"
              : "topic '" + name + "' has posteriors " + all.keySet() + "; name one with --key");
    }
    return found;
  }

  private static void take(Object record, Map<String, FederationStatus> all) {
    if (record instanceof FederationStatus s) {
      FederationStatus before = all.get(s.getKey());
      if (before == null || before.getIncarnation() <= s.getIncarnation()) {
        all.put(s.getKey(), s);
      }
    }
  }

  /** What every command says first. */
  static Map<String, Object> head(FederationStatus s) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", s.getKey());
    o.put("incarnation", s.getIncarnation());
    o.put("time", s.getTime().toString());
    o.put("epoch", s.getEpoch());
    o.put("waiting", s.getWaiting());
    return o;
  }

  /** A time; a dash where there is none. */
  static String time(Instant t) {
    return t.toEpochMilli() == 0 ? "-" : t.toString();
  }
}

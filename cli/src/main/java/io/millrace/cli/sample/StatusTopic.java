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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin of the commands that look at a running federation: the newest status of a posterior. */
public final class StatusTopic {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final String CLIENT = "millrace-cli";

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
      description =
          "How long to read, or to wait for an answer, at most. Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  /**
   * The newest status.
   *
   * @throws CommandFailed where there is none, or there are several and no key
   */
  FederationStatus newest() {
    String name = name();
    Kafka.partitions(kafka, name);
    Map<String, FederationStatus> all = new TreeMap<>();
    long end = end();
    try (RecordFollower records = RecordFollower.fromBeginning(kafka.settings(CLIENT), name)) {
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

  /**
   * Does something, and waits for a status that is written afterwards.
   *
   * @param wanted which one
   * @return null: none has come in time
   */
  FederationStatus next(Predicate<FederationStatus> wanted, Runnable act) {
    long end = end();
    FederationStatus[] found = new FederationStatus[1];
    try (RecordFollower records = RecordFollower.fromEnd(kafka.settings(CLIENT), name())) {
      act.run();
      while (found[0] == null && System.nanoTime() < end) {
        records.poll(
            POLL,
            r -> {
              if (found[0] == null && r instanceof FederationStatus s && wanted.test(s)) {
                found[0] = s;
              }
            });
      }
    }
    return found[0];
  }

  private long end() {
    return System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
  }

  /** Name of the topic. */
  String name() {
    return kafka.topic(topic, Role.METRICS);
  }

  KafkaOptions kafka() {
    return kafka;
  }

  int timeoutSeconds() {
    return timeoutSeconds;
  }

  private static void take(Object record, Map<String, FederationStatus> all) {
    if (record instanceof FederationStatus s) {
      FederationStatus before = all.get(s.getKey());
      if (before == null || before.getIncarnation() <= s.getIncarnation()) {
        all.put(s.getKey(), s);
      }
    }
  }

  /** What every command says first, for people. */
  static String line(FederationStatus s) {
    return String.format(
        Locale.ROOT,
        "posterior '%s', epoch %d, R-hat %s, effective sample size of the least chain %s%s",
        s.getKey(),
        s.getEpoch(),
        number("%.4f", s.getRhat()),
        number("%.0f", s.getEss()),
        s.getWaiting().isEmpty() ? "" : ", waits: " + s.getWaiting());
  }

  /** A number; a dash where there is none. */
  static String number(String format, double v) {
    return Double.isFinite(v) ? String.format(Locale.ROOT, format, v) : "-";
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

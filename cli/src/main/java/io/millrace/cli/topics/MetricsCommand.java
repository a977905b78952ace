package io.millrace.cli.topics;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Role;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.GateDecision;
import io.millrace.schemas.Metric;
import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.WatchEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a job says of its models while it learns, and what became of orders to it. */
@Command(
    name = "metrics",
    description = {
      "Prints the newest figures of every key from the topic of metrics.",
      "Loss, accuracy where there are classes, and whatever else the job's family measures. --follow",
      "prints figures, and what became of orders and of candidates, as they come; with --json as one",
      "object per line then."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  millrace metrics --job job.yaml", "  millrace metrics nsw --follow --seconds 60"})
public final class MetricsCommand implements Runnable {
  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Topic of metrics. Default: that of --job, else PREFIX.metrics.")
  private String topic;

  @Mixin private Following following;
  @Mixin private KafkaOptions kafka;
  @Mixin private Output output;

  @Override
  public void run() {
    String name = kafka.topic(topic, Role.METRICS);
    Kafka.partitions(kafka, name);
    try (RecordFollower records = following.open(kafka, name)) {
      if (following.asked()) {
        following.each(records, this::show);
      } else {
        list(name, records);
      }
    }
  }

  private void list(String name, RecordFollower records) {
    Map<String, Metric> newest = new TreeMap<>();
    following.all(
        records,
        r -> {
          if (r instanceof Metric m && m.getEvent() == null && following.wants(m.getKey())) {
            newest.put(m.getKey(), m);
          }
        });
    if (following.key() != null && newest.isEmpty()) {
      throw new CommandFailed(
          "topic '" + name + "' has no figures of '" + following.key() + "' yet");
    }
    List<Map<String, Object>> all = new ArrayList<>();
    newest.values().forEach(m -> all.add(object(m)));
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("topic", name);
    o.put("metrics", all);
    output.result(o);
    if (!output.json()) {
      newest.values().forEach(m -> output.say("%s", line(m)));
      if (newest.isEmpty()) {
        output.say("no figures in '%s' yet", name);
      }
    }
  }

  /** Whether the record was one that was asked for. */
  private boolean show(SpecificRecordBase record) {
    if (record instanceof Metric m && following.wants(m.getKey())) {
      output.line(object(m), line(m));
      return true;
    }
    if (record instanceof ControlEcho e
        && (following.wants(e.getKey()) || e.getKey().equals(ModelKeys.ALL))) {
      output.line(object(e), line(e));
      return true;
    }
    if (record instanceof GateDecision d && following.wants(d.getKey())) {
      output.line(object(d), line(d));
      return true;
    }
    return false;
  }

  private static String line(GateDecision d) {
    return String.format(
        Locale.ROOT,
        "%-20s candidate %s against %s: %s after %d events, gain %.4f; '%s' serves, version %d",
        d.getKey(),
        d.getCandidate(),
        d.getFormer(),
        d.getVerdict(),
        d.getEvents(),
        d.getGain(),
        d.getChampion(),
        d.getVersion());
  }

  private static Map<String, Object> object(GateDecision d) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("kind", "gate");
    o.put("key", d.getKey());
    o.put("incarnation", d.getIncarnation());
    o.put("eventTime", d.getEventTime().toString());
    o.put("candidate", d.getCandidate());
    o.put("verdict", d.getVerdict().name());
    o.put("ordered", d.getOrdered());
    o.put("champion", d.getChampion());
    o.put("former", d.getFormer());
    o.put("index", d.getIndex());
    o.put("events", d.getEvents());
    o.put("evidence", d.getEvidence());
    o.put("threshold", d.getThreshold());
    o.put("gain", d.getGain());
    if (!Double.isNaN(d.getGainLower())) {
      o.put("gainLower", d.getGainLower());
      o.put("gainUpper", d.getGainUpper());
    }
    o.put("version", d.getVersion());
    return o;
  }

  private static String line(String key, WatchEvent e) {
    return String.format(
        Locale.ROOT,
        "%-20s %s%s by %s: %.6g, threshold %.6g, %,d events since the last drift; reaction: %s",
        key,
        e.getKind(),
        e.getFeature() < 0 ? "" : " of feature " + e.getFeature(),
        e.getDetector(),
        e.getStatistic(),
        e.getThreshold(),
        e.getSinceDrift(),
        e.getReaction());
  }

  private static String line(Metric m) {
    if (m.getEvent() != null) {
      return line(m.getKey(), m.getEvent());
    }
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%-20s %,12d examples",
            m.getKey(),
            m.getCounters().getOrDefault("examples", 0L)));
    new TreeMap<>(m.getValues())
        .forEach(
            (name, v) -> {
              if (Double.isFinite(v)) {
                line.append(String.format(Locale.ROOT, "  %s %.4f", name, v));
              }
            });
    return line + "  " + m.getEventTime();
  }

  private static String line(ControlEcho e) {
    return String.format(
        Locale.ROOT,
        "%-20s order %s%s: %s%s",
        e.getKey(),
        command(e),
        e.getName().isEmpty() ? "" : " " + e.getName(),
        e.getOutcome(),
        e.getMessage().isEmpty() ? "" : ", " + e.getMessage());
  }

  private static Map<String, Object> object(Metric m) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("kind", "metric");
    o.put("key", m.getKey());
    o.put("incarnation", m.getIncarnation());
    o.put("eventTime", m.getEventTime().toString());
    o.put("counters", new TreeMap<>(m.getCounters()));
    o.put("values", new TreeMap<>(m.getValues()));
    WatchEvent e = m.getEvent();
    if (e != null) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("kind", e.getKind().name());
      event.put("detector", e.getDetector());
      event.put("feature", e.getFeature());
      event.put("statistic", e.getStatistic());
      event.put("threshold", e.getThreshold());
      event.put("sinceDrift", e.getSinceDrift());
      event.put("reaction", e.getReaction());
      o.put("event", event);
    }
    return o;
  }

  /** What was ordered: of a model, or of an arm of a tuner. */
  private static String command(ControlEcho e) {
    return e.getArmCommand() == ArmCommand.UNKNOWN
        ? e.getCommand().name()
        : e.getArmCommand().name();
  }

  /** An echo as JSON. */
  static Map<String, Object> object(ControlEcho e) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("kind", "order");
    o.put("key", e.getKey());
    o.put("job", e.getJob());
    o.put("command", command(e));
    o.put("name", e.getName());
    o.put("value", e.getValue());
    o.put("outcome", e.getOutcome().name());
    o.put("reason", e.getReason());
    o.put("message", e.getMessage());
    o.put("origin", e.getOrigin());
    o.put("sequence", e.getSequence());
    o.put("controlEpoch", e.getControlEpoch());
    o.put("steps", e.getSteps());
    return o;
  }
}

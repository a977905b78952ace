package io.millrace.cli.topics;

import io.millrace.cli.console.Count;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Role;
import io.millrace.schemas.Prediction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a job said of events before it learned from them. */
@Command(
    name = "predictions",
    description = {
      "Prints the newest predictions of a job that publishes them (predictions.enabled: true).",
      "--follow prints them as they come; with --json as one object per line then."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace predictions --job job.yaml --last 5",
      "  millrace predictions nsw --follow --count 10 --json"
    })
public final class PredictionsCommand implements Runnable {
  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Topic of predictions. Default: that of --job, else PREFIX.predictions.")
  private String topic;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "20",
      description = "Print so many of those that are there. Default: ${DEFAULT-VALUE}.")
  private int last;

  @Mixin private Following following;
  @Mixin private KafkaOptions kafka;
  @Mixin private Output output;

  @Override
  public void run() {
    String name = kafka.topic(topic, Role.PREDICTIONS);
    Kafka.partitions(
        kafka, name, "a job publishes predictions if predictions.enabled is true; or name another");
    try (RecordFollower records = following.open(kafka, name)) {
      if (following.asked()) {
        following.each(records, this::show);
      } else {
        list(name, records);
      }
    }
  }

  private void list(String name, RecordFollower records) {
    Deque<Prediction> newest = new ArrayDeque<>();
    long[] count = new long[1];
    following.all(
        records,
        r -> {
          if (r instanceof Prediction p && following.wants(p.getKey())) {
            count[0]++;
            newest.addLast(p);
            if (newest.size() > last) {
              newest.removeFirst();
            }
          }
        });
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("topic", name);
    o.put("count", count[0]);
    o.put("predictions", newest.stream().map(PredictionsCommand::object).toList());
    output.result(o);
    if (!output.json()) {
      newest.forEach(p -> output.say("%s", line(p)));
      output.say("%s in '%s'", Count.of(count[0], "prediction"), name);
    }
  }

  private boolean show(SpecificRecordBase record) {
    if (!(record instanceof Prediction p) || !following.wants(p.getKey())) {
      return false;
    }
    output.line(object(p), line(p));
    return true;
  }

  private static String line(Prediction p) {
    return String.format(
        Locale.ROOT,
        "%-20s %s  scores [%s]%s%s%s",
        p.getKey(),
        p.getEventTime(),
        p.getScores().stream()
            .map(v -> String.format(Locale.ROOT, "%.4f", v))
            .collect(Collectors.joining(", ")),
        region(p),
        p.getLabel() == null ? "" : String.format(Locale.ROOT, "  label %s", p.getLabel()),
        p.getId().isEmpty() ? "" : "  id " + p.getId());
  }

  /** Where the label is expected; empty: the job does not say. */
  private static String region(Prediction p) {
    if (p.getInterval() != null) {
      return String.format(
          Locale.ROOT, "  in [%.4f, %.4f]", p.getInterval().getLower(), p.getInterval().getUpper());
    }
    return p.getClassSet() == null ? "" : "  among " + p.getClassSet();
  }

  private static Map<String, Object> object(Prediction p) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", p.getKey());
    o.put("id", p.getId());
    o.put("eventTime", p.getEventTime().toString());
    o.put("modelSteps", p.getModelSteps());
    o.put("scores", p.getScores());
    o.put("label", p.getLabel());
    if (p.getInterval() != null) {
      o.put("lower", p.getInterval().getLower());
      o.put("upper", p.getInterval().getUpper());
    }
    if (p.getClassSet() != null) {
      o.put("classSet", p.getClassSet());
    }
    return o;
  }
}

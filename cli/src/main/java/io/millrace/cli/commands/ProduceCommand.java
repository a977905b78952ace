package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Pace;
import io.millrace.cli.console.Progress;
import io.millrace.cli.console.Role;
import io.millrace.cli.data.DataArguments;
import io.millrace.cli.data.DataException;
import io.millrace.cli.data.DataReader;
import io.millrace.cli.data.DataRow;
import io.millrace.cli.data.DataScan;
import io.millrace.cli.data.DataSchema;
import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriteException;
import io.millrace.client.EventWriter;
import io.millrace.core.features.InputSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the rows of a file as Avro events to a topic. */
@Command(
    name = "produce",
    description = {
      "Writes the rows of a CSV, LIBSVM or JSON Lines file as Avro events to a topic.",
      "Prints the model and features sections that a job for them needs."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace produce --data elec2.csv.gz --label class --one-hot day --key nsw",
      "  millrace produce --data clicks.jsonl --label clicked --key-column campaign --rate 5000"
    })
public final class ProduceCommand implements Runnable {
  @Mixin private DataArguments arguments;
  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Topic of examples. Default: that of --job, else PREFIX.examples.")
  private String topic;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Model key of every row; or --key-column.")
  private String key;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Examples of one key per record; 1: a record each. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(names = "--rate", paramLabel = "R", description = "At most so many events per second.")
  private Double rate;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first so many rows.")
  private Long limit;

  @Option(
      names = "--numeric-label",
      description = "Labels are numbers to be predicted, not classes.")
  private boolean numericLabel;

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Override
  public void run() {
    if ((key == null) == (spec.findOption("--key-column").getValue() == null)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "give either --key or --key-column");
    }
    if (rate != null && !(rate > 0)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--rate = " + rate + "; must be above 0");
    }
    topic = kafka.topic(topic, Role.EXAMPLES);
    int partitions = Kafka.partitions(kafka, topic);
    try {
      DataSchema schema = DataScan.scan(arguments.file(), arguments.options(numericLabel));
      write(schema, partitions);
    } catch (DataException e) {
      throw new CommandFailed(e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailed(arguments.file() + ": cannot be read: " + e, e);
    } catch (EventWriteException e) {
      throw new CommandFailed("topic '" + topic + "': " + e.getMessage(), e);
    }
  }

  private void write(DataSchema schema, int partitions) throws IOException {
    long rows = limit == null ? schema.rows() : Math.min(limit, schema.rows());
    Set<String> keys = new TreeSet<>();
    long sent = 0;
    double seconds;
    long records;
    try (EventWriter writer =
            EventWriter.open(kafka.access(), "millrace-produce", EventTopics.single(topic), batch);
        DataReader reader = DataReader.open(arguments.file(), schema);
        Progress progress = new Progress(output, "produce", "events", rows)) {
      Pace pace = new Pace(rate);
      DataRow row = new DataRow();
      while (sent < rows && reader.next(row)) {
        Event event = event(schema, row);
        writer.send(event);
        keys.add(event.key());
        sent++;
        if (pace.keep(sent)) {
          writer.flush();
        }
        progress.at(sent, "");
      }
      writer.flush();
      seconds = progress.seconds();
      records = writer.counts().records();
    }
    report(schema, sent, records, keys.size(), partitions, seconds);
  }

  private Event event(DataSchema schema, DataRow row) throws DataException {
    String modelKey = key == null ? row.key : key;
    if (modelKey.isEmpty()) {
      throw new DataException(
          arguments.file() + ": row " + row.number + " has no key; every event needs one");
    }
    Event event =
        switch (schema.kind()) {
          case DENSE -> Event.dense(modelKey, floats(row));
          case SPARSE -> Event.sparse(modelKey, Arrays.copyOf(row.index, row.count), floats(row));
          case NAMED -> named(modelKey, row);
        };
    event.id(row.id).eventTime(row.eventTime).weight(row.weight);
    if (!row.label.isEmpty()) {
      if (numericLabel) {
        event.label(row.target);
      } else {
        event.label(row.label);
      }
    }
    return event;
  }

  private static float[] floats(DataRow row) {
    float[] x = new float[row.count];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) row.value[i];
    }
    return x;
  }

  private static Event named(String modelKey, DataRow row) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Map<String, String> categories = new LinkedHashMap<>();
    for (int i = 0; i < row.count; i++) {
      if (row.category[i] == null) {
        numbers.put(row.name[i], row.value[i]);
      } else {
        categories.put(row.name[i], row.category[i]);
      }
    }
    return Event.named(modelKey, numbers, categories);
  }

  private void report(
      DataSchema schema, long sent, long records, int keys, int partitions, double seconds) {
    String kind = schema.kind().name().toLowerCase(Locale.ROOT);
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("topic", topic);
    o.put("partitions", partitions);
    o.put("events", sent);
    o.put("records", records);
    o.put("keys", keys);
    o.put("seconds", seconds);
    o.put("eventsPerSecond", sent / seconds);
    o.put("features", kind);
    o.put("dimension", schema.dimension());
    o.put("classes", schema.classes());
    output.result(o);
    if (!output.json()) {
      output.say(
          "%,d events of %,d keys in %,d records to '%s' (%d partitions) in %.1f s, %,.0f/s",
          sent, keys, records, topic, partitions, seconds, sent / seconds);
      output.say("a job for them says:");
      if (!schema.classes().isEmpty()) {
        output.say("  model: {classes: [%s]}", String.join(", ", schema.classes()));
      }
      output.say(
          "  features: {kind: %s%s}",
          kind, schema.kind() == InputSpec.Kind.NAMED ? "" : ", dimension: " + schema.dimension());
    }
  }
}

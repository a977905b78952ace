package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Count;
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
import io.millrace.core.TextFiles;
import io.millrace.jobs.Settings;
import java.io.IOException;
import java.time.Duration;
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
      "Prints the YAML of a job for them; --dry-run prints it without writing anything."
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
      names = "--dry-run",
      description = "Read the file and print the job for it; write nothing, need no Kafka.")
  private boolean dryRun;

  @Option(
      names = "--numeric-label",
      description = "Labels are numbers to be predicted, not classes.")
  private boolean numericLabel;

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Override
  public void run() {
    boolean column = spec.findOption("--key-column").getValue() != null;
    if (key != null && column || !dryRun && key == null && !column) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "give either --key or --key-column");
    }
    if (rate != null && !(rate > 0)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--rate = " + rate + "; must be above 0");
    }
    topic = kafka.topic(topic, Role.EXAMPLES);
    int partitions = dryRun ? 0 : Kafka.partitions(kafka, topic);
    try {
      DataSchema schema = DataScan.scan(arguments.file(), arguments.options(numericLabel));
      schema.notes().forEach(note -> output.note("%s: %s", name(), note));
      if (dryRun) {
        report(schema, 0, 0, 0, partitions, 0);
      } else {
        write(schema, partitions);
      }
    } catch (IOException e) {
      throw new CommandFailed(
          e instanceof DataException
              ? e.getMessage()
              : arguments.file() + ": cannot be read: " + TextFiles.why(e),
          e);
    } catch (EventWriteException e) {
      throw new CommandFailed("topic '" + topic + "': " + e.getMessage(), e);
    }
  }

  private String name() {
    return String.valueOf(arguments.file().getFileName());
  }

  private void write(DataSchema schema, int partitions) throws IOException {
    long rows = limit == null ? schema.rows() : Math.min(limit, schema.rows());
    Set<String> keys = new TreeSet<>();
    long sent = 0;
    Duration ahead = Settings.AHEAD.parser().apply(Settings.AHEAD.defaultText());
    long latest = System.currentTimeMillis() + ahead.toMillis();
    long future = 0;
    double seconds;
    long records;
    try (EventWriter writer =
            EventWriter.open(kafka.access(), "millrace-produce", EventTopics.single(topic), batch);
        DataReader reader = DataReader.open(arguments.file(), schema);
        Progress progress = new Progress(output, "produce", "events", rows)) {
      Pace pace = new Pace(rate);
      DataRow row = new DataRow();
      RowEvents events = new RowEvents(schema, name(), key);
      while (sent < rows && reader.next(row)) {
        Event event = events.event(row);
        writer.send(event);
        keys.add(event.key());
        future += row.eventTime > latest ? 1 : 0;
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
    if (future > 0) {
      output.note(
          "more than %s in the future, where a job refuses them (event-time.ahead): %s",
          Settings.AHEAD.defaultText(), Count.of(future, "event"));
    }
    report(schema, sent, records, keys.size(), partitions, seconds);
  }

  private void report(
      DataSchema schema, long sent, long records, int keys, int partitions, double seconds) {
    String kind = schema.kind().name().toLowerCase(Locale.ROOT);
    Map<String, Object> o = new LinkedHashMap<>();
    JobYaml job = new JobYaml(schema, name(), kafka.bootstrapServers(), topic);
    o.put("topic", topic);
    o.put("partitions", partitions);
    o.put("events", sent);
    o.put("records", records);
    o.put("keys", keys);
    o.put("seconds", seconds);
    o.put("eventsPerSecond", sent / seconds);
    o.put("dryRun", dryRun);
    o.put("rows", schema.rows());
    o.put("features", kind);
    o.put("dimension", schema.dimension());
    o.put("classes", schema.classes());
    String yaml = yaml(job);
    o.put("job", yaml);
    output.result(o);
    if (!output.json()) {
      if (!dryRun) {
        output.say(
            "%s of %s in %s to '%s' (%s) in %.1f s, %,.0f/s",
            Count.of(sent, "event"),
            Count.of(keys, "key"),
            Count.of(records, "record"),
            topic,
            Count.of(partitions, "partition"),
            seconds,
            sent / seconds);
      }
      if (yaml != null) {
        output.say("%s", yaml.stripTrailing());
      }
    }
  }

  /** The job's text; null, and a line that says why, where no job takes such a file alone. */
  private String yaml(JobYaml job) {
    try {
      return job.text();
    } catch (CommandFailed e) {
      output.note("no job to print: %s", e.getMessage());
      return null;
    }
  }
}

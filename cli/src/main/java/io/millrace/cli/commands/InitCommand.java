package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.data.DataArguments;
import io.millrace.cli.data.DataException;
import io.millrace.cli.data.DataScan;
import io.millrace.cli.data.DataSchema;
import io.millrace.core.TextFiles;
import io.millrace.jobs.JobFamily;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the YAML of a job, from a data file or from its arms; needs no Kafka. */
@Command(
    name = "init",
    description = {
      "Writes the YAML of a job that learns from the rows of a file: kind and number of the features,"
          + " classes or loss, topics. Needs no Kafka.",
      "With --job tune that of a job that chooses among arms; with --job sample that of one that"
          + " samples the posterior of a model over clients that keep their rows.",
      "'millrace run' runs it and creates its topics; 'millrace produce' writes the rows,"
          + " 'millrace tune decide' asks."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  millrace init --data elec2.csv.gz --label class --one-hot day --out job.yaml",
      "  millrace run job.yaml",
      "  millrace init --job tune --grid 1:1.95:20 --context 1 --out tune.yaml"
    })
public final class InitCommand implements Runnable {
  @Option(
      names = "--job",
      paramLabel = "FAMILY",
      description =
          "learn, dictionary, tune or sample. Default: learn or dictionary, as the file has labels.")
  private String family;

  @Mixin private DataArguments arguments;

  @Mixin private TuneArguments tune;

  @Option(
      names = {"-b", "--bootstrap-servers"},
      paramLabel = "HOST:PORT,...",
      defaultValue = "${env:MILLRACE_BOOTSTRAP_SERVERS:-localhost:9092}",
      description = "Kafka of the job. Default: $MILLRACE_BOOTSTRAP_SERVERS, else localhost:9092.")
  private String bootstrapServers;

  @Option(
      names = "--topic",
      defaultValue = "millrace.examples",
      description = "Topic of examples. Default: ${DEFAULT-VALUE}.")
  private String topic;

  @Option(
      names = "--numeric-label",
      description = "Labels are numbers to be predicted, not classes.")
  private boolean numericLabel;

  @Option(
      names = "--out",
      paramLabel = "JOB.yaml",
      description = "Where to. Default: standard output.")
  private Path out;

  @Option(names = "--force", description = "Replace the file if it is there.")
  private boolean force;

  @Mixin private Output output;

  @Override
  public void run() {
    boolean tuner = JobFamily.TUNE.id().equals(family);
    if (tuner && arguments.given()) {
      throw new CommandFailed("--job tune chooses among arms and reads no file; leave --data out");
    }
    if (!tuner && tune.given()) {
      throw new CommandFailed("--arms, --grid, --context, --policy: need --job tune");
    }
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("file", out == null ? null : out.toString());
    String yaml = tuner ? tune.yaml(bootstrapServers) : ofFile(o);
    if (out != null) {
      write(yaml);
    }
    o.put("job", yaml);
    output.result(o);
    if (!output.json()) {
      output.say("%s", out == null ? yaml.stripTrailing() : "wrote " + out);
    }
  }

  /** The YAML of a job for the rows of a file. */
  private String ofFile(Map<String, Object> o) {
    String name = String.valueOf(arguments.file().getFileName());
    DataSchema schema;
    try {
      schema = DataScan.scan(arguments.file(), arguments.options(numericLabel));
    } catch (IOException e) {
      throw new CommandFailed(
          e instanceof DataException
              ? e.getMessage()
              : arguments.file() + ": cannot be read: " + TextFiles.why(e),
          e);
    }
    schema.notes().forEach(note -> output.note("%s: %s", name, note));
    boolean sample = JobFamily.SAMPLE.id().equals(family);
    String yaml = new JobYaml(schema, name, bootstrapServers, topic, sample).text();
    String made = yaml.contains("job: dictionary\n") ? "dictionary" : "learn";
    if (family != null && !sample && !family.equals(made)) {
      throw new CommandFailed(
          "--job " + family + "; must be tune, sample, or " + made + " as the file has it");
    }
    o.put("rows", schema.rows());
    o.put("features", schema.kind().name().toLowerCase(Locale.ROOT));
    o.put("dimension", schema.dimension());
    o.put("classes", schema.classes());
    return yaml;
  }

  private void write(String yaml) {
    try {
      Files.write(
          out,
          yaml.getBytes(StandardCharsets.UTF_8),
          force
              ? new StandardOpenOption[] {
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE
              }
              : new StandardOpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE});
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailed("--out " + out + "; is there already; --force replaces it", e);
    } catch (IOException e) {
      throw new CommandFailed("--out " + out + "; cannot be written: " + TextFiles.why(e), e);
    }
  }
}

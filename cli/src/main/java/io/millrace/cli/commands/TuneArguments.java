package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.core.ConfigException;
import io.millrace.jobs.JobConfig;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Mixin of {@code init}: what a `tune` job chooses from. */
final class TuneArguments {
  private static final Pattern GRID = Pattern.compile("([^:]+):([^:]+):([0-9]+)(:log)?");

  @Option(
      names = "--arms",
      split = ",",
      paramLabel = "ARM,...",
      description = "--job tune: names, numbers or NAME=NUMBER to choose from.")
  private List<String> arms = List.of();

  @Option(
      names = "--grid",
      paramLabel = "FROM:TO:COUNT[:log]",
      description = "--job tune: choose from so many numbers between two.")
  private String grid;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "--job tune: numbers that are known of each case. Default: 0.")
  private int context;

  @Option(
      names = "--policy",
      paramLabel = "ID",
      description = "--job tune: how an arm is chosen. Default: what suits the context.")
  private String policy;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "tuner",
      description = "--job tune: name of the job. Default: ${DEFAULT-VALUE}.")
  private String name;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      defaultValue = "millrace",
      description = "--job tune: what the topics' names begin with. Default: ${DEFAULT-VALUE}.")
  private String prefix;

  /** Whether anything was said that only a `tune` job has. */
  boolean given() {
    return !arms.isEmpty() || grid != null || context > 0 || policy != null;
  }

  /**
   * The YAML of the job.
   *
   * @throws CommandFailed naming what is wrong with it
   */
  String yaml(String bootstrapServers) {
    StringBuilder out = new StringBuilder("job: tune\n");
    out.append("name: ").append(JobYaml.quoted(name)).append('\n');
    out.append("kafka: {bootstrap-servers: ").append(JobYaml.quoted(bootstrapServers));
    out.append("}\ntopics: {prefix: ").append(JobYaml.quoted(prefix)).append("}\n");
    out.append("arms: ").append(choices()).append('\n');
    if (context > 0) {
      out.append("request: {context: ").append(context).append("}\n");
    }
    if (policy != null) {
      out.append("policy: {name: ").append(JobYaml.quoted(policy)).append("}\n");
    }
    try {
      JobConfig.parse(out.toString());
    } catch (ConfigException e) {
      throw new CommandFailed("no such job: " + e.getMessage(), e);
    }
    return out.toString();
  }

  private String choices() {
    if (arms.isEmpty() == (grid == null)) {
      throw new CommandFailed("--job tune: give one of --arms and --grid");
    }
    if (grid == null) {
      return "{names: ["
          + arms.stream().map(JobYaml::quoted).collect(Collectors.joining(", "))
          + "]}";
    }
    Matcher m = GRID.matcher(grid);
    if (!m.matches()) {
      throw new CommandFailed("--grid " + grid + "; must be FROM:TO:COUNT, or with :log behind");
    }
    return "{grid: {from: "
        + m.group(1)
        + ", to: "
        + m.group(2)
        + ", count: "
        + m.group(3)
        + (m.group(4) == null ? "" : ", scale: log")
        + "}}";
  }
}

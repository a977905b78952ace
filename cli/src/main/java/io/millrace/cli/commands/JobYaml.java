package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.data.DataSchema;
import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobPlan;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The YAML of a job for the rows of a file, whole, so that {@code millrace run} takes it as it is.
 * Only what the file decides is in it; all else is the job's default.
 *
 * @param schema of the file
 * @param file its name
 * @param bootstrapServers of Kafka
 * @param topic of the examples
 * @param sample whether the posterior of the model is to be sampled, else the model learned
 */
record JobYaml(
    DataSchema schema, String file, String bootstrapServers, String topic, boolean sample) {
  private static final String EXAMPLES = ".examples";
  private static final int MOST_ATOMS = 256;

  /** A step size that chains over a few hundred rows of scaled features bear. */
  private static final String STEP_SIZE = "1.0e-4";

  /** A job that learns. */
  JobYaml(DataSchema schema, String file, String bootstrapServers, String topic) {
    this(schema, file, bootstrapServers, topic, false);
  }

  /**
   * The text.
   *
   * @throws CommandFailed if no job can learn from such a file
   */
  String text() {
    String settings = settings();
    long bytes = bytesPerKey(settings);
    String size =
        String.format(
            Locale.ROOT,
            bytes < 10_000 ? "%.1f kB" : bytes < 10_000_000 ? "%.0f kB" : "%,.0f kB",
            bytes / 1000.0);
    return "# A job for "
        + oneLine(file)
        + ", which keeps "
        + size
        + (sample ? " for the posterior beside the rows of its clients.\n" : " for each key.\n")
        + settings;
  }

  private String settings() {
    StringBuilder out = new StringBuilder();
    boolean supervised = schema.options().numericLabel() || schema.classes().size() > 1;
    if (sample) {
      dense();
      out.append("job: sample\n");
    } else if (!supervised) {
      unsupervised();
      out.append("job: dictionary\n");
    }
    out.append("name: ").append(quoted(name())).append('\n');
    out.append("kafka: {bootstrap-servers: ").append(quoted(bootstrapServers)).append("}\n");
    out.append("topics: {")
        .append(
            topic.endsWith(EXAMPLES) && topic.length() > EXAMPLES.length()
                ? "prefix: " + quoted(topic.substring(0, topic.length() - EXAMPLES.length()))
                : "examples: " + quoted(topic))
        .append("}\n");
    if (sample) {
      return out.append(posterior(supervised)).toString();
    }
    boolean tree = supervised && !schema.nominal().isEmpty(); // the others know numbers alone
    if (schema.options().numericLabel()) {
      out.append(tree ? "model: {kind: regression-tree}\n" : "model: {loss: squared}\n");
    } else if (supervised) {
      out.append("model: {")
          .append(tree ? "kind: tree, " : schema.classes().size() > 2 ? "kind: softmax, " : "")
          .append("classes: [")
          .append(schema.classes().stream().map(JobYaml::quoted).collect(Collectors.joining(", ")))
          .append("]}\n");
    } else {
      out.append("dictionary: {atoms: ")
          .append(Math.min(MOST_ATOMS, 2 * schema.dimension()))
          .append("}\n");
    }
    out.append("features: {kind: ")
        .append(schema.kind().name().toLowerCase(Locale.ROOT))
        .append(
            schema.kind() == InputSpec.Kind.NAMED
                ? ", hash-bits: " + schema.hashBits()
                : ", dimension: " + schema.dimension())
        .append(tree ? nominal() : "")
        .append("}\n");
    return out.toString();
  }

  /** What only a job that samples has. */
  private String posterior(boolean supervised) {
    StringBuilder out = new StringBuilder();
    if (!supervised) {
      out.append("model: {kind: gaussian-mean}\n");
    } else if (schema.options().numericLabel()) {
      out.append("model: {loss: squared}\n");
    } else {
      out.append("model: {")
          .append(schema.classes().size() > 2 ? "loss: softmax, " : "")
          .append("classes: [")
          .append(schema.classes().stream().map(JobYaml::quoted).collect(Collectors.joining(", ")))
          .append("]}\n");
    }
    return out.append("features: {dimension: ")
        .append(schema.dimension())
        .append("}\n")
        .append(
            "# Examples are keyed by client; name them all with clients.names to wait for them.\n")
        .append(
            "# Take a step size whose product with the curvature, the metric step-curvature of\n")
        .append("# snapshots, is well below 1.\n")
        .append("chains: {step-size: ")
        .append(STEP_SIZE)
        .append("}\n")
        .toString();
  }

  /** Without dense rows there is no likelihood. */
  private void dense() {
    if (schema.kind() != InputSpec.Kind.DENSE || !schema.nominal().isEmpty()) {
      throw new CommandFailed(
          file
              + ": features are "
              + (schema.nominal().isEmpty()
                  ? schema.kind().name().toLowerCase(Locale.ROOT)
                  : "nominal in part")
              + "; a sample job takes dense numbers: --one-hot makes them of names");
    }
  }

  /** Which features are nominal, and what all are called. */
  private String nominal() {
    return ", nominal: {"
        + schema.nominal().entrySet().stream()
            .map(e -> e.getKey() + ": " + e.getValue())
            .collect(Collectors.joining(", "))
        + "}, names: ["
        + schema.coordinateNames().stream().map(JobYaml::quoted).collect(Collectors.joining(", "))
        + "]";
  }

  /** Without labels only signals can be learned from. */
  private void unsupervised() {
    if (schema.classes().size() == 1 && schema.options().label() != null) {
      throw new CommandFailed(
          file
              + ": every label is '"
              + schema.classes().get(0)
              + "'; name all classes with --classes, or say --numeric-label if they are numbers to be"
              + " predicted");
    }
    if (schema.kind() == InputSpec.Kind.NAMED) {
      throw new CommandFailed(
          file + ": no labels; name the label's column with --label, all classes with --classes");
    }
  }

  private static long bytesPerKey(String yaml) {
    try {
      return JobPlan.of(JobConfig.parse(yaml)).bytesPerKey();
    } catch (ConfigException e) {
      throw new CommandFailed("no job takes this file: " + e.getMessage(), e);
    }
  }

  /** A job's name from the file's. */
  private String name() {
    String stem = file.replaceFirst("\\..*", "").replaceAll("[^A-Za-z0-9_-]", "-");
    String name = stem.replaceFirst("^[^A-Za-z0-9]+", "");
    return name.isEmpty() ? "millrace" : name.substring(0, Math.min(100, name.length()));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  /** A text as YAML reads it back letter by letter, whatever it looks like. */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
              } else if (plain(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(String.format(Locale.ROOT, c > 0xFFFF ? "\\U%08X" : "\\u%04X", c));
              }
            });
    return out.append('"').toString();
  }

  /** Whether YAML takes a character as it is, and people see it. */
  private static boolean plain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}

package io.millrace.jobs;

import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Every setting of a job, declared once: parsing, faults and docs/configuration.md read this table.
 * Three sections are open: {@code kafka.properties}, {@code optimizer} (hyperparameters of the
 * chosen one) and {@code optimizer.schedule}.
 */
public final class Settings {
  private static final List<Setting<?>> ALL = new ArrayList<>();
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}");
  private static final String A_DURATION = "a duration such as 500ms, 10s, 1h or PT10S";
  private static final String A_SIZE = "a size such as 4096, 900KiB or 1MiB";
  private static final String A_TOPIC = "1 to 249 of the characters a-z A-Z 0-9 . _ -";

  public static final Setting<String> JOB = choice("job", "learn", "Job family.", "learn");
  public static final Setting<String> NAME_OF_JOB =
      add(
          "name",
          "learn",
          "1 to 100 of the characters a-z A-Z 0-9 . _ -, the first a letter or digit",
          "Name of the job; prefixes its consumer group, client ids and transactions, so no two jobs"
              + " on a cluster may share it.",
          s -> matching(NAME, s));

  public static final Setting<String> BOOTSTRAP =
      add(
          "kafka.bootstrap-servers",
          null,
          "host:port, or several with commas between",
          "Where Kafka is.",
          Settings::servers);
  public static final Setting<Duration> TRANSACTION_TIMEOUT =
      duration(
          "kafka.transaction-timeout",
          "15m",
          "The broker aborts a transaction open for longer; more than checkpoint.interval and"
              + " checkpoint.timeout together, at most the broker's transaction.max.timeout.ms.");

  public static final Setting<String> TOPIC_PREFIX =
      add(
          "topics.prefix",
          "millrace",
          A_TOPIC,
          "Before the default names.",
          s -> matching(TOPIC, s));
  public static final Setting<String> EXAMPLES =
      topic("examples", "Example and ExampleBatch; labels and controls may share it.");
  public static final Setting<String> LABELS =
      topic("labels", "Labels that come later, or `none`.");
  public static final Setting<String> CONTROL = topic("control", "Controls, or `none`.");
  public static final Setting<String> MODELS = topic("models", "Snapshots; compacted.");
  public static final Setting<String> METRICS = topic("metrics", "Progressive validation.");
  public static final Setting<String> PREDICTIONS = topic("predictions", "Predictions.");
  public static final Setting<String> DEAD_LETTERS =
      topic("dead-letters", "Events that could not be used.");
  public static final Setting<Boolean> CREATE_TOPICS =
      flag("topics.create", "true", "Whether topics that are missing are created at submission.");
  public static final Setting<Integer> PARTITIONS =
      integer(
          "topics.partitions", "", 1, 100_000, "Partitions of created topics; else the broker's.");
  public static final Setting<Integer> REPLICATION =
      integer(
          "topics.replication-factor",
          "",
          1,
          1000,
          "Replicas of created topics; else the broker's.");

  public static final Setting<String> MODEL =
      choice("model.kind", "linear", "`softmax` is linear with loss softmax.", "linear", "softmax");
  public static final Setting<String> LOSS =
      choice(
          "model.loss",
          "",
          "What is minimised; logistic unless model.kind is softmax.",
          Losses.ALL.stream().map(LossSpec::id).toArray(String[]::new));
  public static final Setting<Double> LOSS_PARAMETER =
      number("model.loss-parameter", "", "Delta of huber, tau of quantile; else the loss's own.");
  public static final Setting<List<String>> CLASSES =
      add(
          "model.classes",
          "",
          "a list of names",
          "Class names in order of their index; 0 and 1 for logistic and hinge unless given.",
          s -> List.of(s.split("\u0000")));

  public static final Setting<String> FEATURES =
      choice("features.kind", "dense", "How features come.", "dense", "sparse", "named");
  public static final Setting<Integer> DIMENSION =
      integer(
          "features.dimension",
          "",
          1,
          1 << 28,
          "Coordinates; needed where features.kind is dense or sparse.");
  public static final Setting<Integer> HASH_BITS =
      integer(
          "features.hash-bits", "18", 1, 28, "Named features are hashed into 2^this coordinates.");
  public static final Setting<String> SCALING =
      choice(
          "features.scaling",
          "none",
          "`standard` scales by running statistics kept in the key's state.",
          "standard",
          "none");

  public static final Setting<String> OPTIMIZER =
      add(
          "optimizer.name",
          "sgd",
          "an optimizer of docs/catalog.md",
          "Update rule; its hyperparameters stand beside it (`learning-rate`, `beta1`, ...), with"
              + " `clip-norm` and the like.",
          s -> s);
  public static final Setting<String> SCHEDULE =
      add(
          "optimizer.schedule.kind",
          "constant",
          "a schedule of docs/catalog.md",
          "How the learning rate goes with the steps; its parameters stand beside it.",
          s -> s);
  public static final Setting<Integer> MINI_BATCH =
      integer("mini-batch", "1", 1, 1 << 20, "Labelled examples per step, counted per key.");
  public static final Setting<Long> SEED =
      add("seed", "1", "a whole number", "Of all randomness.", Settings::seed);

  public static final Setting<Duration> LABEL_WAIT =
      durationOrNone(
          "labels.wait",
          "1h",
          "How long, in the key's event time, an example waits for its label. `none`: it does not"
              + " wait.");
  public static final Setting<Integer> MAX_PENDING =
      integer("labels.max-pending", "10000", 1, 1 << 24, "Examples of a key that may wait.");
  public static final Setting<Integer> DEDUPE =
      integer(
          "dedupe.window",
          "0",
          0,
          1 << 20,
          "Ids of a key that are remembered to drop an event that comes twice.");
  public static final Setting<Duration> TTL =
      durationOrNone(
          "state.ttl", "none", "A gap in a key's event time after which it is forgotten.");
  public static final Setting<String> STATE_BACKEND =
      choice(
          "state.backend",
          "hashmap",
          "`rocksdb` only where keys are many and models small.",
          "hashmap",
          "rocksdb");
  public static final Setting<Integer> BUNDLE =
      integer(
          "state.bundle",
          "1",
          1,
          1 << 20,
          "Keys kept decoded between events; changes speed, never a result.");

  public static final Setting<Long> SNAPSHOT_EXAMPLES =
      count(
          "snapshots.every-examples",
          "1000",
          "Learned examples of a key between snapshots; 0: no.");
  public static final Setting<Duration> SNAPSHOT_EVERY =
      durationOrNone("snapshots.every", "none", "Event time of a key between snapshots.");
  public static final Setting<Boolean> SNAPSHOT_AT_END =
      flag("snapshots.at-end", "true", "Whether the end of the input publishes what is new.");
  public static final Setting<String> DTYPE =
      choice("snapshots.dtype", "f32", "Of published tensors.", "f32", "f64");
  public static final Setting<Integer> PART_BYTES =
      size("snapshots.part-bytes", "900KiB", "A larger snapshot is split into parts of this size.");
  public static final Setting<Long> METRICS_EXAMPLES =
      count("metrics.every-examples", "1000", "Examples of a key between metric records; 0: no.");
  public static final Setting<Boolean> PREDICT =
      flag("predictions.enabled", "false", "Whether predictions are published.");

  public static final Setting<String> DELIVERY =
      choice(
          "delivery",
          "exactly-once",
          "Of everything written; exactly-once is visible to read_committed after a checkpoint.",
          "exactly-once",
          "at-least-once");
  public static final Setting<Duration> CHECKPOINT_INTERVAL =
      duration("checkpoint.interval", "10s", "Between checkpoints.");
  public static final Setting<Duration> CHECKPOINT_TIMEOUT =
      duration("checkpoint.timeout", "10m", "A checkpoint that takes longer is given up.");
  public static final Setting<String> CHECKPOINT_DIRECTORY =
      add(
          "checkpoint.directory",
          "",
          "a path or URI",
          "Where checkpoints go; else where the cluster's configuration says.",
          s -> s);
  public static final Setting<Boolean> UNALIGNED =
      flag("checkpoint.unaligned", "false", "Whether barriers overtake records.");
  public static final Setting<Duration> RESTART_DELAY =
      duration("restart.delay", "1s", "Before the first restart after a failure; doubles.");
  public static final Setting<Duration> RESTART_MAX_DELAY =
      duration("restart.max-delay", "1m", "Longest delay before a restart.");

  public static final Setting<Integer> PARALLELISM =
      integer("parallelism", "", 1, 1 << 15, "Of every operator; else the submission's.");
  public static final Setting<Integer> MAX_PARALLELISM =
      integer(
          "max-parallelism",
          "128",
          1,
          1 << 15,
          "Bound of parallelism for all time: a change loses the state.");
  public static final Setting<String> START =
      choice(
          "start",
          "earliest",
          "Where reading begins without a checkpoint; `committed` falls back to earliest.",
          "earliest",
          "latest",
          "committed");
  public static final Setting<String> STOP =
      choice(
          "stop",
          "never",
          "`latest`: the job ends at the offsets that are newest when it starts.",
          "never",
          "latest");
  public static final Setting<Duration> LATENESS =
      duration(
          "watermarks.lateness", "10s", "How far record timestamps of a partition may go back.");
  public static final Setting<Duration> IDLENESS =
      duration("watermarks.idleness", "1m", "A partition silent for longer holds up no watermark.");

  public static final Setting<Integer> RECORD_BYTES =
      size("limits.record-bytes", "1MiB", "Largest record taken.");
  public static final Setting<Integer> KEY_BYTES =
      size("limits.key-bytes", "256", "Longest model key in UTF-8.");
  public static final Setting<Integer> FEATURE_COUNT =
      integer(
          "limits.features-per-example", "1000000", 1, 1 << 28, "Most coordinates of an example.");
  public static final Setting<Integer> DEAD_LETTER_BYTES =
      size("limits.dead-letter-bytes", "900KiB", "A longer dead letter has its value cut.");
  public static final Setting<String> COMPUTE =
      add(
          "compute.backend",
          "auto",
          "auto, or a backend that is there: scalar",
          "Who does the coarse arithmetic; `auto` takes the best that is there.",
          s -> s);
  public static final Setting<Path> WARM_START =
      add(
          "warm-start.file",
          "",
          "a path of a snapshot",
          "A ModelSnapshot as `millrace models export` writes it; every new key starts from it.",
          Path::of);

  private Settings() {}

  /** All of them, in the order of the documentation. */
  public static List<Setting<?>> all() {
    return List.copyOf(ALL);
  }

  /** docs/configuration.md. */
  public static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Configuration of a job\n\n");
    out.append("Generated from `Settings`; the keys are paths in the YAML. ");
    out.append("Durations: `500ms`, `10s`, `5m`, `1h`, `7d`, `PT10S`. ");
    out.append("Sizes: `4096`, `900KiB`, `1MB`.\n\n");
    out.append("| key | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
    for (Setting<?> s : ALL) {
      String def = s.defaultText() == null ? "must be given" : code(s.defaultText());
      out.append("| `").append(s.key()).append("` | ").append(def).append(" | ");
      out.append(s.allowed().replace("|", "\\|")).append(" | ").append(s.doc()).append(" |\n");
    }
    out.append("| `kafka.properties` | | a map | ");
    out.append("Handed to every Kafka client as it is (TLS, SASL); `${NAME}` in a value is the ");
    out.append("environment variable. Never printed where the name tells of a secret. |\n");
    out.append("| `optimizer.*` | | numbers | Hyperparameters, see `optimizer.name`. |\n");
    out.append("| `optimizer.schedule.*` | | numbers | Parameters of the schedule. |\n");
    return out.toString();
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  private static <T> Setting<T> add(
      String key, String def, String allowed, String doc, Function<String, T> parser) {
    Setting<T> setting = new Setting<>(key, def, allowed, doc, parser);
    ALL.add(setting);
    return setting;
  }

  private static Setting<String> topic(String role, String doc) {
    return add(
        "topics." + role,
        "",
        A_TOPIC,
        doc + " Default: `topics.prefix`, a dot and `" + role + "`.",
        s -> matching(TOPIC, s));
  }

  private static Setting<String> choice(String key, String def, String doc, String... values) {
    List<String> all = List.of(values);
    String allowed = all.size() == 1 ? all.get(0) : "one of " + String.join(", ", all);
    return add(key, def, allowed, doc, s -> all.get(all.indexOf(s)));
  }

  private static Setting<Duration> duration(String key, String def, String doc) {
    return add(key, def, A_DURATION, doc, Values::duration);
  }

  private static Setting<Duration> durationOrNone(String key, String def, String doc) {
    return add(key, def, A_DURATION + ", or none", doc, Values::durationOrNone);
  }

  private static Setting<Integer> size(String key, String def, String doc) {
    return add(key, def, A_SIZE, doc, Values::bytes);
  }

  private static Setting<Integer> integer(String key, String def, int low, int high, String doc) {
    String allowed = "a whole number in [" + low + ", " + high + "]";
    return add(key, def, allowed, doc, s -> (int) Values.integer(s, low, high));
  }

  private static Setting<Long> count(String key, String def, String doc) {
    return add(
        key, def, "a whole number, at least 0", doc, s -> Values.integer(s, 0, Long.MAX_VALUE));
  }

  private static Setting<Double> number(String key, String def, String doc) {
    return add(key, def, "a finite number", doc, Values::number);
  }

  private static Setting<Boolean> flag(String key, String def, String doc) {
    return add(key, def, "true or false", doc, Values::flag);
  }

  private static Long seed(String text) {
    return Values.integer(text, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private static String matching(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static String servers(String text) {
    for (String server : text.split(",", -1)) {
      int colon = server.lastIndexOf(':');
      if (colon < 1 || Values.integer(server.substring(colon + 1).strip(), 1, 65535) < 1) {
        throw new IllegalArgumentException(text);
      }
    }
    return text;
  }
}

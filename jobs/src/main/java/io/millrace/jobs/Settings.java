package io.millrace.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The settings that every job has, each declared once: parsing, faults and docs/configuration.md
 * read this table and that of the {@link JobFamily}.
 */
public final class Settings {
  private static final SettingTable TABLE = new SettingTable();
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}");

  public static final Setting<String> JOB =
      TABLE.choice(
          "job",
          "learn",
          "Job family; each has settings of its own, below.",
          JobFamily.ids().toArray(String[]::new));
  public static final Setting<String> NAME_OF_JOB =
      TABLE.add(
          "name",
          "",
          "1 to 100 of the characters a-z A-Z 0-9 . _ -, the first a letter or digit",
          "Name of the job; prefixes its consumer group, client ids and transactions, so no two jobs"
              + " on a cluster may share it. Default: the job family.",
          s -> SettingTable.matching(NAME, s));

  public static final Setting<String> BOOTSTRAP =
      TABLE.add(
          "kafka.bootstrap-servers",
          null,
          "host:port, or several with commas between",
          "Where Kafka is.",
          SettingTable::servers);
  public static final Setting<Duration> TRANSACTION_TIMEOUT =
      TABLE.duration(
          "kafka.transaction-timeout",
          "15m",
          "The broker aborts a transaction open for longer; more than checkpoint.interval and"
              + " checkpoint.timeout together, at most the broker's transaction.max.timeout.ms.");

  public static final Setting<String> TOPIC_PREFIX =
      TABLE.prefix("topics.prefix", "millrace", "Before the default names.");
  public static final Setting<String> EXAMPLES =
      TABLE.topic("examples", "Example and ExampleBatch; labels and controls may share it.");
  public static final Setting<String> CONTROL = TABLE.topic("control", "Controls, or `none`.");
  public static final Setting<String> MODELS = TABLE.topic("models", "Snapshots; compacted.");
  public static final Setting<String> METRICS = TABLE.topic("metrics", "Progressive validation.");
  public static final Setting<String> DEAD_LETTERS =
      TABLE.topic("dead-letters", "Events that could not be used.");
  public static final Setting<Boolean> CREATE_TOPICS =
      TABLE.flag(
          "topics.create", "true", "Whether topics that are missing are created at submission.");
  public static final Setting<Integer> PARTITIONS =
      TABLE.integer(
          "topics.partitions", "", 1, 100_000, "Partitions of created topics; else the broker's.");
  public static final Setting<Integer> REPLICATION =
      TABLE.integer(
          "topics.replication-factor",
          "",
          1,
          1000,
          "Replicas of created topics; else the broker's.");

  public static final Setting<Integer> DIMENSION =
      TABLE.integer(
          "features.dimension",
          "",
          1,
          1 << 28,
          "Coordinates; needed where features.kind is dense or sparse.");

  public static final Setting<Long> SEED =
      TABLE.add("seed", "1", "a whole number", "Of all randomness.", SettingTable::seed);

  public static final Setting<Integer> DEDUPE =
      TABLE.integer(
          "dedupe.window",
          "0",
          0,
          1 << 20,
          "Ids of a key that are remembered to drop an event that comes twice.");
  public static final Setting<Duration> TTL =
      TABLE.durationOrNone(
          "state.ttl", "none", "A gap in a key's event time after which it is forgotten.");
  public static final Setting<String> STATE_BACKEND =
      TABLE.choice(
          "state.backend",
          "hashmap",
          "`rocksdb` only where keys are many and models small.",
          "hashmap",
          "rocksdb");
  public static final Setting<Integer> BUNDLE =
      TABLE.integer(
          "state.bundle",
          "1",
          1,
          1 << 20,
          "Keys kept decoded between events; changes speed, never a result.");

  public static final Setting<Long> SNAPSHOT_EXAMPLES =
      TABLE.count(
          "snapshots.every-examples",
          "1000",
          "Learned examples of a key between snapshots; 0: no.");
  public static final Setting<Duration> SNAPSHOT_EVERY =
      TABLE.durationOrNone("snapshots.every", "none", "Event time of a key between snapshots.");
  public static final Setting<Boolean> SNAPSHOT_AT_END =
      TABLE.flag("snapshots.at-end", "true", "Whether the end of the input publishes what is new.");
  public static final Setting<String> DTYPE =
      TABLE.choice("snapshots.dtype", "f32", "Of published tensors.", "f32", "f64");
  public static final Setting<Integer> PART_BYTES =
      TABLE.size(
          "snapshots.part-bytes", "900KiB", "A larger snapshot is split into parts of this size.");
  public static final Setting<Long> METRICS_EXAMPLES =
      TABLE.count(
          "metrics.every-examples", "1000", "Examples of a key between metric records; 0: no.");
  public static final Setting<String> DELIVERY =
      TABLE.choice(
          "delivery",
          "exactly-once",
          "Of everything written; exactly-once is visible to read_committed after a checkpoint.",
          "exactly-once",
          "at-least-once");
  public static final Setting<Duration> CHECKPOINT_INTERVAL =
      TABLE.duration("checkpoint.interval", "10s", "Between checkpoints.");
  public static final Setting<Duration> CHECKPOINT_TIMEOUT =
      TABLE.duration("checkpoint.timeout", "10m", "A checkpoint that takes longer is given up.");
  public static final Setting<String> CHECKPOINT_DIRECTORY =
      TABLE.add(
          "checkpoint.directory",
          "",
          "a path or URI",
          "Where checkpoints go; else where the cluster's configuration says.",
          s -> s);
  public static final Setting<Boolean> UNALIGNED =
      TABLE.flag("checkpoint.unaligned", "false", "Whether barriers overtake records.");
  public static final Setting<Duration> RESTART_DELAY =
      TABLE.duration("restart.delay", "1s", "Before the first restart after a failure; doubles.");
  public static final Setting<Duration> RESTART_MAX_DELAY =
      TABLE.duration("restart.max-delay", "1m", "Longest delay before a restart.");

  public static final Setting<Integer> PARALLELISM =
      TABLE.integer("parallelism", "", 1, 1 << 15, "Of every operator; else the submission's.");
  public static final Setting<Integer> MAX_PARALLELISM =
      TABLE.integer(
          "max-parallelism",
          "128",
          1,
          1 << 15,
          "Bound of parallelism for all time: a change loses the state.");
  public static final Setting<String> START =
      TABLE.choice(
          "start",
          "earliest",
          "Where reading begins without a checkpoint; `committed` falls back to earliest.",
          "earliest",
          "latest",
          "committed");
  public static final Setting<String> STOP =
      TABLE.choice(
          "stop",
          "never",
          "`latest`: the job ends at the offsets that are newest when it starts.",
          "never",
          "latest");
  public static final Setting<Duration> LATENESS =
      TABLE.duration(
          "watermarks.lateness", "10s", "How far record timestamps of a partition may go back.");
  public static final Setting<Duration> IDLENESS =
      TABLE.duration(
          "watermarks.idleness", "1m", "A partition silent for longer holds up no watermark.");

  public static final Setting<Integer> RECORD_BYTES =
      TABLE.size("limits.record-bytes", "1MiB", "Largest record taken.");
  public static final Setting<Integer> KEY_BYTES =
      TABLE.size("limits.key-bytes", "256", "Longest model key in UTF-8.");
  public static final Setting<Integer> FEATURE_COUNT =
      TABLE.integer(
          "limits.features-per-example", "1000000", 1, 1 << 28, "Most coordinates of an example.");
  public static final Setting<Integer> DEAD_LETTER_BYTES =
      TABLE.size("limits.dead-letter-bytes", "900KiB", "A longer dead letter has its value cut.");
  public static final Setting<String> COMPUTE =
      TABLE.add(
          "compute.backend",
          "auto",
          "auto, or a backend that is there: scalar",
          "Who does the coarse arithmetic; `auto` takes the best that is there.",
          s -> s);
  public static final Setting<Path> WARM_START =
      TABLE.add(
          "warm-start.file",
          "",
          "a path of a snapshot",
          "A ModelSnapshot as `millrace models export` writes it; every new key starts from it.",
          Path::of);

  /** Handed to every Kafka client. */
  static final String KAFKA =
      TABLE.open(
          "kafka.properties",
          "a map | Handed to every Kafka client as it is (TLS, SASL); `${NAME}` in a value is the"
              + " environment variable. Never printed where the name tells of a secret.");

  private Settings() {}

  /** All of them. */
  static SettingTable table() {
    return TABLE;
  }

  /** docs/configuration.md. */
  public static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Configuration of a job\n\n");
    out.append("Generated from `Settings`; the keys are paths in the YAML. ");
    out.append("Durations: `500ms`, `10s`, `5m`, `1h`, `7d`, `PT10S`. ");
    out.append("Sizes: `4096`, `900KiB`, `1MB`.\n\n");
    out.append("## Every job\n\n");
    TABLE.markdown(out);
    for (JobFamily family : JobFamily.values()) {
      out.append("\n## `job: ").append(family.id()).append("`\n\n");
      family.table().markdown(out);
    }
    return out.toString();
  }
}

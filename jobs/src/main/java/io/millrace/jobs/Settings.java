package io.millrace.jobs;

import io.millrace.operators.output.Channel;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.shell.KeyLimit;
import io.millrace.state.KeySerializer;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The settings that every job has, each declared once: parsing, faults and docs/configuration.md
 * read this table and those of the {@link JobFamily}.
 */
public final class Settings {
  private static final SettingTable TABLE = new SettingTable();
  static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}");

  public static final Setting<String> JOB =
      TABLE.add(
          "job",
          "learn",
          "a job family of this build",
          "Job family; each has settings of its own, below.",
          s -> s);
  public static final Setting<String> NAME_OF_JOB =
      TABLE.add(
          "name",
          "",
          "1 to 100 of the characters a-z A-Z 0-9 . _ -, the first a letter or digit",
          "Name of the job. `topics.prefix`, `/` and the name are its consumer group and begin its"
              + " client ids and transactions, so no two jobs on a Kafka may share both. Default:"
              + " `topics.prefix`, `-` and the job family.",
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

  public static final Setting<Duration> DISCOVERY =
      TABLE.duration(
          "kafka.partition-discovery",
          "1m",
          "How often partitions are looked for that were added to an input topic; they are read from"
              + " their beginning. With `stop: latest` only at the start.");

  public static final Setting<String> TOPIC_PREFIX =
      TABLE.prefix("topics.prefix", "millrace", "Before the default names.");
  public static final Setting<String> CONTROL =
      TABLE.topic("control", "Holds Controls that do not come with the events, or `none`.");
  public static final Setting<String> MODELS = TABLE.topic(Channel.MODELS);
  public static final Setting<String> METRICS = TABLE.topic(Channel.METRICS);
  public static final Setting<String> DEAD_LETTERS = TABLE.topic(Channel.DEAD_LETTERS);
  public static final Setting<List<String>> RETIRED =
      TABLE.topics(
          "topics.retired",
          "Topics that a savepoint may read and the job reads no more; a savepoint that reads any"
              + " other one that is not an input is refused.");
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

  public static final Setting<Long> SEED =
      TABLE.add("seed", "1", "a whole number", "Of all randomness.", SettingTable::seed);

  public static final Setting<Duration> BUFFER_TIMEOUT =
      TABLE.duration(
          "execution.buffer-timeout",
          "",
          "Longest that a record waits for others on its way between tasks. Default: 1ms where the"
              + " answer to every event is published (predictions, codes, decisions), because somebody may"
              + " wait for it; else 100ms.");

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

  public static final Setting<String> DELIVERY =
      TABLE.choice(
          "delivery",
          "exactly-once",
          "Of what is written, the channels below aside that are always at-least-once; exactly-once"
              + " is visible to read_committed after a checkpoint.",
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
          "an absolute path, or a URI such as s3://bucket/folder",
          "Where checkpoints go; else where the cluster's configuration says. A path is taken as it"
              + " is spelt, spaces and all, and must be there for every task manager.",
          Values::directory);
  public static final Setting<Boolean> UNALIGNED =
      TABLE.flag(
          "checkpoint.unaligned",
          "false",
          "Whether barriers overtake records, so that a slow learner delays no checkpoint.");
  public static final Setting<Duration> ALIGNED_TIMEOUT =
      TABLE.durationOrNone(
          "checkpoint.aligned-timeout",
          "none",
          "With `checkpoint.unaligned`: barriers overtake records only where a checkpoint takes longer"
              + " than this to start. `none`: always.");
  public static final Setting<Boolean> INCREMENTAL =
      TABLE.flag(
          "checkpoint.incremental",
          "true",
          "Whether a checkpoint of `rocksdb` writes only what has changed since the one before.");
  public static final Setting<Duration> RESTART_DELAY =
      TABLE.duration("restart.delay", "1s", "Before the first restart after a failure; doubles.");
  public static final Setting<Duration> RESTART_MAX_DELAY =
      TABLE.duration("restart.max-delay", "1m", "Longest delay before a restart.");

  public static final Setting<Integer> RESTART_ATTEMPTS =
      TABLE.add(
          "restart.attempts",
          "none",
          "a whole number in [1, 1000000], or none",
          "Restarts in a row, less than an hour of running between each, after which the job fails."
              + " What no restart can mend fails it at once.",
          s -> s.equals("none") ? null : (int) Values.integer(s, 1, 1_000_000));

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
  public static final Setting<String> ON_LOST_OFFSETS =
      TABLE.choice(
          "on-lost-offsets",
          "fail",
          "What a job does that is to read on where Kafka has no records any more: they were deleted"
              + " before it has read them, or the topic was made anew and is shorter. `fail`: it ends,"
              + " naming topic, partition and offsets; `continue`: it reads on from the first record"
              + " that is there, says so in the log and counts the offsets in `lostOffsets`.",
          "fail",
          "continue");
  public static final Setting<String> STOP =
      TABLE.choice(
          "stop",
          "never",
          "`latest`: the job ends at the offsets that are newest when it starts.",
          "never",
          "latest");
  public static final Setting<Duration> AHEAD =
      TABLE.durationOrNone(
          "event-time.ahead",
          "1h",
          "How far an event's own time may lie beyond its record's timestamp; an event further ahead"
              + " is a dead letter, because it would move the clock of its key to where no later event"
              + " reaches. `none`: anywhere up to the year 9999.");
  public static final Setting<Duration> LATENESS =
      TABLE.duration(
          "watermarks.lateness",
          "10s",
          "How far record timestamps of a partition may go back, where a family sets timers; `learn` and"
              + " `dictionary` set none.");
  public static final Setting<Duration> IDLENESS =
      TABLE.duration(
          "watermarks.idleness", "1m", "A partition silent for longer holds up no watermark.");

  public static final Setting<Integer> RECORD_BYTES =
      TABLE.size("limits.record-bytes", "1MiB", "Largest record taken.");
  public static final Setting<Integer> KEY_BYTES =
      TABLE.size("limits.key-bytes", "256", KeySerializer.MAX_BYTES / 2, "Longest key in UTF-8.");
  public static final Setting<Long> MAX_KEYS =
      TABLE.add(
          "limits.keys",
          "auto",
          "a whole number in [1, 1000000000], auto or none",
          "Most keys that a subtask holds; an event of a further one is a dead letter, reason"
              + " TOO_MANY_KEYS. `auto`: with `state.backend: hashmap` as many as fit into half of the"
              + " heap with their parameters and what the optimizer keeps beside them, because what a"
              + " checkpoint writes is there twice; else any number. Trees, and the last snapshot, count"
              + " with the most that they may come to; of a number only what a key begins with must"
              + " fit.",
          Settings::keys);
  public static final Setting<Integer> DEAD_LETTER_BYTES =
      TABLE.recordSize(
          "limits.dead-letter-bytes",
          "900KiB",
          DeadLetters.MIN_BYTES,
          Channel.DEAD_LETTERS,
          "A longer dead letter has its value cut.");
  public static final Setting<String> COMPUTE =
      TABLE.add(
          "compute.backend",
          "auto",
          "auto, scalar, simd or cuda",
          "Who does the coarse arithmetic. It is looked for where the tasks run; whose bits a run"
              + " has is kept with the state: `auto` takes the best that is there at the first start,"
              + " and the best that gives the same bits when the job goes on. `simd` and `cuda` give the"
              + " bits of `scalar`; `cuda`, a GPU, is only taken where it is named.",
          s -> s);
  public static final Setting<Integer> COMPUTE_KEYS =
      TABLE.integer(
          "compute.keys",
          "64",
          1,
          1 << 16,
          "Most keys of a subtask whose mini-batches share a launch on a GPU (perceptrons of `relu`"
              + " under `cuda`); 1: none do. Changes no bit.");
  public static final Setting<Duration> COMPUTE_WAIT =
      TABLE.duration(
          "compute.wait",
          "5ms",
          "Longest that a full mini-batch waits for those of other keys, and what is published"
              + " behind it.");
  public static final Setting<Long> COMPUTE_MEMORY =
      TABLE.add(
          "compute.memory",
          "none",
          "a size such as 4GiB, or none",
          "Most memory that a task manager takes on GPUs for this job; where it is used up, fewer"
              + " keys share a launch, and what has no room stays on the processor.",
          s -> s.equals("none") ? Long.MAX_VALUE : Values.longBytes(s));

  /** End of the name of a section whose entries are a Kafka client's own. */
  static final String CLIENT_PROPERTIES = ".properties";

  /** Handed to every Kafka client. */
  static final String KAFKA =
      TABLE.open(
          "kafka.properties",
          "a map | Handed to every Kafka client as it is (TLS, SASL; examples in docs/operations.md),"
              + " apart from what the job sets itself, which is refused here; `${NAME}` in a value is"
              + " the environment variable. Never printed where the name tells of a secret.");

  private Settings() {}

  private static Long keys(String text) {
    return switch (text) {
      case "auto" -> KeyLimit.AUTO;
      case "none" -> KeyLimit.NONE;
      default -> Values.integer(text, 1, 1_000_000_000);
    };
  }

  /** All of them. */
  public static SettingTable table() {
    return TABLE;
  }
}

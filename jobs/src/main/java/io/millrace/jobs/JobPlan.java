package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Backends;
import io.millrace.core.state.CoordinateTable;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.ingress.RouterOptions;
import io.millrace.operators.publish.SnapshotOptions;
import io.millrace.operators.shell.ComputeOptions;
import io.millrace.operators.shell.Stage;
import io.millrace.operators.shell.StageOptions;
import io.millrace.operators.shell.Submission;
import io.millrace.schemas.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a job's settings mean to the parts of the topology. A family says which stages it has; the
 * rest is the same for all.
 */
public abstract class JobPlan {
  private final JobConfig config;

  protected JobPlan(JobConfig config) {
    this.config = config;
  }

  /** The plan of a job's family. */
  public static JobPlan of(JobConfig config) {
    return config.family().plan().apply(config);
  }

  /** Every fault of a job's settings that only its plan knows. */
  static List<String> faults(JobConfig config) {
    List<String> faults = new ArrayList<>();
    collect(faults, () -> Backends.requireKnown(config.get(Settings.COMPUTE)));
    collect(faults, () -> of(config).check(faults));
    return faults.stream().distinct().toList();
  }

  /** Runs something and takes the faults it throws to the others, to be reported together. */
  protected static void collect(List<String> faults, Runnable part) {
    try {
      part.run();
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
  }

  /** The settings. */
  protected final JobConfig config() {
    return config;
  }

  /**
   * The stages, in the order in which one may hand events to another.
   *
   * @throws ConfigException listing every fault
   */
  public abstract List<Stage> stages();

  /** Adds every fault that shows in the stages; a family adds its own. */
  protected void check(List<String> faults) {
    collect(faults, this::stages);
  }

  /**
   * What every stage must know of the job.
   *
   * @param submission what counts for a run that starts without state
   */
  public final StageOptions options(Submission submission) {
    return new StageOptions(
        config.family().id(),
        config.name(),
        config.inputTopics(),
        times(),
        config.get(Settings.BUNDLE),
        config.get(Settings.DEAD_LETTER_BYTES),
        new ComputeOptions(
            config.get(Settings.COMPUTE),
            config.get(Settings.COMPUTE_KEYS),
            config.get(Settings.COMPUTE_WAIT),
            config.get(Settings.COMPUTE_MEMORY)),
        config.get(Settings.MAX_KEYS),
        submission);
  }

  /** Which event times are taken. */
  final EventTimes times() {
    return new EventTimes(config.get(Settings.AHEAD));
  }

  /**
   * Of input topics that hold records for other jobs, too, the keys whose records this one takes;
   * of topics that are not named it takes all.
   */
  Map<String, Set<String>> addressees() {
    return Map.of();
  }

  /**
   * Bytes that a key's own numbers take when it begins, in state and on the heap while they are
   * used; what else is kept about a key comes on top. 0: the family has none.
   */
  public long bytesPerKey() {
    return 0;
  }

  /** Bytes that they may come to take. */
  public long mostBytesPerKey() {
    return bytesPerKey();
  }

  /** Bytes that they may be expected to take: the most, unless that depends on what a key sees. */
  public long expectedBytesPerKey() {
    return mostBytesPerKey();
  }

  /** What a key takes, in a sentence. */
  public String sizeOfKey() {
    long first = bytesPerKey();
    long most = mostBytesPerKey();
    if (expectedBytesPerKey() < most) {
      return String.format(
          Locale.ROOT,
          "a key begins with %,d bytes, takes %,d once it has seen %d features, and grows up to %,d"
              + " bytes",
          first,
          expectedBytesPerKey(),
          CoordinateTable.USUAL_COUNT,
          most);
    }
    return most == first
        ? String.format(
            Locale.ROOT,
            "a key takes %,d bytes of parameters and of what the optimizer keeps",
            first)
        : String.format(
            Locale.ROOT, "a key begins with %,d bytes and grows up to %,d bytes", first, most);
  }

  /** What the source lets through: the kinds that any stage takes. */
  public final RouterOptions router() {
    List<EventKind> kinds =
        stages().stream().flatMap(stage -> stage.kinds().stream()).distinct().toList();
    return new RouterOptions(
        config.inputTopics(),
        kinds,
        config.get(Settings.RECORD_BYTES),
        config.get(Settings.KEY_BYTES));
  }

  /**
   * When and how models are published, of a family that has {@link ModelSettings}.
   *
   * @param fullEvery of so many snapshots one is full
   */
  final SnapshotOptions snapshots(int fullEvery) {
    return new SnapshotOptions(
        config.family().id(),
        config.get(ModelSettings.SNAPSHOT_EXAMPLES),
        config.get(ModelSettings.SNAPSHOT_EVERY),
        config.get(ModelSettings.SNAPSHOT_AT_END),
        fullEvery,
        DType.valueOf(upper(config.get(ModelSettings.DTYPE))),
        config.get(ModelSettings.PART_BYTES),
        config.get(Settings.SEED),
        Build.version());
  }

  /** An enum constant's name of a value. */
  protected static String upper(String s) {
    return s.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}

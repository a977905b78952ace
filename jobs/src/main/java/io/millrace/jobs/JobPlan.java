package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Backends;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.operators.ingress.RouterOptions;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.learner.WarmStart;
import io.millrace.schemas.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * What a job's settings mean to the parts of the topology. A family says what it learns and from
 * what; the rest is the same for all.
 */
public abstract class JobPlan {
  private final JobConfig config;

  JobPlan(JobConfig config) {
    this.config = config;
  }

  /** The plan of a job's family. */
  public static JobPlan of(JobConfig config) {
    return config.family().plan(config);
  }

  /** Every fault of a job's settings that only its plan knows. */
  static List<String> faults(JobConfig config) {
    List<String> faults = new ArrayList<>();
    collect(
        faults,
        () -> {
          JobPlan plan = of(config);
          collect(faults, plan::options);
          collect(faults, () -> plan.tryWarmStart(plan.factory().get()));
        });
    return faults.stream().distinct().toList();
  }

  /** A model that does not fit would stop the job at its first event, again and again. */
  private void tryWarmStart(OnlineLearner learner) {
    WarmStart.Start start = warmStart().of("");
    if (start == null) {
      return;
    }
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "");
    try {
      learner.warmStart(state, start.model());
    } catch (StateException e) {
      throw new ConfigException(
          Settings.WARM_START.key()
              + " = '"
              + config.get(Settings.WARM_START)
              + "'; must be a model of the same form: "
              + e.getMessage());
    }
  }

  /** Id of the compute backend that the settings select on this machine. */
  final String backend() {
    return Backends.select(config.get(Settings.COMPUTE)).backend().id();
  }

  private static void collect(List<String> faults, Runnable part) {
    try {
      part.run();
    } catch (ConfigException e) {
      faults.addAll(e.faults()); // reported together with the others
    }
  }

  /** What an event must look like. */
  abstract InputSpec input();

  /** Makes the learner on each subtask. */
  public abstract LearnerFactory factory();

  /** Kinds of records the job takes, constants of RoutedEvent. */
  abstract List<Byte> kinds();

  /** Sets what only this family's learner operator has. */
  abstract void complete(LearnerOptions.Builder options);

  /**
   * The learner operator's options.
   *
   * @throws ConfigException listing every fault
   */
  public LearnerOptions options() {
    JobFamily.Output output = config.family().output();
    LearnerOptions.Builder options =
        LearnerOptions.builder(config.inputTopics(), input())
            .family(config.family().id())
            .job(config.name())
            .dedupeWindow(config.get(Settings.DEDUPE))
            .ttl(config.get(Settings.TTL))
            .bundle(config.get(Settings.BUNDLE))
            .snapshots(
                new LearnerOptions.Snapshots(
                    config.get(Settings.SNAPSHOT_EXAMPLES),
                    config.get(Settings.SNAPSHOT_EVERY),
                    config.get(Settings.SNAPSHOT_AT_END),
                    DType.valueOf(upper(config.get(Settings.DTYPE))),
                    config.get(Settings.PART_BYTES)))
            .metricsEvery(
                config.topic(Settings.METRICS) == null ? 0 : config.get(Settings.METRICS_EXAMPLES))
            .results(output.wanted(config) ? output.results() : null)
            .deadLetterBytes(config.get(Settings.DEAD_LETTER_BYTES))
            .provenance(config.get(Settings.SEED), backend(), build())
            .warmStart(warmStart());
    complete(options);
    return options.build();
  }

  /** What the source lets through. */
  public RouterOptions router() {
    return new RouterOptions(
        config.inputTopics(),
        kinds(),
        config.get(Settings.RECORD_BYTES),
        config.get(Settings.KEY_BYTES));
  }

  private WarmStart warmStart() {
    Path file = config.get(Settings.WARM_START);
    if (file == null) {
      return WarmStart.NONE;
    }
    try {
      return SnapshotStart.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ConfigException(
          Settings.WARM_START.key()
              + " = '"
              + file
              + "'; cannot be read as a ModelSnapshot ("
              + e.getMessage()
              + "); export one with millrace models export");
    }
  }

  /** Version of this build, for provenance. */
  private static String build() {
    Properties build = new Properties();
    try (InputStream in = JobPlan.class.getResourceAsStream("build.properties")) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("build.properties of the jobs", e);
    }
    return build.getProperty("version");
  }

  /** An enum constant's name of a value. */
  static String upper(String s) {
    return s.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}

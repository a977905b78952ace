package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Backends;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Scaling;
import io.millrace.core.learn.SupervisedLearner;
import io.millrace.core.learn.SupervisedOptions;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.operators.ingress.RoutedEvent;
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
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** What a `learn` job's settings mean to the parts of the job. */
public final class LearnPlan {
  private final JobConfig config;
  private final SupervisedOptions learner;

  /**
   * A plan.
   *
   * @throws ConfigException listing every fault of the events' form
   */
  public LearnPlan(JobConfig config) {
    this.config = config;
    String loss = loss();
    Double parameter = config.get(Settings.LOSS_PARAMETER);
    this.learner =
        new SupervisedOptions(
            input(loss),
            loss,
            parameter == null ? Double.NaN : parameter,
            Scaling.valueOf(upper(config.get(Settings.SCALING))),
            config.get(Settings.OPTIMIZER),
            config.hyperparameters(),
            config.get(Settings.SCHEDULE),
            config.scheduleParameters(),
            config.get(Settings.SEED));
  }

  /** The learner's options. */
  public SupervisedOptions learner() {
    return learner;
  }

  /** Makes the learner on each subtask. */
  public LearnerFactory factory() {
    SupervisedOptions options = learner;
    return () -> new SupervisedLearner(options);
  }

  /**
   * The learner operator's options.
   *
   * @throws ConfigException listing every fault
   */
  public LearnerOptions options() {
    return LearnerOptions.builder(config.inputTopics(), learner.input())
        .family("learn")
        .job(config.get(Settings.NAME_OF_JOB))
        .miniBatch(config.get(Settings.MINI_BATCH))
        .labels(config.get(Settings.LABEL_WAIT), config.get(Settings.MAX_PENDING))
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
        .predictions(predictions())
        .deadLetterBytes(config.get(Settings.DEAD_LETTER_BYTES))
        .provenance(
            config.get(Settings.SEED),
            Backends.select(config.get(Settings.COMPUTE)).backend().id(),
            build())
        .warmStart(warmStart())
        .build();
  }

  /** What the source lets through. */
  public RouterOptions router() {
    return new RouterOptions(
        config.inputTopics(),
        List.of(
            RoutedEvent.EXAMPLE, RoutedEvent.EXAMPLE_BATCH, RoutedEvent.LABEL, RoutedEvent.CONTROL),
        config.get(Settings.RECORD_BYTES),
        config.get(Settings.KEY_BYTES));
  }

  /** Whether predictions are published. */
  boolean predictions() {
    return config.get(Settings.PREDICT) && config.topic(Settings.PREDICTIONS) != null;
  }

  private String loss() {
    String given = config.get(Settings.LOSS);
    boolean softmax = config.get(Settings.MODEL).equals("softmax");
    if (softmax && given != null && !given.equals("softmax")) {
      throw new ConfigException(
          "model.loss = '" + given + "'; must be softmax or absent because model.kind is softmax");
    }
    return given != null ? given : softmax ? "softmax" : "logistic";
  }

  private InputSpec input(String loss) {
    Integer dimension = config.get(Settings.DIMENSION);
    LossSpec spec = Losses.loss(loss);
    List<String> classes = config.get(Settings.CLASSES);
    if (classes != null && spec.target() != InputSpec.Target.CLASS) {
      throw new ConfigException(
          "model.classes = " + classes + "; must be absent because loss " + loss + " has none");
    }
    if (classes == null) {
      classes = spec.maxClasses() == 2 ? List.of("0", "1") : List.of();
    }
    return new InputSpec(
        InputSpec.Kind.valueOf(upper(config.get(Settings.FEATURES))),
        dimension == null ? 0 : dimension,
        config.get(Settings.HASH_BITS),
        spec.target(),
        classes,
        config.get(Settings.FEATURE_COUNT));
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
  static String build() {
    Properties build = new Properties();
    try (InputStream in = LearnPlan.class.getResourceAsStream("build.properties")) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("build.properties of the jobs", e);
    }
    return build.getProperty("version");
  }

  private static String upper(String s) {
    return s.toUpperCase(Locale.ROOT);
  }
}

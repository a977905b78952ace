package io.millrace.bench.pipeline;

import io.millrace.bench.Figures;
import io.millrace.bench.samples.Events;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.Progress;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobTopology;
import io.millrace.jobs.LearnPlan;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.operators.shell.Submission;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Events per second of the whole `learn` job beside the same job with a learner that idles. */
public final class PipelineBenchmark implements Benchmark {
  private static final int RECORDS_PER_KEY = 20;

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public String description() {
    return "events/s of the learn job over events/s of the same job with a learner that does"
        + " nothing, on a real broker; with watch=1, of the job with all metrics, intervals and a"
        + " detector over the plain job; with forms=1, of keys that hold the features they have"
        + " seen over keys that hold all";
  }

  @Override
  public Map<String, Long> settings() {
    Map<String, Long> settings = new LinkedHashMap<>();
    settings.put("keys", 1000L);
    settings.put("examples", 3_000_000L);
    settings.put("repetitions", 5L);
    settings.put("warm-ups", 3L);
    settings.put("partitions", 16L);
    settings.put("parallelism", (long) Runtime.getRuntime().availableProcessors());
    settings.put("dense", 1L);
    settings.put("sparse", 1L);
    settings.put("batch", 1L);
    settings.put("watch", 0L);
    settings.put("forms", 0L);
    return settings;
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException {
    run.requirePositive("keys", "repetitions", "partitions", "parallelism");
    Map<String, Object> report = new LinkedHashMap<>();
    List<Map<String, Object>> cases = new ArrayList<>();
    try (EmbeddedBroker broker = EmbeddedBroker.start(run.workDir().resolve("broker"))) {
      for (Case c : List.of(Case.DENSE, Case.SPARSE, Case.BATCH)) {
        boolean hasForms = !c.shape().dense() || run.settings().get("forms") == 0;
        if (run.settings().get(c.setting()) > 0 && hasForms) {
          cases.add(measure(run, broker, c));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    report.put("cases", cases);
    return report;
  }

  private static Map<String, Object> measure(Run run, EmbeddedBroker broker, Case c)
      throws InterruptedException {
    int keys = run.count("keys");
    long records = run.settings().get("examples") / c.batch();
    long examples = records * c.batch();
    Events events =
        new Events(c.shape(), keys, Math.max(1, RECORDS_PER_KEY / c.batch()), c.batch(), 1);
    Feeder feeder = new Feeder(broker.bootstrapServers());
    String prefix = "bench-" + c.name();
    feeder.create(List.of(prefix + ".examples"), run.count("partitions"));
    feeder.create(
        Stream.of("labels", "control", "models", "metrics", "dead-letters")
            .map(topic -> prefix + "." + topic)
            .toList(),
        1);
    feeder.fill(prefix + ".examples", events, records);

    boolean watch = run.settings().get("watch") > 0;
    boolean forms = run.settings().get("forms") > 0;
    String plain = yaml(run, broker, c, prefix);
    JobConfig[] configs = {
      JobConfig.parse(plain + (watch ? WATCHED : forms ? "state: {form: sparse}\n" : "")),
      JobConfig.parse(plain + (forms ? "state: {form: dense}\n" : ""))
    };
    LearnerFactory real = new LearnPlan(configs[0]).factory();
    LearnerFactory other = new LearnPlan(configs[1]).factory();
    boolean dense = c.shape().dense();
    LearnerFactory[] factories = {real, watch || forms ? other : backend -> new IdleLearner(dense)};
    int repetitions = run.count("repetitions");
    int warmUps = run.count("warm-ups");
    int parallelism = run.count("parallelism");
    double[][] perSecond = new double[2][repetitions];
    double[][] perCpuSecond = new double[2][repetitions];
    double[][] perWorkSecond = new double[2][repetitions];
    try (Progress progress =
        new Progress(run.output(), c.name(), "runs", 2L * (repetitions + warmUps))) {
      for (int r = -warmUps; r < repetitions; r++) {
        for (int which = 0; which < 2; which++) {
          Gauge gauge = Gauge.expect(examples, parallelism);
          execute(configs[which], parallelism, factories[which]);
          if (r >= 0) {
            perSecond[which][r] = gauge.perSecond();
            perCpuSecond[which][r] = gauge.perCpuSecond();
            perWorkSecond[which][r] = gauge.perWorkSecond();
          }
          progress.at(2L * (r + warmUps) + which + 1, "");
        }
      }
    }
    return report(run, c, events, examples, perSecond, perCpuSecond, perWorkSecond);
  }

  /** Everything that can be watched of two classes, and a detector. */
  private static final String WATCHED =
      String.join(
          "\n",
          "metrics: {list: [faded, recent, calibration, recent-calibration, auc]}",
          "intervals: {coverage: 0.9}",
          "drift: {detector: adwin}",
          "");

  /** Of a run whose models nobody reads. */
  private static final Submission SUBMISSION = new Submission(1, Map.of());

  private static void execute(JobConfig config, int parallelism, LearnerFactory factory) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, new Configuration());
    JobTopology.build(env, config, new LearnPlan(config).stages(gauged(factory)), SUBMISSION);
    Configuration noRestart = new Configuration(); // a failure is to be seen, not timed
    noRestart.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    env.configure(noRestart);
    try {
      env.execute("bench");
    } catch (Exception e) { // as Flink declares it
      throw new IllegalStateException("the job of the benchmark failed", e);
    }
  }

  private static LearnerFactory gauged(LearnerFactory factory) {
    return backend -> {
      OnlineLearner learner = factory.create(backend);
      return new GaugedLearner(learner, Gauge.current());
    };
  }

  private static String yaml(Run run, EmbeddedBroker broker, Case c, String prefix) {
    return String.join(
        "\n",
        "job: learn",
        "name: " + prefix,
        "kafka: {bootstrap-servers: '" + broker.bootstrapServers() + "'}",
        "topics: {prefix: " + prefix + "}",
        "model: {kind: linear, loss: logistic}",
        "features: {kind: "
            + (c.shape().dense() ? "dense" : "sparse")
            + ", dimension: "
            + c.shape().dimension()
            + ", scaling: none}",
        "optimizer: {name: sgd, learning-rate: 0.01}",
        "delivery: at-least-once",
        "checkpoint: {interval: 10s, directory: '" + run.workDir().resolve("checkpoints") + "'}",
        "parallelism: " + run.count("parallelism"),
        "start: earliest",
        "stop: latest",
        "");
  }

  private static Map<String, Object> report(
      Run run,
      Case c,
      Events events,
      long examples,
      double[][] perSecond,
      double[][] perCpuSecond,
      double[][] perWorkSecond) {
    double ratio = Figures.median(perSecond[0]) / Figures.median(perSecond[1]);
    double[] pairs = new double[perSecond[0].length];
    Arrays.setAll(pairs, r -> perSecond[0][r] / perSecond[1][r]);
    double workRatio = Figures.median(perWorkSecond[0]) / Figures.median(perWorkSecond[1]);
    double micros = 1e6 / Figures.median(perWorkSecond[0]);
    double idleMicros = 1e6 / Figures.median(perWorkSecond[1]);
    Map<String, Object> m = new LinkedHashMap<>();
    String other =
        run.settings().get("forms") > 0
            ? "dense form"
            : run.settings().get("watch") > 0 ? "plain" : "idle";
    m.put("case", c.name());
    m.put("examples", examples);
    m.put("partitions", run.count("partitions"));
    m.put("parallelism", run.count("parallelism"));
    m.put("examples-per-record", c.batch());
    m.put("bytes-per-record", events.value(0).length);
    m.put("dimension", c.shape().dimension());
    m.put("learn-per-second", Figures.summary(perSecond[0]));
    m.put(other + "-per-second", Figures.summary(perSecond[1]));
    m.put("learn-per-cpu-second", Figures.summary(perCpuSecond[0]));
    m.put(other + "-per-cpu-second", Figures.summary(perCpuSecond[1]));
    m.put("learn-per-cpu-second-without-compiler", Figures.summary(perWorkSecond[0]));
    m.put(other + "-per-cpu-second-without-compiler", Figures.summary(perWorkSecond[1]));
    m.put("ratio", ratio);
    m.put("ratio-of-pairs", Figures.summary(pairs));
    m.put(
        "ratio-per-cpu-second", Figures.median(perCpuSecond[0]) / Figures.median(perCpuSecond[1]));
    m.put("ratio-per-cpu-second-without-compiler", workRatio);
    m.put("cpu-micros-per-example-without-compiler", micros);
    m.put(other + "-cpu-micros-per-example-without-compiler", idleMicros);
    m.put("cpu-micros-per-example", 1e6 / Figures.median(perCpuSecond[0]));
    m.put(other + "-cpu-micros-per-example", 1e6 / Figures.median(perCpuSecond[1]));
    m.put("platform-table-cpu-micros-per-example", c.floorMicros());
    run.output()
        .say(
            "%-18s learn %,.0f/s, %s %,.0f/s: ratio %.3f (pairs %.3f); CPU us/example without"
                + " compiler: learn %.2f, %s %.2f (ratio %.3f), bare pipeline of the platform"
                + " table %.2f",
            c.name(),
            Figures.median(perSecond[0]),
            other,
            Figures.median(perSecond[1]),
            ratio,
            Figures.median(pairs),
            micros,
            other,
            idleMicros,
            workRatio,
            c.floorMicros());
    return m;
  }
}

package io.millrace.bench.sample;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.bench.Benchmark.Run;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.run.LocalJob;
import io.millrace.cli.topics.RecordFollower;
import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.posterior.DrawStatistics;
import io.millrace.core.state.LearnerState;
import io.millrace.jobs.JobConfig;
import io.millrace.schemas.ChainDraws;
import io.millrace.schemas.DoubleBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The problems of {@link Headline} through Kafka and the `sample` job: every draw of every chain is
 * read from the topic, so the law is that of {@link SampledLaw}, averaged over all steps of a
 * visit. Chains run for a while instead of a number of steps.
 */
final class ThroughTheJob {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int CHAINS = 64;

  /** Of the draws that count, those before are burnt in. */
  private static final int BURN_IN_PARTS = 4;

  private final Run run;
  private int jobs;

  ThroughTheJob(Run run) {
    this.run = run;
  }

  /** Every method and length of visits of one problem. */
  List<Map<String, Object>> measure(Headline problem, double h)
      throws IOException, InterruptedException {
    List<Map<String, Object>> cells = new ArrayList<>();
    run.output()
        .say(
            "%n%s, h = %s, through the job: 2-Wasserstein distance to the posterior, in brackets what"
                + " draws of that number would miss by chance",
            problem.name(), h);
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(run.workDir().resolve("broker-" + problem.name()))) {
      for (Method method : Method.values()) {
        StringBuilder line = new StringBuilder();
        for (int localSteps : HeadlineMeasurement.LOCAL_STEPS) {
          Map<String, Object> cell =
              cell(problem, h, method, localSteps, broker.bootstrapServers());
          cells.add(cell);
          line.append(
              String.format(
                  Locale.ROOT, "  %.3g (%.1g)", cell.get("sampled"), cell.get("noiseFloor")));
        }
        run.output().say("  %-32s L = %s:%s", method.title, HeadlineMeasurement.LOCAL_STEPS, line);
      }
    }
    return cells;
  }

  private Map<String, Object> cell(
      Headline problem, double h, Method method, int localSteps, String servers)
      throws InterruptedException {
    String prefix = "headline-" + problem.name() + "-" + jobs++;
    JobConfig config = JobConfig.parse(yaml(problem, h, method, localSteps, servers, prefix));
    try (LocalJob job = LocalJob.start(config, "0", null, run.workDir(), run.output()::note)) {
      if (!job.awaitRunning(START)) {
        throw new CommandFailed("the job of the benchmark was not running within " + START);
      }
      try (RecordFollower draws =
          RecordFollower.fromBeginning(
              Map.of("bootstrap.servers", servers, "client.id", "millrace-bench"),
              prefix + ".draws")) {
        produce(problem, servers, prefix);
        return report(problem, method, localSteps, follow(problem, draws));
      }
    }
  }

  private static String yaml(
      Headline problem, double h, Method method, int localSteps, String servers, String prefix) {
    boolean labelled = problem.file().has("sigma2");
    return String.join(
        "\n",
        "job: sample",
        "name: " + prefix,
        "kafka.bootstrap-servers: '" + servers + "'",
        "topics: {prefix: " + prefix + ", partitions: 1}",
        labelled
            ? "model: {kind: linear, loss: squared, dispersion: "
                + problem.file().get("sigma2")
                + "}"
            : "model: {kind: gaussian-mean}",
        "features.dimension: 2",
        "prior.precision: " + problem.prior().precision(),
        "clients: {least: " + problem.shares().length + ", shares: uniform}",
        "clients.least-rows: " + problem.clients().get(0).rows(),
        "chains: {count: " + CHAINS + ", local-steps: " + localSteps + ", thin: 1, burn-in: 0}",
        "chains.step-size: " + h,
        "surrogate.kind: " + method.kind,
        "estimator: {kind: " + method.estimator() + ", mini-batch: " + Headline.MINI_BATCH + "}",
        "parallelism: 1",
        "");
  }

  private static void produce(Headline problem, String servers, String prefix) {
    try (EventWriter writer =
        EventWriter.open(
            KafkaAccess.to(servers),
            "millrace-bench-rows",
            EventTopics.single(prefix + ".examples"),
            1)) {
      int s = 0;
      for (JsonNode c : problem.file().get("clients")) {
        String client = "client-" + s++;
        for (int i = 0; i < c.get("x").size(); i++) {
          double[] x = Headline.numbers(c.get("x").get(i));
          if (c.has("y")) {
            // The column of ones is the bias of the job's model.
            double[] features = {x[1], x[2]};
            writer.send(Event.dense(client, features).label(c.get("y").get(i).doubleValue()));
          } else {
            writer.send(Event.dense(client, x));
          }
        }
      }
      writer.flush();
    }
  }

  /** Draws by chain, until as many seconds have passed as are wanted since the first came. */
  private Map<String, List<double[]>> follow(Headline problem, RecordFollower follower) {
    Map<String, List<double[]>> draws = new TreeMap<>();
    long first = 0;
    long begin = System.nanoTime();
    long wanted = Duration.ofSeconds(run.count("job-seconds")).toNanos();
    while (first == 0 || System.nanoTime() - first < wanted) {
      follower.poll(
          POLL,
          r -> {
            if (r instanceof ChainDraws d) {
              draws
                  .computeIfAbsent(d.getChain(), c -> new ArrayList<>())
                  .add(DoubleBytes.read(d.getDraws()));
            }
          });
      if (first == 0 && !draws.isEmpty()) {
        first = System.nanoTime();
      }
      if (first == 0 && System.nanoTime() - begin > START.toNanos()) {
        throw new CommandFailed(problem.name() + ": no chain came back within " + START);
      }
    }
    return draws;
  }

  private Map<String, Object> report(
      Headline problem, Method method, int localSteps, Map<String, List<double[]>> draws) {
    int d = problem.size();
    DrawStatistics statistics = new DrawStatistics(d);
    List<LearnerState> chains = new ArrayList<>();
    double[] ess = new double[d];
    long steps = 0;
    for (List<double[]> visits : draws.values()) {
      LearnerState state = new LearnerState(statistics.schema());
      for (int v = visits.size() / BURN_IN_PARTS; v < visits.size(); v++) {
        double[] of = visits.get(v);
        for (int at = 0; at < of.length; at += d) {
          statistics.add(state, ordered(problem, of, at));
          steps++;
        }
      }
      chains.add(state);
      for (int i = 0; i < d; i++) {
        ess[i] += statistics.effectiveSampleSize(state, i);
      }
    }
    double least = Double.POSITIVE_INFINITY;
    for (double e : ess) {
      least = Math.min(least, e);
    }
    GaussianLaw law = statistics.law(chains);
    Map<String, Object> cell = new LinkedHashMap<>();
    cell.put("method", method.title);
    cell.put("localSteps", localSteps);
    cell.put("sampled", law.wasserstein(problem.posterior(), Headline.KERNELS));
    cell.put("noiseFloor", Math.sqrt(law.trace() * 1.5 / least));
    cell.put("chains", chains.size());
    cell.put("steps", steps);
    return cell;
  }

  /** A draw in the order of the problem's file: the job's model has its bias last. */
  private static double[] ordered(Headline problem, double[] draws, int at) {
    double[] theta = new double[problem.size()];
    boolean biased = problem.file().has("sigma2");
    for (int i = 0; i < theta.length; i++) {
      theta[biased ? (i + 1) % theta.length : i] = draws[at + i];
    }
    return theta;
  }
}

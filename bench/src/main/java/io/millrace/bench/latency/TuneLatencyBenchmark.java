package io.millrace.bench.latency;

import io.millrace.bench.Figures;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.run.LocalJob;
import io.millrace.client.Decision;
import io.millrace.client.KafkaAccess;
import io.millrace.client.TuneClient;
import io.millrace.client.TuneTopics;
import io.millrace.jobs.JobConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a decision takes from the request of a client through Kafka and the `tune` job back to
 * it, beside how long the broker alone takes to carry one record.
 */
public final class TuneLatencyBenchmark implements Benchmark {
  private static final String PREFIX = "bench-tune";
  private static final Duration START = Duration.ofMinutes(2);

  @Override
  public String name() {
    return "tune-latency";
  }

  @Override
  public String description() {
    return "milliseconds from request to decision through Kafka and the tune job, one after the"
        + " other, beside one record through the broker alone";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of("decisions", 5000L, "warm-up", 2000L, "arms", 20L, "checkpoint-millis", 10_000L);
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException, InterruptedException {
    run.requirePositive("decisions", "arms", "checkpoint-millis");
    try (EmbeddedBroker broker = EmbeddedBroker.start(run.workDir().resolve("broker"))) {
      String at = broker.bootstrapServers();
      double[] record = new RoundTrip(at).millis(run.count("warm-up"), run.count("decisions"));
      JobConfig config = JobConfig.parse(yaml(run, at));
      try (LocalJob job = LocalJob.start(config, "0", null, run.workDir(), run.output()::note)) {
        if (!job.awaitRunning(START)) {
          throw new CommandFailed("the job of the benchmark was not running within " + START);
        }
        return report(run, record, decisions(run, at));
      }
    }
  }

  private static String yaml(Run run, String at) {
    return String.join(
        "\n",
        "job: tune",
        "name: " + PREFIX,
        "kafka: {bootstrap-servers: '" + at + "'}",
        "topics: {prefix: " + PREFIX + ", partitions: 1}",
        "arms: {grid: {from: 1, to: 2, count: " + run.count("arms") + "}}",
        "policy: {name: tsallis_inf, scaled: 0}",
        "checkpoint: {interval: " + run.count("checkpoint-millis") + "ms}",
        "parallelism: 1",
        "");
  }

  private static double[] decisions(Run run, String at) throws InterruptedException {
    double[] millis = new double[run.count("decisions")];
    try (TuneClient client =
        TuneClient.open(KafkaAccess.to(at), "millrace-bench", TuneTopics.of(PREFIX))) {
      for (int i = -run.count("warm-up"); i < millis.length; i++) {
        long begin = System.nanoTime();
        Decision d = client.decide("tuner");
        if (i >= 0) {
          millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        client.report(d.id(), 0.5);
      }
    }
    return millis;
  }

  private static Map<String, Object> report(Run run, double[] record, double[] decision) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("decisions", decision.length);
    m.put("arms", run.count("arms"));
    m.put("checkpoint-millis", run.count("checkpoint-millis"));
    m.put("decision-millis", quantiles(decision));
    m.put("record-millis", quantiles(record));
    m.put("ratio-of-medians", Figures.median(decision) / Figures.median(record));
    run.output()
        .say(
            "decision: median %.2f ms, 99th percentile %.2f ms; one record through the broker:"
                + " %.2f ms, %.2f ms",
            quantile(decision, 0.5),
            quantile(decision, 0.99),
            quantile(record, 0.5),
            quantile(record, 0.99));
    return m;
  }

  private static Map<String, Object> quantiles(double[] values) {
    Map<String, Object> q = new LinkedHashMap<>();
    q.put("median", quantile(values, 0.5));
    q.put("p99", quantile(values, 0.99));
    q.put("max", quantile(values, 1));
    return q;
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(share * (sorted.length - 1))];
  }
}

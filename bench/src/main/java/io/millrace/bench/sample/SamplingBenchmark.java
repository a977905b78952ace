package io.millrace.bench.sample;

import io.millrace.cli.bench.Benchmark;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sampling of posteriors that are known, over clients that differ, on one thread and through the
 * `sample` job.
 */
public final class SamplingBenchmark implements Benchmark {
  private static final double MEAN_STEP = 1e-4;
  private static final double REGRESSION_STEP = 2e-5;

  @Override
  public String name() {
    return "sample";
  }

  @Override
  public String description() {
    return "distance of posteriors sampled over clients that differ to the true ones, by local"
        + " steps per visit, with and without surrogates, in one thread and through the job; bias by"
        + " step size; local steps/s";
  }

  @Override
  public Map<String, Long> settings() {
    Map<String, Long> settings = new LinkedHashMap<>();
    settings.put("chains", 48L);
    settings.put("steps", 80_000L);
    settings.put("headline", 1L);
    settings.put("bias", 1L);
    settings.put("throughput", 1L);
    settings.put("job-seconds", 20L);
    return settings;
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException, InterruptedException {
    run.requirePositive("chains", "steps");
    Headline mean = Headline.gaussianMean();
    Headline regression = Headline.linearRegression();
    Map<String, Object> report = new LinkedHashMap<>();
    if (run.count("headline") > 0) {
      report.put(
          "headline",
          List.of(
              new HeadlineMeasurement(mean, MEAN_STEP, 100, run).measure(),
              new HeadlineMeasurement(regression, REGRESSION_STEP, 0, run).measure()));
    }
    if (run.count("job-seconds") > 0) {
      ThroughTheJob job = new ThroughTheJob(run);
      report.put(
          "job",
          Map.of(
              mean.name(),
              job.measure(mean, MEAN_STEP),
              regression.name(),
              job.measure(regression, REGRESSION_STEP)));
    }
    if (run.count("bias") > 0) {
      report.put("bias", new BiasTable(run).measure(regression));
    }
    if (run.count("throughput") > 0) {
      report.put("throughput", Throughput.measure(run, mean, regression));
    }
    return report;
  }
}

package io.millrace.bench.sample;

import io.millrace.cli.bench.Benchmark;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sampling of posteriors that are known, over clients that differ, on one thread. */
public final class SamplingBenchmark implements Benchmark {
  @Override
  public String name() {
    return "sample";
  }

  @Override
  public String description() {
    return "distance of posteriors sampled over clients that differ to the true ones, by local"
        + " steps per visit, with and without surrogates; bias by step size; local steps/s";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of("chains", 48L, "steps", 80_000L, "headline", 1L, "bias", 1L);
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException {
    run.requirePositive("chains", "steps");
    Headline mean = Headline.gaussianMean();
    Headline regression = Headline.linearRegression();
    Map<String, Object> report = new LinkedHashMap<>();
    if (run.count("headline") > 0) {
      report.put(
          "headline",
          List.of(
              new HeadlineMeasurement(mean, 1e-4, 100, run).measure(),
              new HeadlineMeasurement(regression, 2e-5, 0, run).measure()));
    }
    if (run.count("bias") > 0) {
      report.put("bias", new BiasTable(run).measure(regression));
    }
    report.put("throughput", Throughput.measure(run, mean, regression));
    return report;
  }
}

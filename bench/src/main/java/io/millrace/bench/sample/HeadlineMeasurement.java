package io.millrace.bench.sample;

import io.millrace.cli.bench.Benchmark.Run;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.gaussian.StationaryLaw;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How far sampled posteriors are from the true ones, by method and length of visits. */
final class HeadlineMeasurement {
  static final List<Integer> LOCAL_STEPS = List.of(1, 10, 100, 200);

  /** Targets: DSGLD is this much worse at 100 local steps than at 1. */
  private static final double DSGLD_WORSE = 4;

  /** FSGLD at any length within this of its own distance at 1. */
  private static final double FSGLD_WITHIN = 1.5;

  private static final double CONTROL_VARIATE_CLOSER = 10;

  private final Headline problem;
  private final double h;

  /** How much closer than DSGLD FSGLD is to be at 100 local steps; 0: nothing is asked. */
  private final double closer;

  private final Run run;

  HeadlineMeasurement(Headline problem, double h, double closer, Run run) {
    this.problem = problem;
    this.h = h;
    this.closer = closer;
    this.run = run;
  }

  Map<String, Object> measure() {
    run.output()
        .say(
            "%n%s, h = %s, mini-batch %d: 2-Wasserstein distance to the posterior, exact [sampled]",
            problem.name(), h, Headline.MINI_BATCH);
    Map<Method, double[]> exact = new EnumMap<>(Method.class);
    Map<Method, double[]> sampled = new EnumMap<>(Method.class);
    List<Map<String, Object>> cells = new ArrayList<>();
    for (Method method : Method.values()) {
      exact.put(method, new double[LOCAL_STEPS.size()]);
      sampled.put(method, new double[LOCAL_STEPS.size()]);
      List<Shard> shards = method.shards(problem);
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < LOCAL_STEPS.size(); i++) {
        Map<String, Object> cell = cell(method, shards, LOCAL_STEPS.get(i));
        exact.get(method)[i] = (double) cell.get("exact");
        sampled.get(method)[i] = (double) cell.get("sampled");
        cells.add(cell);
        line.append(
            String.format(
                Locale.ROOT, "  %.3g [%.3g]", exact.get(method)[i], sampled.get(method)[i]));
      }
      run.output().say("  %-32s L = %s:%s", method.title, LOCAL_STEPS, line);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("problem", problem.name());
    report.put("stepSize", h);
    report.put("miniBatch", Headline.MINI_BATCH);
    report.put("cells", cells);
    report.put("targets", targets(sampled));
    report.put("targetsOfExactLaws", targets(exact));
    return report;
  }

  private Map<String, Object> cell(Method method, List<Shard> shards, int localSteps) {
    StationaryLaw law = problem.law(shards, method.anchored, h, Headline.MINI_BATCH, localSteps);
    SampledLaw sampled =
        SampledLaw.run(
            method.sampler(Headline.MINI_BATCH),
            shards,
            problem.posterior().mean(),
            h,
            localSteps,
            run.count("chains"),
            run.count("steps"));
    Map<String, Object> cell = new LinkedHashMap<>();
    cell.put("method", method.title);
    cell.put("localSteps", localSteps);
    cell.put("exact", law.law().wasserstein(problem.posterior(), Headline.KERNELS));
    cell.put("sampled", sampled.law().wasserstein(problem.posterior(), Headline.KERNELS));
    cell.put("sampledToExact", sampled.law().wasserstein(law.law(), Headline.KERNELS));
    cell.put("noiseFloor", sampled.noiseFloor());
    cell.put("biasOfMean", law.law().meanDistance(problem.posterior()));
    cell.put("traceRatio", law.law().trace() / problem.posterior().trace());
    cell.put("stepsPerCpuSecond", sampled.stepsPerCpuSecond());
    return cell;
  }

  private List<Map<String, Object>> targets(Map<Method, double[]> distance) {
    int at100 = LOCAL_STEPS.indexOf(100);
    double[] dsgld = distance.get(Method.DSGLD);
    double[] fsgld = distance.get(Method.SAMPLES);
    double[] controlled = distance.get(Method.CONTROLLED);
    double worst = 0;
    for (double d : fsgld) {
      worst = Math.max(worst, d / fsgld[0]);
    }
    List<Map<String, Object>> all = new ArrayList<>();
    all.add(target("dsgld at 100 / at 1", dsgld[at100] / dsgld[0], DSGLD_WORSE, true));
    all.add(target("fsgld at any length / at 1", worst, FSGLD_WITHIN, false));
    if (closer > 0) {
      all.add(target("dsgld / fsgld at 100", dsgld[at100] / fsgld[at100], closer, true));
    }
    all.add(
        target(
            "fsgld / with control variate at 100",
            fsgld[at100] / controlled[at100],
            CONTROL_VARIATE_CLOSER,
            true));
    return all;
  }

  private Map<String, Object> target(String what, double ratio, double bound, boolean atLeast) {
    boolean met = atLeast ? ratio >= bound : ratio <= bound;
    run.output()
        .say(
            "  %s: %.3g, %s %.3g wanted, %s",
            what, ratio, atLeast ? "at least" : "at most", bound, met ? "met" : "missed");
    return Map.of("what", what, "ratio", ratio, atLeast ? "least" : "most", bound, "met", met);
  }
}

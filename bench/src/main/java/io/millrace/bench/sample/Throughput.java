package io.millrace.bench.sample;

import io.millrace.bench.CpuClock;
import io.millrace.bench.Figures;
import io.millrace.cli.bench.Benchmark.Run;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Journey;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.VisitOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Local steps on one core, by model and estimator, without what becomes of the draws. */
final class Throughput {
  private static final int REPETITIONS = 7;
  private static final int ROUNDS = 2_000;
  private static final int LOCAL_STEPS = 100;

  private Throughput() {}

  static List<Map<String, Object>> measure(Run run, Headline mean, Headline regression) {
    run.output().say("%nlocal steps per CPU second, mini-batch %d", Headline.MINI_BATCH);
    List<Map<String, Object>> all = new ArrayList<>();
    for (Method method : List.of(Method.SAMPLES, Method.CONTROLLED)) {
      all.add(
          one(
              run,
              mean.name(),
              mean.size(),
              method,
              method.shards(mean),
              1e-4,
              mean.posterior().mean()));
      all.add(
          one(
              run,
              regression.name(),
              regression.size(),
              method,
              method.shards(regression),
              2e-5,
              regression.posterior().mean()));
      LogisticSilos logistic = new LogisticSilos();
      all.add(
          one(
              run,
              LogisticSilos.NAME,
              LogisticSilos.SIZE,
              method,
              logistic.shards(),
              0.001,
              logistic.mode()));
    }
    return all;
  }

  private static Map<String, Object> one(
      Run run,
      String problem,
      int size,
      Method method,
      List<Shard> shards,
      double h,
      double[] start) {
    double[] rates = new double[REPETITIONS];
    VisitOptions visit = VisitOptions.of(LOCAL_STEPS, h);
    for (int r = -1; r < REPETITIONS; r++) { // one round warms up
      Journey chain =
          new Journey(
              method.sampler(Headline.MINI_BATCH), shards, Routing.INDEPENDENT, start, 1, "c");
      long before = CpuClock.nanos();
      for (int i = 0; i < ROUNDS; i++) {
        chain.round(visit, (step, theta) -> {});
      }
      double seconds = (CpuClock.nanos() - before) / 1e9;
      if (r >= 0) {
        rates[r] = (double) ROUNDS * LOCAL_STEPS / seconds;
      }
    }
    String estimator = method.anchored ? "control-variate" : "mini-batch";
    run.output()
        .say("  %-20s d %d, %-16s %,12.0f", problem, size, estimator, Figures.median(rates));
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("problem", problem);
    line.put("parameters", size);
    line.put("estimator", estimator);
    line.put("stepsPerCpuSecond", Figures.summary(rates));
    return line;
  }
}

package io.millrace.bench.policy;

import io.millrace.bench.Figures;
import io.millrace.cli.bench.Benchmark;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.catalog.Policies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a decision of every policy costs, and what learning its cost. */
public final class PolicyBenchmark implements Benchmark {
  @Override
  public String name() {
    return "policies";
  }

  @Override
  public String description() {
    return "decisions of every policy on one thread: time to choose and to learn the cost, in"
        + " microseconds, after a run that has learned";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of("arms", 20L, "context", 5L, "warm-up", 20_000L, "repetitions", 9L);
  }

  @Override
  public Map<String, Object> run(Run run) {
    run.requirePositive("arms", "context", "repetitions");
    run.output()
        .say("%n%-20s %10s %10s %10s %12s", "policy", "choose us", "learn us", "both us", "bytes");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (PolicySpec spec : Policies.ALL) {
      DecisionMeasurement measurement =
          new DecisionMeasurement(spec, run.count("arms"), run.count("context"));
      measurement.play(run.count("warm-up"));
      int n = run.count("repetitions");
      double[] choose = new double[n];
      double[] learn = new double[n];
      double[] both = new double[n];
      for (int i = 0; i < n; i++) {
        double[] micros = measurement.measure();
        choose[i] = micros[0];
        learn[i] = micros[1];
        both[i] = micros[0] + micros[1];
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("policy", spec.id());
      row.put("choose-microseconds", Figures.summary(choose));
      row.put("learn-microseconds", Figures.summary(learn));
      row.put("both-microseconds", Figures.summary(both));
      row.put("state-bytes", measurement.stateBytes());
      rows.add(row);
      run.output()
          .say(
              "%-20s %10.3f %10.3f %10.3f %12d",
              spec.id(),
              Figures.median(choose),
              Figures.median(learn),
              Figures.median(both),
              measurement.stateBytes());
    }
    return Map.of("policies", rows);
  }
}

package io.millrace.bench.sample;

import io.millrace.bench.CpuClock;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Journey;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.posterior.DrawStatistics;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean and covariance of the draws of some chains.
 *
 * @param law null where a visit has diverged
 * @param leastEss effective sample size of the parameter that has the least, over all chains
 * @param stepsPerCpuSecond local steps on one core, statistics included
 */
record SampledLaw(GaussianLaw law, double leastEss, double stepsPerCpuSecond) {
  /**
   * Runs chains, of which the first quarter of the rounds is passed over.
   *
   * @param steps of each chain, a multiple of the local steps or nearly
   */
  static SampledLaw run(
      Sampler sampler,
      List<Shard> shards,
      double[] start,
      double h,
      int localSteps,
      int chains,
      int steps) {
    DrawStatistics statistics = new DrawStatistics(start.length);
    VisitOptions visit = VisitOptions.of(localSteps, h);
    List<LearnerState> kept = new ArrayList<>();
    int rounds = Math.max(1, steps / localSteps);
    long before = CpuClock.nanos();
    for (int c = 0; c < chains; c++) {
      LearnerState state = new LearnerState(statistics.schema());
      Journey chain = new Journey(sampler, shards, Routing.INDEPENDENT, start, 1, "chain-" + c);
      for (int r = 0; r < rounds; r++) {
        boolean burn = r < rounds / 4;
        if (!chain.round(
            visit,
            (step, theta) -> {
              if (!burn) {
                statistics.add(state, theta);
              }
            })) {
          return new SampledLaw(null, 0, 0);
        }
      }
      kept.add(state);
    }
    double seconds = (CpuClock.nanos() - before) / 1e9;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < start.length; i++) {
      double ess = 0;
      for (LearnerState state : kept) {
        ess += statistics.effectiveSampleSize(state, i);
      }
      least = Math.min(least, ess);
    }
    return new SampledLaw(
        statistics.law(kept), least, (double) chains * rounds * localSteps / seconds);
  }

  /** What the distance of a sampled Gaussian to its own law would be, by the number of draws. */
  double noiseFloor() {
    return Math.sqrt(law.trace() * 1.5 / leastEss);
  }
}

package io.millrace.bench.sample;

import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import java.util.List;
import java.util.Map;

/** Ways to sample that are compared. */
enum Method {
  /** Clients know nothing of each other. */
  DSGLD("dsgld", "none", false),
  /** Exact surrogates. */
  EXACT("fsgld exact", "exact", false),
  /** Surrogates from 500 draws, guarded, anchored in two rounds. */
  SAMPLES("fsgld samples", "samples", false),
  /** The same, with the gradients at the anchor as control variate. */
  CONTROLLED("fsgld samples, control variate", "samples", true);

  /** Name in reports. */
  final String title;

  /** Id of the kind of surrogate. */
  final String kind;

  /** Whether gradients are corrected by those at the anchor. */
  final boolean anchored;

  Method(String title, String kind, boolean anchored) {
    this.title = title;
    this.kind = kind;
    this.anchored = anchored;
  }

  SurrogateOptions options() {
    return SurrogateOptions.of(SurrogateKinds.spec(kind).build(Map.of()));
  }

  List<Shard> shards(Headline problem) {
    return this == DSGLD ? problem.strangers() : problem.shards(problem.agree(options()));
  }

  /** Id of the estimator. */
  String estimator() {
    return anchored ? "control-variate" : "mini-batch";
  }

  Sampler sampler(int miniBatch) {
    return new Sampler(
        Estimators.spec(estimator()).build(Map.of("mini-batch", (double) miniBatch)),
        Diffusions.spec("sgld").build(Map.of()));
  }
}

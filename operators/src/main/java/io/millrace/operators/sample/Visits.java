package io.millrace.operators.sample;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Chain;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.schemas.ChainToken;
import io.millrace.schemas.DoubleBytes;
import io.millrace.schemas.VisitOutcome;

/**
 * Takes chains through visits: functions of the token and of the client's rows in the epoch that it
 * names. Holds scratch only.
 */
final class Visits {
  /** Steps for which the noise is measured once, about. */
  private static final double MEASURED_STEPS = 100;

  private final Workspace workspace;
  private final ClientMetrics metrics;
  private final Sampler sampler;
  private final int size;
  private final StateSchema chainSchema;
  private final int stateSize;
  private final LearnerState chainState;
  private final LearnerState nothing = new LearnerState(new StateSchema.Builder().build());

  /** Whether the estimator keeps numbers of a chain while it is at a client. */
  private final boolean keeps;

  private final PhiloxDraws chance;
  private Chain chains;
  private long chainsSeed;
  private double[] draws = {};

  Visits(SampleOptions options, Workspace workspace, ClientMetrics metrics) {
    this.workspace = workspace;
    this.metrics = metrics;
    this.sampler = options.sampler().make();
    this.size = options.model().size();
    this.chainSchema = sampler.chainSchema(size);
    this.stateSize = (int) (chainSchema.totalBytes() / Double.BYTES);
    this.chainState = new LearnerState(chainSchema);
    this.keeps = sampler.clientSchema(size, 1).size() > 0;
    this.chance = new PhiloxDraws(options.seed(), "");
  }

  /** What is wrong with the numbers of a token; null: nothing. */
  String fault(ChainToken t) {
    if (DoubleBytes.count(t.getState()) != stateSize) {
      return "state has "
          + t.getState().remaining()
          + " bytes, must be "
          + stateSize
          + " doubles: those of "
          + chainSchema;
    }
    boolean allowed =
        t.getShare() > 0
            && t.getShare() <= 1
            && t.getStepSize() > 0
            && t.getStepSize() < Double.POSITIVE_INFINITY
            && t.getTemperature() >= 0
            && t.getTemperature() < Double.POSITIVE_INFINITY
            && t.getLocalSteps() >= 1
            && t.getThin() >= 1
            && t.getStep() >= 0
            && t.getRound() >= 1
            && t.getEpoch() >= 1
            && !t.getChain().isEmpty();
    return allowed
        ? null
        : "a number of the token is out of its range: share in (0, 1], stepSize, localSteps, thin,"
            + " round and epoch positive, step and temperature at least 0, chain not empty";
  }

  /**
   * A visit.
   *
   * @param view of the client's rows in the epoch that the token names
   */
  Visit make(ChainToken token, ClientViews.View view) {
    double[] numbers = DoubleBytes.read(token.getState());
    unpack(numbers, chainState);
    chainState.setSteps(token.getStep());
    if (!view.hasRows()) {
      return Visit.none(token, VisitOutcome.NO_ROWS);
    }
    int thin = token.getThin();
    long first = (token.getStep() + thin) / thin * thin - 1; // step t is a draw where thin | t + 1
    long end = token.getStep() + token.getLocalSteps();
    int count = first < end ? (int) ((end - 1 - first) / thin) + 1 : 0;
    if (draws.length < count * size) {
      draws = new double[count * size];
    }
    VisitOptions visit =
        new VisitOptions(
            token.getLocalSteps(),
            t -> token.getStepSize(),
            token.getTemperature(),
            VisitOptions.LARGEST);
    Chain travels = chains(token.getSeed());
    Shard shard = view.shard(token.getShare());
    // Anew in each visit, so that what comes of it is a function of the token.
    LearnerState kept = keeps ? travels.meet(shard, chainState) : nothing;
    boolean fine =
        travels.visit(
            chainState,
            token.getChain(),
            shard,
            kept,
            visit,
            (t, theta) -> {
              if ((t + 1) % thin == 0) {
                System.arraycopy(theta, 0, draws, (int) ((t - first) / thin) * size, size);
              }
            });
    if (!fine) {
      metrics.visitsDiverged.inc();
      return Visit.none(token, VisitOutcome.DIVERGED);
    }
    metrics.localSteps.inc(token.getLocalSteps());
    double noise = isMeasured(token) ? noise(token, shard, kept, visit) : Visit.NOT_MEASURED;
    pack(chainState, numbers);
    return Visit.of(
        token,
        VisitOutcome.VISITED,
        first,
        chainState.steps(),
        numbers,
        draws,
        count * size,
        noise);
  }

  /**
   * Whether the noise is measured at the end of a visit, which costs two steps: by chance, so that
   * it is as often at each client, and of long visits always.
   */
  private boolean isMeasured(ChainToken token) {
    return token.getTemperature() > 0
        && chance.at(token.getChain() + "/measured", token.getRound()).uniform(0)
            < token.getLocalSteps() / MEASURED_STEPS;
  }

  private double noise(ChainToken token, Shard shard, LearnerState kept, VisitOptions visit) {
    double ratio =
        chains(token.getSeed()).noiseRatio(chainState, token.getChain(), shard, kept, visit);
    return Double.isFinite(ratio) ? ratio : Visit.NOT_MEASURED;
  }

  private Chain chains(long seed) {
    if (chains == null || chainsSeed != seed) {
      chains = new Chain(sampler, seed, workspace);
      chainsSeed = seed;
    }
    return chains;
  }

  private static void unpack(double[] numbers, LearnerState into) {
    int at = 0;
    for (int b = 0; b < into.schema().size(); b++) {
      double[] block = into.block(b);
      System.arraycopy(numbers, at, block, 0, block.length);
      at += block.length;
    }
  }

  private static void pack(LearnerState from, double[] numbers) {
    int at = 0;
    for (int b = 0; b < from.schema().size(); b++) {
      double[] block = from.block(b);
      System.arraycopy(block, 0, numbers, at, block.length);
      at += block.length;
    }
  }
}

package io.millrace.core.sample.chain;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.Shard;
import io.millrace.core.state.LearnerState;
import java.util.List;

/**
 * A chain that travels among clients that are all in one process: round by round to one of them, by
 * the same draws as chains that travel between processes. What an estimator keeps of the chain at a
 * client is for one visit. Not thread-safe.
 */
public final class Journey {
  private final List<Shard> shards;
  private final double[] shares;
  private final Chain chains;
  private final String id;
  private final LearnerState state;
  private final long[] visits;
  private final PhiloxDraws schedule;
  private final Routing routing;
  private long round;
  private int at = -1;
  private LearnerState atClient;

  /**
   * A chain at its start.
   *
   * @param shards the clients of one epoch, whose shares sum to 1
   * @param start [d], copied
   * @param jobSeed of all draws
   * @param id names the draws of this chain
   */
  public Journey(
      Sampler sampler,
      List<Shard> shards,
      Routing routing,
      double[] start,
      long jobSeed,
      String id) {
    this.shards = List.copyOf(shards);
    this.shares = shards.stream().mapToDouble(Shard::share).toArray();
    this.chains = new Chain(sampler, jobSeed, new Workspace());
    this.routing = routing;
    this.id = id;
    this.state = chains.begin(start);
    this.visits = new long[shards.size()];
    this.schedule = new PhiloxDraws(jobSeed, id);
  }

  /**
   * One round: a visit to the client whose turn it is.
   *
   * @return false where the visit has diverged; the chain is then as it was
   */
  public boolean round(VisitOptions options, DrawSink sink) {
    round++;
    int s = routing.next(shares, visits, schedule.at(round), chains.workspace());
    visits[s]++;
    at = s;
    atClient = chains.meet(shards.get(s), state);
    return chains.visit(state, id, shards.get(s), atClient, options, sink);
  }

  /** {@link Chain#noiseRatio} where the chain is, at the client that it visited last; one must. */
  public double noiseRatio(VisitOptions options) {
    return chains.noiseRatio(state, id, shards.get(at), atClient, options);
  }

  /** Where the chain is; [d], live. */
  public double[] theta() {
    return state.block(Sampler.THETA);
  }

  /** Visits to a client so far. */
  public long visits(int client) {
    return visits[client];
  }
}

package io.millrace.operators.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Chain;
import io.millrace.core.sample.chain.DrawSink;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.data.ClientRows;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.state.LearnerState;
import io.millrace.schemas.ChainToken;
import io.millrace.schemas.ClientStatus;
import io.millrace.schemas.DoubleBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The epoch that a loop is in, agreed on in one process by the core's own driver, and chains that
 * go through it.
 */
final class CoreTwin {
  private final SampleOptions options;
  private final List<Shard> shards = new ArrayList<>();

  /** Noise ratios that the loop has measured, each the same as the core's. */
  final List<Double> noise = new ArrayList<>();

  /** What the clients have agreed on. */
  final Epoch epoch;

  /**
   * A twin.
   *
   * @param status of a loop whose clients are numbered: "0", "1", ...
   * @param rows that each has been sent
   */
  CoreTwin(SampleOptions options, List<ClientStatus> status, Map<String, Rows> rows) {
    this.options = options;
    Workspace workspace = new Workspace();
    List<Likelihood> likelihoods = new ArrayList<>();
    double[] shares = new double[status.size()];
    double all = 0;
    for (ClientStatus s : status) {
      Rows kept = kept(s.getClient(), rows.get(s.getClient()), s.getEpochRows());
      likelihoods.add(
          options
              .model()
              .likelihood(
                  kept, workspace.kernels(ScalarBackend.INSTANCE), options.clients().discount()));
      shares[likelihoods.size() - 1] = likelihoods.get(likelihoods.size() - 1).mass();
      all += shares[likelihoods.size() - 1];
    }
    for (int s = 0; s < shares.length; s++) {
      shares[s] /= all;
    }
    epoch =
        Federation.agree(
            likelihoods,
            shares,
            options.prior(),
            options.surrogate().make(),
            options.seed(),
            workspace);
    for (int s = 0; s < shares.length; s++) {
      shards.add(epoch.shard(s, likelihoods.get(s), options.prior()));
    }
  }

  /** What is kept of the first rows of a client. */
  private Rows kept(String client, Rows all, long first) {
    SampleOptions.Clients c = options.clients();
    ClientRows rows =
        new ClientRows(c.keeping(), c.rows(), options.model().input().width(), options.seed());
    LearnerState arrivals = new LearnerState(rows.arrivalsSchema());
    LearnerState kept = new LearnerState(rows.keptSchema());
    LearnerState frozen = new LearnerState(rows.frozenSchema());
    for (int i = 0; i < first; i++) {
      if (rows.isDue(arrivals)) {
        rows.settle(arrivals, kept, client);
      }
      rows.append(arrivals, all, i);
    }
    rows.freeze(arrivals, kept, frozen, client);
    Rows read = new Rows(true);
    rows.load(frozen, read);
    return read;
  }

  /** Every answer of the loop in its last epoch is what the core comes to, bit for bit. */
  void check(Loop loop, int leastRounds) {
    for (int c = 0; c < options.chains().count(); c++) {
      String name = options.chains().name(c);
      long number = loop.tokens.get(loop.tokens.size() - 1).getEpoch();
      ChainToken first =
          loop.tokens.stream()
              .filter(t -> t.getChain().equals(name) && t.getEpoch() == number)
              .findFirst()
              .orElseThrow();
      long last = loop.rounds(c);
      assertThat(last - first.getRound()).isGreaterThanOrEqualTo(leastRounds);
      go(loop, first, last);
    }
  }

  private void go(Loop loop, ChainToken first, long last) {
    String name = first.getChain();
    Chain chains = new Chain(options.sampler().make(), options.seed(), new Workspace());
    double[] numbers = DoubleBytes.read(first.getState());
    LearnerState state = chains.begin(new double[options.model().size()]);
    int at = 0;
    for (int b = 0; b < state.schema().size(); b++) {
      System.arraycopy(numbers, at, state.block(b), 0, state.block(b).length);
      at += state.block(b).length;
    }
    state.setSteps(first.getStep());
    VisitOptions visit =
        VisitOptions.of(options.chains().localSteps(), options.chains().stepSize());
    PhiloxDraws schedule = new PhiloxDraws(options.seed(), name);
    long[] visits = new long[shards.size()];
    for (long round = first.getRound(); round <= last; round++) {
      int s =
          options
              .chains()
              .routing()
              .next(epoch.shares(), visits, schedule.at(round), chains.workspace());
      visits[s]++;
      LearnerState kept = chains.meet(shards.get(s), state);
      boolean fine = chains.visit(state, name, shards.get(s), kept, visit, DrawSink.NONE);
      assertThat(fine).isTrue();
      String theta = Loop.hex(DoubleBytes.of(state.block(Sampler.THETA)));
      assertThat(loop.history.get(name + "@" + round))
          .as("%s after round %d", name, round)
          .startsWith(theta);
      double measured = loop.noise.getOrDefault(name + "@" + round, -1.0);
      if (measured >= 0) {
        assertThat(measured).isEqualTo(chains.noiseRatio(state, name, shards.get(s), kept, visit));
        noise.add(measured);
      }
    }
  }
}

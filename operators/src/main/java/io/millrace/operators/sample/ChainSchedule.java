package io.millrace.operators.sample;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.surrogate.Curvature;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.output.KeyBytes;
import io.millrace.operators.sample.RouterState.At;
import io.millrace.operators.sample.RouterState.Count;
import io.millrace.operators.sample.RouterState.Of;
import io.millrace.schemas.ChainToken;
import io.millrace.schemas.DoubleBytes;
import io.millrace.schemas.SingleObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where chains begin and to whom they go, by shares among the clients that are there. */
final class ChainSchedule {
  private final SampleOptions options;
  private final RouterState state;
  private final Agreement agreement;
  private final StageContext stage;
  private final RouterMetrics metrics;
  private final int size;
  private final PhiloxDraws draws;
  private final KeyBytes client = new KeyBytes();

  ChainSchedule(
      SampleOptions options,
      RouterState state,
      Agreement agreement,
      StageContext stage,
      RouterMetrics metrics) {
    this.options = options;
    this.state = state;
    this.agreement = agreement;
    this.stage = stage;
    this.metrics = metrics;
    this.size = options.model().size();
    this.draws = new PhiloxDraws(options.seed(), "");
  }

  /** Puts a chain to its start: a draw from prior times surrogates, or the model's own start. */
  void begin(int chain) {
    double[] theta = new double[size];
    draws.at("start/" + options.chains().name(chain), 0);
    NaturalGaussian product = agreement.product(false);
    Kernels kernels = stage.workspace().kernels(ScalarBackend.INSTANCE);
    double[] covariance =
        new double[product.shape() == NaturalGaussian.Shape.NONE ? 0 : size * size];
    double[] root = new double[covariance.length];
    if (covariance.length > 0
        && agreement.covariance(product, covariance, kernels)
        && kernels.cholesky(size, covariance, root)) {
      double[] mode = Curvature.mode(product.times(options.prior().natural(size), 1), kernels);
      Draws z = draws.fork(Purpose.INITIALIZATION);
      for (int i = 0; i < size; i++) {
        theta[i] = mode[i];
        for (int k = 0; k <= i; k++) {
          theta[i] += root[i * size + k] * z.normal(k);
        }
      }
    } else {
      options.model().initialize(theta, draws.fork(Purpose.INITIALIZATION));
    }
    double[] numbers = state.state(chain);
    Arrays.fill(numbers, 0);
    System.arraycopy(theta, 0, numbers, 0, size);
  }

  /** Sends a chain to the client whose turn it is, or to nobody where nobody is there. */
  void dispatch(int chain, long incarnation) {
    List<Integer> present = new ArrayList<>();
    for (int c = 0; c < state.clients(); c++) {
      if (state.isPresent(c)) {
        present.add(c);
      }
    }
    if (present.isEmpty()) {
      state.set(chain, At.TARGET, RouterState.NOBODY);
      return;
    }
    double[] shares = new double[present.size()];
    long[] visits = new long[shares.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = state.shares()[present.get(i)];
      visits[i] = state.scheduled(chain)[present.get(i)];
      sum += shares[i];
    }
    if (!isWhole()) {
      for (int i = 0; i < shares.length; i++) {
        shares[i] /= sum;
      }
    }
    long round = state.get(chain, At.ROUND) + 1;
    Draws schedule = draws.at(options.chains().name(chain), round);
    int next =
        present.get(options.chains().routing().next(shares, visits, schedule, stage.workspace()));
    state.scheduled(chain)[next]++;
    state.set(chain, At.ROUND, round);
    state.set(chain, At.TARGET, next);
    state.set(chain, At.ATTEMPT, 0);
    state.set(chain, At.SENT_AT, state.get(Count.CLOCK));
    state.set(chain, At.EPOCH, state.get(Count.EPOCH));
    send(chain, incarnation);
  }

  /** Whether every client of the epoch is there. */
  private boolean isWhole() {
    for (int c = 0; c < state.clients(); c++) {
      if (state.isIn(c) && !state.isPresent(c)) {
        return false;
      }
    }
    return true;
  }

  /** Probability of a visit to a client among those that are there. */
  private double share(int client) {
    if (isWhole()) {
      return state.shares()[client];
    }
    double sum = 0;
    for (int c = 0; c < state.clients(); c++) {
      if (c == client || state.isPresent(c)) {
        sum += state.shares()[c];
      }
    }
    return Math.min(1, state.shares()[client] / sum);
  }

  /** Sends a chain to the client it is for, the first time or again. */
  void send(int chain, long incarnation) {
    int target = (int) state.get(chain, At.TARGET);
    String name = state.names().get(target);
    SampleOptions.Chains c = options.chains();
    ChainToken token =
        new ChainToken(
            name,
            options.posterior(),
            incarnation,
            c.name(chain),
            state.get(chain, At.ROUND),
            (int) state.get(chain, At.ATTEMPT),
            state.get(chain, At.EPOCH),
            share(target),
            state.get(chain, At.STEP),
            state.stepSize(chain),
            c.temperature(),
            c.localSteps(),
            c.thin(),
            options.seed(),
            DoubleBytes.of(state.state(chain)));
    client.of(name);
    stage.emit(SampleChannels.CHAINS, client.record(SingleObject.encode(token)));
  }

  /** A visit to an absent client is given up: the chain goes on from where it was. */
  void giveUp(int chain, long incarnation) {
    if (state.get(chain, At.EPOCH) == state.get(Count.EPOCH)) {
      state.scheduled(chain)[(int) state.get(chain, At.TARGET)]--;
    } // else it was chosen in an epoch whose visits are counted no more
    metrics.roundsGivenUp.inc();
    dispatch(chain, incarnation);
  }

  /** A client keeps an epoch no more: the round comes again under the one in force. */
  void tooOld(int chain, int client, long incarnation) {
    if (state.get(chain, At.EPOCH) < state.get(Count.EPOCH) && state.is(client, Of.ROWS)) {
      state.set(chain, At.EPOCH, state.get(Count.EPOCH));
      state.scheduled(chain)[client]++;
      send(chain, incarnation);
    } // else it is sent again when it is overdue, and at last given up
  }
}

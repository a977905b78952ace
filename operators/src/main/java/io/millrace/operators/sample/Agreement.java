package io.millrace.operators.sample;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.data.Keeping;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.output.KeyBytes;
import io.millrace.operators.sample.RouterState.Count;
import io.millrace.operators.sample.RouterState.Of;
import io.millrace.schemas.DoubleBytes;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.Surrogate;
import io.millrace.schemas.SurrogateEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How clients come to an epoch, stage by stage: each fits a surrogate, then all are anchored at a
 * common point, as often as is configured; {@link Federation} has the mathematics. A client that is
 * absent and was in the epoch before is imputed: what it had stands for it.
 */
final class Agreement {
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final SampleOptions options;
  private final SurrogateOptions surrogates;
  private final RouterState state;
  private final StageContext stage;
  private final RouterMetrics metrics;
  private final String settings;
  private final KeyBytes client = new KeyBytes();

  Agreement(SampleOptions options, RouterState state, StageContext stage, RouterMetrics metrics) {
    this.options = options;
    this.surrogates = options.surrogate().make();
    this.state = state;
    this.stage = stage;
    this.metrics = metrics;
    this.settings = options.settings();
  }

  boolean isUnderWay() {
    return state.get(Count.AGREEING) != 0;
  }

  /** Begins one if there is reason to, and none under way. */
  void consider(long incarnation) {
    if (!isUnderWay() && state.get(Count.FAULT_AT) == 0 && isDue()) {
      begin(incarnation);
    }
  }

  private boolean isDue() {
    if (state.get(Count.EPOCH) == 0) {
      int offered = 0;
      for (int c = 0; c < state.clients(); c++) {
        offered += state.is(c, Of.OFFERED) ? 1 : 0;
      }
      return offered >= options.clients().awaited();
    }
    for (int c = 0; c < state.clients(); c++) {
      if (state.get(c, Of.OFFERED) != state.get(c, Of.ROWS) && !state.is(c, Of.MISSING_SINCE)) {
        return true;
      }
    }
    return options.patience().epochs() != null
        && state.get(Count.CLOCK) - state.get(Count.EPOCH_AT)
            >= options.patience().epochs().toMillis();
  }

  /** Begins one, in the place of one that may be under way. */
  void begin(long incarnation) {
    long epoch = state.get(Count.LAST_EPOCH) + 1;
    state.set(Count.LAST_EPOCH, epoch);
    state.set(Count.AGREEING, epoch);
    state.set(Count.STAGE, 0);
    state.set(Count.FAULT_AT, 0);
    state.fault("");
    double all = 0;
    double[] shares = state.askedShares();
    for (int c = 0; c < state.clients(); c++) {
      boolean missing = state.is(c, Of.MISSING_SINCE);
      boolean imputed = missing && state.is(c, Of.ROWS);
      boolean asked = !missing && state.is(c, Of.OFFERED);
      state.set(c, Of.IMPUTED, imputed ? 1 : 0);
      state.set(
          c, Of.ASKED, imputed ? state.get(c, Of.ROWS) : asked ? state.get(c, Of.OFFERED) : 0);
      shares[c] = weight(state.get(c, Of.ASKED));
      all += shares[c];
    }
    for (int c = 0; c < state.clients(); c++) {
      shares[c] /= all;
    }
    state.beginAgreement();
    ask(incarnation);
  }

  /** In proportion to what a client is visited. */
  private double weight(long version) {
    if (version == 0) {
      return 0;
    }
    long rows =
        options.clients().keeping() == Keeping.ALL
            ? version
            : Math.min(version, options.clients().rows());
    return options.clients().byRows() ? rows : 1;
  }

  /** Asks every client of the stage. */
  private void ask(long incarnation) {
    int asked = 0;
    for (int c = 0; c < state.clients(); c++) {
      state.set(c, Of.ANSWERED, 0);
      if (isAsked(c)) {
        asked++;
        state.set(c, Of.SENT_AT, state.get(Count.CLOCK));
        state.set(c, Of.ATTEMPT, 0);
        send(c, incarnation);
      }
    }
    if (asked == 0) { // nobody is there: the agreement is given up until somebody is
      state.set(Count.AGREEING, 0);
    }
  }

  /** Whether a client has to answer the stage. */
  boolean isAsked(int c) {
    return state.is(c, Of.ASKED) && !state.is(c, Of.IMPUTED);
  }

  /** Whether a client is waited for. */
  boolean isAwaited(int c) {
    return isUnderWay() && isAsked(c) && !state.is(c, Of.ANSWERED);
  }

  /** Sends a client what the stage asks of it. */
  void send(int c, long incarnation) {
    long at = state.get(Count.STAGE);
    boolean first = at == 0;
    NaturalGaussian own = first ? null : state.surrogate(true, c);
    emit(
        c,
        new SurrogateEpoch(
            state.names().get(c),
            options.posterior(),
            incarnation,
            state.get(c, Of.INCARNATION),
            state.get(Count.AGREEING),
            (int) at,
            (int) state.get(c, Of.ATTEMPT),
            false,
            0L,
            state.get(c, Of.ASKED),
            state.askedShares()[c],
            settings,
            first ? NO_BYTES : DoubleBytes.of(state.point(true, c)),
            first ? NO_BYTES : DoubleBytes.of(own.eta()),
            first ? NO_BYTES : DoubleBytes.of(own.lambda()),
            NO_BYTES,
            NO_BYTES,
            NO_BYTES));
  }

  /** Tells a client of the epoch in force, if it is in it. */
  void tell(int c, long incarnation) {
    if (state.get(Count.EPOCH) == 0 || !state.is(c, Of.ROWS)) {
      return;
    }
    NaturalGaussian product = product(false);
    NaturalGaussian own = state.surrogate(false, c);
    emit(
        c,
        new SurrogateEpoch(
            state.names().get(c),
            options.posterior(),
            incarnation,
            state.get(c, Of.INCARNATION),
            state.get(Count.EPOCH),
            surrogates.anchorRounds(),
            0,
            true,
            0L,
            state.get(c, Of.ROWS),
            state.shares()[c],
            settings,
            DoubleBytes.of(state.point(false, c)),
            DoubleBytes.of(own.eta()),
            DoubleBytes.of(own.lambda()),
            DoubleBytes.of(state.gradient(false, c)),
            DoubleBytes.of(product.eta()),
            DoubleBytes.of(product.lambda())));
  }

  private void emit(int c, SurrogateEpoch message) {
    client.of(state.names().get(c));
    stage.emit(SampleChannels.CHAINS, client.record(SingleObject.encode(message)));
  }

  /** The product of the surrogates, in the order of the clients. */
  NaturalGaussian product(boolean agreement) {
    List<NaturalGaussian> all = new ArrayList<>();
    for (int c = 0; c < state.clients(); c++) {
      if (agreement ? state.is(c, Of.ASKED) : state.isIn(c)) {
        all.add(state.surrogate(agreement, c));
      }
    }
    return NaturalGaussian.product(all);
  }

  /**
   * Takes an answer.
   *
   * @return whether an epoch has come into force by it
   */
  boolean answer(int c, Surrogate answer, NaturalGaussian q, long incarnation) {
    if (!isAwaited(c)
        || answer.getEpoch() != state.get(Count.AGREEING)
        || answer.getStage() != state.get(Count.STAGE)
        || answer.getRows() != state.get(c, Of.ASKED)
        || answer.getClientIncarnation() != state.get(c, Of.INCARNATION)) {
      return false;
    }
    if (!answer.getFault().isEmpty()) {
      fail(state.names().get(c) + ": " + answer.getFault());
      return false;
    }
    state.put(c, q, DoubleBytes.read(answer.getGradient()));
    state.set(c, Of.ANSWERED, 1);
    return advance(incarnation);
  }

  /** Gives up, to begin again after a while. */
  private void fail(String fault) {
    state.set(Count.AGREEING, 0);
    state.set(Count.FAULT_AT, Math.max(1, state.get(Count.CLOCK)));
    state.fault(fault);
  }

  /** Lets an agreement begin again that could not come about. */
  void forgive() {
    state.set(Count.FAULT_AT, 0);
    state.fault("");
  }

  /** Goes on if every client has answered that is waited for; whether an epoch is in force. */
  private boolean advance(long incarnation) {
    for (int c = 0; c < state.clients(); c++) {
      if (isAwaited(c)) {
        return false;
      }
    }
    Kernels kernels = stage.workspace().kernels(ScalarBackend.INSTANCE);
    long at = state.get(Count.STAGE);
    if (at == surrogates.anchorRounds()) {
      enter(kernels);
      return true;
    }
    double[] point;
    try {
      point = Federation.mode(options.prior(), product(true), kernels);
    } catch (ConfigException e) {
      fail(e.getMessage());
      return false;
    }
    state.set(Count.STAGE, at + 1);
    for (int c = 0; c < state.clients(); c++) {
      if (isAsked(c)) {
        state.putPoint(c, point);
      }
    }
    ask(incarnation);
    return false;
  }

  private void enter(Kernels kernels) {
    double[] laplace = laplace(product(true), kernels);
    state.set(Count.EPOCH, state.get(Count.AGREEING));
    state.set(Count.AGREEING, 0);
    state.set(Count.EPOCH_AT, state.get(Count.CLOCK));
    for (int c = 0; c < state.clients(); c++) {
      state.set(c, Of.ROWS, state.get(c, Of.ASKED));
      state.set(c, Of.VISITS, 0);
      state.shares()[c] = state.askedShares()[c];
    }
    state.enter(laplace);
    metrics.epochs.inc();
  }

  /** Variances of prior times surrogates; zeros where they have no curvature. */
  private double[] laplace(NaturalGaussian product, Kernels kernels) {
    int d = product.size();
    double[] variances = new double[d];
    if (product.shape() == NaturalGaussian.Shape.NONE) {
      return variances;
    }
    double[] inverse = new double[d * d];
    if (covariance(product, inverse, kernels)) {
      for (int i = 0; i < d; i++) {
        variances[i] = inverse[i * d + i];
      }
    }
    return variances;
  }

  /**
   * The covariance of prior times a product.
   *
   * @param out [d x d], overwritten
   * @return false where there is none
   */
  boolean covariance(NaturalGaussian product, double[] out, Kernels kernels) {
    int d = product.size();
    double[] lambda = new double[d * d];
    product.times(options.prior().natural(d), 1).addLambda(1, lambda);
    double[] l = new double[d * d];
    if (!kernels.cholesky(d, lambda, l)) {
      return false;
    }
    Arrays.fill(out, 0);
    for (int i = 0; i < d; i++) {
      out[i * d + i] = 1;
    }
    kernels.solveTriangular(Kernels.Transpose.NO, d, l, d, out);
    kernels.solveTriangular(Kernels.Transpose.YES, d, l, d, out);
    return true;
  }

  /** A client has gone: an agreement that waits for it begins anew, with what it had. */
  void lose(int c, long incarnation) {
    if (isAwaited(c)) {
      begin(incarnation);
    }
  }
}

package io.millrace.operators.sample;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.surrogate.AnchorSearch;
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
 * common point, as often as is configured, and until it is near the mode; {@link Federation} and
 * {@link AnchorSearch} have the mathematics. A client that is absent and was in the epoch before is
 * imputed: what it had stands for it, at every point.
 */
final class Agreement {
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final SampleOptions options;
  private final SurrogateOptions surrogates;
  private final AnchorSearch search;
  private final RouterState state;
  private final StageContext stage;
  private final RouterMetrics metrics;
  private final String settings;
  private final KeyBytes client = new KeyBytes();

  Agreement(SampleOptions options, RouterState state, StageContext stage, RouterMetrics metrics) {
    this.options = options;
    this.surrogates = options.surrogate().make();
    this.search =
        new AnchorSearch(options.prior(), stage.workspace().kernels(ScalarBackend.INSTANCE));
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
      if (!state.is(c, Of.MISSING_SINCE) && isDue(c)) {
        return true;
      }
    }
    return options.patience().epochs() != null
        && state.get(Count.CLOCK) - state.get(Count.EPOCH_AT)
            >= options.patience().epochs().toMillis();
  }

  /** Whether a client has rows that are to be in an epoch. */
  private boolean isDue(int c) {
    long offered = state.get(c, Of.OFFERED);
    return state.is(c, Of.ROWS)
        ? options.clients().isEpochDue(state.get(c, Of.ROWS), offered)
        : offered != 0;
  }

  /**
   * Somebody wants an epoch that is newer than one: unless it is there, or under way, it begins.
   */
  void want(long after, long incarnation) {
    if (!isUnderWay() && after == state.get(Count.EPOCH)) {
      begin(incarnation);
    }
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
    return options.clients().byRows() ? options.clients().mass(version) : 1;
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
    SurrogateEpoch m = message(c, incarnation, state.get(Count.AGREEING), state.get(c, Of.ASKED));
    m.setStage((int) state.get(Count.STAGE));
    m.setAttempt((int) state.get(c, Of.ATTEMPT));
    m.setShare(state.askedShares()[c]);
    if (m.getStage() > 0) {
      m.setPoint(DoubleBytes.of(state.point(true, c)));
      setOwn(m, state.fitted(c));
    }
    emit(c, m);
  }

  /** Tells a client of the epoch in force, if it is in it. */
  void tell(int c, long incarnation) {
    if (state.get(Count.EPOCH) == 0 || !state.is(c, Of.ROWS)) {
      return;
    }
    SurrogateEpoch m = message(c, incarnation, state.get(Count.EPOCH), state.get(c, Of.ROWS));
    m.setLive(true);
    m.setStage((int) state.get(Count.ROUNDS));
    m.setShare(state.shares()[c]);
    m.setPoint(DoubleBytes.of(state.point(false, c)));
    setOwn(m, state.surrogate(false, c));
    m.setGradient(DoubleBytes.of(state.gradient(false, c)));
    NaturalGaussian product = product(false);
    m.setProductEta(DoubleBytes.of(product.eta()));
    m.setProductLambda(DoubleBytes.of(product.lambda()));
    emit(c, m);
  }

  /** What a client is told in any case; the rest is empty. */
  private SurrogateEpoch message(int c, long incarnation, long epoch, long rows) {
    return new SurrogateEpoch(
        state.names().get(c),
        options.posterior(),
        incarnation,
        state.get(c, Of.INCARNATION),
        epoch,
        0,
        0,
        false,
        0L,
        rows,
        0.0,
        settings,
        NO_BYTES,
        NO_BYTES,
        NO_BYTES,
        NO_BYTES,
        NO_BYTES,
        NO_BYTES);
  }

  private static void setOwn(SurrogateEpoch m, NaturalGaussian own) {
    m.setEta(DoubleBytes.of(own.eta()));
    m.setLambda(DoubleBytes.of(own.lambda()));
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
      if (state.get(c, Of.OFFERED) > state.get(c, Of.ASKED)) {
        begin(incarnation); // it has had many rows since, and no longer keeps those of then
        return false;
      }
      fail(state.names().get(c) + ": " + answer.getFault());
      return false;
    }
    if (answer.getStage() == 0) {
      state.putFitted(c, q);
    } else {
      state.put(c, q);
      state.putGradient(c, DoubleBytes.read(answer.getGradient()));
    }
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
    double[] next;
    try {
      next = next();
    } catch (ConfigException e) {
      fail(e.getMessage());
      return false;
    }
    if (next == null) {
      return enter();
    }
    state.set(Count.STAGE, state.get(Count.STAGE) + 1);
    for (int c = 0; c < state.clients(); c++) {
      if (isAsked(c)) {
        state.putPoint(c, next);
      }
    }
    ask(incarnation);
    return false;
  }

  /** Where all anchor next; null: they stay where they are. */
  private double[] next() {
    if (surrogates.anchorRounds() == 0) {
      return null;
    }
    if (state.get(Count.STAGE) == 0) {
      return search.first(product(true));
    }
    double[] next = search.next(state.search(), anchors(), product(true));
    return search.settled(state.search(), surrogates.anchorRounds()) ? null : next;
  }

  /** All at the point of the round; what stands for a client that is imputed is asked there. */
  private List<Anchor> anchors() {
    double[] point = null;
    for (int c = 0; point == null; c++) {
      point = isAsked(c) ? state.point(true, c) : null;
    }
    List<Anchor> anchors = new ArrayList<>();
    for (int c = 0; c < state.clients(); c++) {
      if (isAsked(c)) {
        anchors.add(new Anchor(point, state.gradient(true, c)));
      } else if (state.is(c, Of.ASKED)) {
        double[] gradient = new double[point.length];
        state.surrogate(true, c).addGradient(point, 1, gradient);
        anchors.add(new Anchor(point, gradient));
      }
    }
    return anchors;
  }

  /** The epoch comes into force, if it can be used; whether it is. */
  private boolean enter() {
    if (surrogates.shape() == NaturalGaussian.Shape.NONE) {
      for (int c = 0; c < state.clients(); c++) {
        if (isAsked(c)) {
          double[] gradient = state.gradient(true, c);
          state.put(
              c, Federation.flat(state.surrogate(true, c), gradient.length == 0 ? null : gradient));
        }
      }
    }
    NaturalGaussian product = product(true);
    if (!Surrogates.isFinite(product)) {
      fail("surrogates are not finite at the point to anchor at; give the prior more precision");
      return false;
    }
    double[] laplace = laplace(product, stage.workspace().kernels(ScalarBackend.INSTANCE));
    state.set(Count.ROUNDS, state.get(Count.STAGE));
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
    return true;
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

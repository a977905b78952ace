package io.millrace.operators.sample;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.Rows;
import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Chain;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.FitContext;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.ExampleReader;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.Side;
import io.millrace.operators.journal.WaitingEvent;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.output.KeyBytes;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.schemas.ChainToken;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.DoubleBytes;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.Surrogate;
import io.millrace.schemas.SurrogateEpoch;
import io.millrace.schemas.VisitOutcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client of a `sample` job does: it takes rows in, describes them by surrogates when it is
 * asked to, and takes chains through visits. El Mekkaoui, Mesquita, Blomstedt, Kaski, "Federated
 * Stochastic Gradient Langevin Dynamics", UAI 2021, arXiv:2004.11231.
 *
 * <p>All of its answers are functions of a message and of the rows at the version that the message
 * names. What names rows that have not come yet waits for them: after a failure messages may be
 * read sooner than the rows they are about. The last answer of each chain is kept under the chain's
 * name (side {@link Side#FIRST}), a token that waits likewise ({@link Side#SECOND}).
 */
public final class ClientHandler implements KeyHandler {
  private static final double[] NO_NUMBERS = {};
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final SampleOptions options;
  private final StageContext stage;
  private final DeadLetterOffice letters;
  private final ClientMetrics metrics;
  private final ExampleReader examples;
  private final ClientState state;
  private final Sampler sampler;
  private final SurrogateOptions surrogates;
  private final String settings;
  private final int size;
  private final StateSchema chainSchema;
  private final int stateSize;
  private final LearnerState chainState;
  private final LearnerState nothing = new LearnerState(new StateSchema.Builder().build());
  private final KeyBytes posterior = new KeyBytes();
  private final Rows rows = new Rows(true);

  /** By client. Derived from state, so that a visit need not read rows and epoch again. */
  private final Map<String, Views> views = new HashMap<>();

  private Chain chains;
  private long chainsSeed;
  private double[] draws = NO_NUMBERS;

  /** A handler where the stage runs. */
  public ClientHandler(SampleOptions options, StageContext stage) {
    this.options = options;
    this.stage = stage;
    this.letters = stage.letters();
    this.metrics = new ClientMetrics(stage.metrics());
    this.examples =
        new ExampleReader(
            options.model().input(), options.topics(), options.limits().idBytes(), options.times());
    this.state = new ClientState(options);
    this.sampler = options.sampler().make();
    this.surrogates = options.surrogate().make();
    this.settings = options.settings();
    this.size = options.model().size();
    this.chainSchema = sampler.chainSchema(size);
    this.stateSize = (int) (chainSchema.totalBytes() / Double.BYTES);
    this.chainState = new LearnerState(chainSchema);
  }

  @Override
  public List<BlockSpec> blocks() {
    return state.blocks();
  }

  @Override
  public void handle(RoutedEvent e, Key key) {
    state.at(key);
    if (e.is(EventKind.CHAIN_TOKEN)) {
      token(e, key);
    } else if (e.is(EventKind.SURROGATE_EPOCH)) {
      epoch(e, key);
    } else {
      rows(e, key);
    }
  }

  // Rows.

  private void rows(RoutedEvent e, Key key) {
    rows.clear();
    examples.open(e);
    if (key.journal() != null) {
      key.rememberIds(options.limits().dedupeWindow());
    }
    while (examples.next(rows)) {
      if (examples.reason() == null) {
        row(e, key, rows.count() - 1);
      } else {
        letters.sendRead(evidence(e), key.journal(), examples.reason(), examples.message());
      }
    }
  }

  private Evidence evidence(RoutedEvent e) {
    return letters.evidence(e, examples.itemIndex(), examples.itemAsExample());
  }

  private void row(RoutedEvent e, Key key, int row) {
    String fault = options.model().unfit(rows, row);
    if (!options.clients().admits(key.name())) {
      fault = "client '" + key.name() + "' is not among clients.names";
    }
    if (fault != null) {
      refuse(e, key, Reason.OUT_OF_DOMAIN, fault);
      return;
    }
    Journal j = begin(key, examples.eventTime());
    if (isDuplicate(key)) {
      stage.metrics().duplicates.inc();
      refuse(e, key, Reason.DUPLICATE_EVENT, "id '" + examples.id() + "' was seen before");
      return;
    }
    if (!state.hasRoom()) {
      refuse(
          e,
          key,
          Reason.TOO_MANY_BYTES,
          "the client holds "
              + state.arrived()
              + " rows, no more than data.rows; raise it, or keep a window or a reservoir");
      return;
    }
    if (options.limits().dedupeWindow() > 0 && examples.hasId()) {
      key.remember(examples.id());
    }
    state.append(rows, row);
    j.learned++;
    j.learnedTime = Math.max(j.learnedTime, examples.eventTime());
    j.eventTime = Math.max(j.eventTime, examples.eventTime());
    j.covers(j.topic(options.topics().get(e.topic)), e.partition, e.offset);
    metrics.rows.inc();
    if (state.isOfferDue()) {
      offer(key);
    }
  }

  private boolean isDuplicate(Key key) {
    return options.limits().dedupeWindow() > 0 && examples.hasId() && key.seen(examples.id());
  }

  private void refuse(RoutedEvent e, Key key, Reason reason, String message) {
    letters.send(evidence(e), key.journal(), reason, message);
  }

  private Journal begin(Key key, long time) {
    if (key.journal() == null) {
      key.begin(time);
      key.rememberIds(options.limits().dedupeWindow());
    }
    return key.journal();
  }

  private void offer(Key key) {
    long version = state.offer();
    emit(
        new Surrogate(
            options.posterior(),
            key.name(),
            key.journal().incarnation,
            0L,
            0L,
            0,
            version,
            NO_BYTES,
            NO_BYTES,
            NO_BYTES,
            ""));
    SurrogateEpoch asked = state.asked();
    if (asked != null) {
      answer(asked, key);
    }
    resume(key);
  }

  private void emit(Surrogate surrogate) {
    posterior.of(options.posterior());
    stage.emit(SampleChannels.DRAWS, posterior.record(SingleObject.encode(surrogate)));
  }

  // Epochs.

  private void epoch(RoutedEvent e, Key key) {
    SurrogateEpoch asked;
    try {
      asked = SingleObject.standard().decode(SurrogateEpoch.class, e.value);
    } catch (DecodeException x) {
      letters.send(e, key.journal(), x.reason(), x.getMessage());
      return;
    }
    Journal j = begin(key, Math.max(0, e.timestamp));
    if (asked.getClientIncarnation() != j.incarnation || !hear(asked.getIncarnation())) {
      metrics.tokensOld.inc();
      return;
    }
    String wrong = fault(asked);
    if (wrong != null) {
      letters.send(e, j, Reason.MALFORMED, wrong);
      return;
    }
    if (asked.getEpoch() <= state.live()) {
      return;
    }
    if (asked.getLive()) {
      state.enter(asked.getEpoch(), asked.getRows(), e.value);
      resume(key);
      return;
    }
    state.ask(asked.getRows(), e.value);
    answer(asked, key);
  }

  /** Whether a message of an incarnation counts; one of a newer one ends the older. */
  private boolean hear(long incarnation) {
    if (incarnation > state.heard()) {
      state.hear(incarnation);
    }
    return incarnation == state.heard();
  }

  /** What is wrong with the numbers of a message; null: nothing. */
  private String fault(SurrogateEpoch m) {
    boolean shared = m.getShare() > 0 && m.getShare() <= 1;
    int point = DoubleBytes.count(m.getPoint());
    int gradient = DoubleBytes.count(m.getGradient());
    if (!shared || m.getEpoch() < 1 || m.getRows() < 1 || m.getStage() < 0) {
      return "share "
          + m.getShare()
          + " of epoch "
          + m.getEpoch()
          + ", stage "
          + m.getStage()
          + ", with "
          + m.getRows()
          + " rows; a share must lie in (0, 1], the others be positive";
    }
    boolean first = m.getStage() == 0 && !m.getLive();
    NaturalGaussian own = Surrogates.read(m.getEta(), m.getLambda(), size);
    NaturalGaussian all = Surrogates.read(m.getProductEta(), m.getProductLambda(), size);
    boolean fits =
        (point == size || point == 0 && (first || m.getLive()))
            && (first || own != null)
            && (!m.getLive() || all != null && gradient == point);
    return fits ? null : "numbers that are not those of " + size + " parameters";
  }

  /** Answers a stage, if the rows it names are there or will never be. */
  private void answer(SurrogateEpoch asked, Key key) {
    Views v = views(key);
    Likelihood likelihood = v.likelihood(asked.getRows());
    NaturalGaussian q = null;
    ByteBuffer gradient = NO_BYTES;
    String fault = "";
    if (!asked.getSettings().equals(settings)) {
      fault = "its settings differ: " + difference(asked.getSettings());
    } else if (likelihood == null && state.arrived() < asked.getRows()) {
      return; // until they have come
    } else if (likelihood == null) {
      fault = "rows up to " + asked.getRows() + " are kept no more, " + state.offered() + " are";
    } else {
      try {
        if (asked.getStage() == 0) {
          q = fitted(likelihood, asked, key.name());
        } else {
          Anchor anchor = Anchor.of(likelihood, DoubleBytes.read(asked.getPoint()));
          gradient = DoubleBytes.of(anchor.gradient());
          q = anchored(likelihood, asked, anchor);
        }
        if (!Surrogates.isFinite(q)) {
          q = null;
          fault = "its surrogate is not finite";
        }
      } catch (ConfigException e) {
        fault = e.getMessage();
      }
      metrics.surrogates.inc();
    }
    state.answered();
    emit(
        new Surrogate(
            options.posterior(),
            key.name(),
            key.journal().incarnation,
            asked.getIncarnation(),
            asked.getEpoch(),
            asked.getStage(),
            asked.getRows(),
            q == null ? NO_BYTES : DoubleBytes.of(q.eta()),
            q == null ? NO_BYTES : DoubleBytes.of(q.lambda()),
            gradient,
            fault));
  }

  private NaturalGaussian fitted(Likelihood likelihood, SurrogateEpoch asked, String client) {
    FitContext context =
        FitContext.of(options.prior(), asked.getShare(), options.seed(), client, stage.workspace());
    NaturalGaussian q = Federation.surrogate(likelihood, surrogates, context);
    return isLast(asked) ? NaturalGaussian.linear(q.eta()) : q;
  }

  private NaturalGaussian anchored(Likelihood likelihood, SurrogateEpoch asked, Anchor anchor) {
    if (isLast(asked)) {
      return NaturalGaussian.linear(anchor.gradient().clone());
    }
    NaturalGaussian own = Surrogates.read(asked.getEta(), asked.getLambda(), size);
    return Federation.anchored(
        likelihood,
        own,
        anchor,
        asked.getShare(),
        stage.workspace().kernels(ScalarBackend.INSTANCE));
  }

  /** Whether curvature, which was of use until now, is to be left out from now on. */
  private boolean isLast(SurrogateEpoch asked) {
    return surrogates.shape() == NaturalGaussian.Shape.NONE
        && asked.getStage() == surrogates.anchorRounds();
  }

  private String difference(String theirs) {
    List<String> own = Arrays.asList(settings.split("\n"));
    return Arrays.stream(theirs.split("\n"))
        .filter(line -> !own.contains(line))
        .findFirst()
        .map(line -> "'" + line + "' is asked for; this job has others")
        .orElse("this job has more of them");
  }

  // Visits.

  private void token(RoutedEvent e, Key key) {
    ChainToken token;
    try {
      token = SingleObject.standard().decode(ChainToken.class, e.value);
    } catch (DecodeException x) {
      letters.send(e, key.journal(), x.reason(), x.getMessage());
      return;
    }
    String wrong = fault(token);
    if (wrong != null) {
      letters.send(e, key.journal(), Reason.MALFORMED, wrong);
      return;
    }
    Journal j = begin(key, Math.max(0, e.timestamp));
    if (!hear(token.getIncarnation())) {
      metrics.tokensOld.inc();
      return;
    }
    WaitingEvent last = key.waiting(Side.FIRST, token.getChain());
    if (last != null) {
      Visit made = new Visit(last.made());
      boolean same = made.incarnation() == token.getIncarnation();
      if (same && token.getRound() == made.round()) {
        metrics.tokensRepeated.inc();
        emit(made, token.getChain(), key);
        return;
      }
      if (made.incarnation() > token.getIncarnation() || same && token.getRound() < made.round()) {
        metrics.tokensOld.inc();
        return;
      }
    }
    if (token.getEpoch() > state.live() || isAwaited(token)) {
      park(e, token, key, j);
    } else {
      visit(token, key, e.timestamp, j);
    }
  }

  /** Whether rows that a token's epoch names have not come yet. */
  private boolean isAwaited(ChainToken token) {
    long version = state.rowsOf(token.getEpoch());
    return version > state.arrived();
  }

  private String fault(ChainToken t) {
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

  private void park(RoutedEvent e, ChainToken token, Key key, Journal j) {
    WaitingEvent before = key.take(Side.SECOND, token.getChain());
    if (before == null) {
      metrics.tokensParked.inc();
    }
    KeptEvent kept =
        KeptEvent.of(e, j.topic(options.topics().get(e.topic)), Math.max(0, e.timestamp));
    key.await(Side.SECOND, token.getChain(), kept, NO_NUMBERS);
  }

  /** Takes parked tokens up whose time has come. */
  private void resume(Key key) {
    Journal j = key.journal();
    for (int left = j.queue(Side.SECOND).count; left > 0; left--) {
      key.evict(
          Side.SECOND,
          (chain, w) -> {
            KeptEvent kept = w.event();
            token(
                new RoutedEvent(
                    EventKind.CHAIN_TOKEN.code(),
                    topicOf(j.topicName(kept.topic())),
                    kept.partition(),
                    kept.offset(),
                    kept.timestamp(),
                    kept.recordKey(),
                    key.name(),
                    null,
                    kept.value(),
                    null,
                    null),
                key);
          });
    }
  }

  /** Place of a topic among the job's; the first where it is no input any more. */
  private int topicOf(String name) {
    return Math.max(0, options.topics().indexOf(name));
  }

  private void visit(ChainToken token, Key key, long timestamp, Journal j) {
    View view = views(key).of(token.getEpoch());
    Visit made;
    if (view == null) {
      // Not remembered: the same round comes again under another epoch.
      emit(gone(token), token.getChain(), key);
      return;
    }
    made = travel(token, view);
    key.take(Side.FIRST, token.getChain());
    key.await(
        Side.FIRST,
        token.getChain(),
        new KeptEvent(0, 0, 0, -1, timestamp, null, new byte[0], Math.max(0, timestamp)),
        made.numbers());
    j.predicted++;
    metrics.visits.inc();
    emit(made, token.getChain(), key);
  }

  private Visit gone(ChainToken token) {
    return Visit.of(
        token,
        VisitOutcome.EPOCH_TOO_OLD,
        token.getStep(),
        token.getStep(),
        DoubleBytes.read(token.getState()),
        NO_NUMBERS,
        0);
  }

  private Visit travel(ChainToken token, View view) {
    double[] numbers = DoubleBytes.read(token.getState());
    unpack(numbers, chainState);
    chainState.setSteps(token.getStep());
    if (view.likelihood.rows() == 0) {
      return Visit.of(
          token, VisitOutcome.NO_ROWS, token.getStep(), token.getStep(), numbers, NO_NUMBERS, 0);
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
    boolean fine =
        chains(token.getSeed())
            .visit(
                chainState,
                token.getChain(),
                view.shard(token.getShare()),
                nothing,
                visit,
                (t, theta) -> {
                  if ((t + 1) % thin == 0) {
                    System.arraycopy(theta, 0, draws, (int) ((t - first) / thin) * size, size);
                  }
                });
    if (!fine) {
      metrics.visitsDiverged.inc();
      return Visit.of(
          token, VisitOutcome.DIVERGED, token.getStep(), token.getStep(), numbers, NO_NUMBERS, 0);
    }
    metrics.localSteps.inc(token.getLocalSteps());
    pack(chainState, numbers);
    return Visit.of(
        token, VisitOutcome.VISITED, first, chainState.steps(), numbers, draws, count * size);
  }

  private Chain chains(long seed) {
    if (chains == null || chainsSeed != seed) {
      chains = new Chain(sampler, seed, stage.workspace());
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

  private void emit(Visit made, String chain, Key key) {
    posterior.of(options.posterior());
    stage.emit(
        SampleChannels.DRAWS,
        posterior.record(made.answer(options.posterior(), chain, key.name())));
  }

  // What is derived from state.

  private Views views(Key key) {
    Views v = views.get(key.name());
    if (v == null || v.incarnation != key.journal().incarnation) {
      v = new Views(key.journal().incarnation);
      views.put(key.name(), v);
    }
    return v;
  }

  /** What is derived of a client's state. */
  private final class Views {
    /** Of the epoch in force and the one before. */
    private static final int KEPT = 2;

    final long incarnation;
    private final View[] views = new View[KEPT];
    private long version;
    private Likelihood likelihood;

    Views(long incarnation) {
      this.incarnation = incarnation;
    }

    /** The likelihood of the rows of a version; null: they are not there. */
    Likelihood likelihood(long wanted) {
      if (version != wanted) {
        Rows all = new Rows(true);
        if (!state.load(wanted, all)) {
          return null;
        }
        likelihood =
            options.model().likelihood(all, stage.workspace().kernels(ScalarBackend.INSTANCE));
        version = wanted;
      }
      return likelihood;
    }

    /** An epoch; null: it, or its rows, are kept no more. */
    View of(long epoch) {
      for (View v : views) {
        if (v != null && v.epoch == epoch && v.posterior == state.heard()) {
          return v;
        }
      }
      long rows = state.rowsOf(epoch);
      Likelihood found = rows == ClientState.NONE ? null : likelihood(rows);
      if (found == null) {
        return null;
      }
      views[1] = views[0];
      views[0] = new View(state.heard(), state.epoch(epoch), found);
      return views[0];
    }
  }

  /** An epoch as a visit needs it. */
  private final class View {
    final long posterior;
    final long epoch;
    final Likelihood likelihood;
    private final NaturalGaussian own;
    private final NaturalGaussian product;
    private final Anchor anchor;
    private Shard shard;

    View(long posterior, SurrogateEpoch e, Likelihood likelihood) {
      this.posterior = posterior;
      this.epoch = e.getEpoch();
      this.likelihood = likelihood;
      this.own = Surrogates.read(e.getEta(), e.getLambda(), size);
      this.product = Surrogates.read(e.getProductEta(), e.getProductLambda(), size);
      this.anchor =
          e.getPoint().hasRemaining()
              ? new Anchor(DoubleBytes.read(e.getPoint()), DoubleBytes.read(e.getGradient()))
              : null;
    }

    /** The client, visited with a probability. */
    Shard shard(double share) {
      if (shard == null || shard.share() != share) {
        shard =
            new Shard(likelihood, options.prior(), share, product.times(own, -1 / share), anchor);
      }
      return shard;
    }
  }
}

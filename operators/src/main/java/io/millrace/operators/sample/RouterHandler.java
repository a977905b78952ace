package io.millrace.operators.sample;

import io.millrace.core.compute.Vectors;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.output.KeyBytes;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.operators.sample.RouterState.At;
import io.millrace.operators.sample.RouterState.Count;
import io.millrace.operators.sample.RouterState.Of;
import io.millrace.schemas.ChainDraws;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.DoubleBytes;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SampleTick;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.Surrogate;
import io.millrace.schemas.VisitOutcome;
import java.time.Instant;
import java.util.List;

/**
 * What the router of a `sample` job does: it lets clients agree on epochs, sends chains from client
 * to client, and gathers what they bring. A function of the one sequence that the posterior's
 * records stand in, time included (docs/adr/0016).
 */
public final class RouterHandler implements KeyHandler {
  private static final String CHAIN = "chain-";

  private final SampleOptions options;
  private final StageContext stage;
  private final DeadLetterOffice letters;
  private final RouterMetrics metrics;
  private final RouterState state;
  private final Agreement agreement;
  private final ChainSchedule schedule;
  private final RouterPublishing publishing;
  private final Presence presence;
  private final int size;
  private final int stateSize;
  private final KeyBytes keys = new KeyBytes();

  /** A handler where the stage runs. */
  public RouterHandler(SampleOptions options, StageContext stage) {
    this.options = options;
    this.stage = stage;
    this.letters = stage.letters();
    this.metrics = new RouterMetrics(stage.metrics());
    Sampler sampler = options.sampler().make();
    this.state = new RouterState(options, sampler);
    this.agreement = new Agreement(options, state, stage, metrics);
    this.schedule = new ChainSchedule(options, state, agreement, stage, metrics);
    this.publishing = new RouterPublishing(options, state, agreement, stage);
    this.presence = new Presence(options, state, agreement, schedule, publishing, metrics);
    this.size = options.model().size();
    this.stateSize = (int) (state.chainSchema().totalBytes() / Double.BYTES);
  }

  @Override
  public List<BlockSpec> blocks() {
    return state.blocks();
  }

  @Override
  public void handle(RoutedEvent e, Key key) {
    state.at(key);
    if (!key.name().equals(options.posterior())) {
      letters.send(
          e,
          key.journal(),
          Reason.OUT_OF_DOMAIN,
          "key is '"
              + key.name()
              + "', the posterior of this job is '"
              + options.posterior()
              + "'");
      return;
    }
    try {
      if (e.is(EventKind.SURROGATE)) {
        surrogate(e, SingleObject.standard().decode(Surrogate.class, e.value), key);
      } else if (e.is(EventKind.CHAIN_DRAWS)) {
        answer(e, SingleObject.standard().decode(ChainDraws.class, e.value), key);
      } else {
        tick(SingleObject.standard().decode(SampleTick.class, e.value), key);
      }
      if (key.journal() != null) {
        publishing.status(key); // whatever came of it: what has changed is not remembered
      }
    } catch (DecodeException x) {
      letters.send(e, key.journal(), x.reason(), x.getMessage());
    }
  }

  @Override
  public void alarm(Key key, long time) {
    keys.of(key.name());
    stage.emit(
        SampleChannels.DRAWS,
        keys.record(
            SingleObject.encode(
                new SampleTick(
                    key.name(), key.journal().incarnation, Instant.ofEpochMilli(time), 0L))));
    key.alarmIn(options.patience().tick());
  }

  // Time.

  private void tick(SampleTick tick, Key key) {
    Journal j = key.journal();
    if (j == null || tick.getIncarnation() != j.incarnation) {
      return;
    }
    if (tick.getAfter() > 0) {
      agreement.want(tick.getAfter(), j.incarnation);
      publishing.changed();
      return;
    }
    long now = Math.max(state.get(Count.CLOCK), tick.getTime().toEpochMilli());
    j.eventTime = Math.max(j.eventTime, now);
    presence.pass(now, j.incarnation);
    if (state.get(Count.FAULT_AT) > 0
        && now - state.get(Count.FAULT_AT) >= options.patience().timeout().toMillis()) {
      agreement.forgive();
    }
    consider(key);
  }

  // Epochs.

  private void surrogate(RoutedEvent e, Surrogate s, Key key) {
    Journal j = key.journal();
    boolean offer = s.getEpoch() == 0;
    if (!offer && (j == null || s.getIncarnation() != j.incarnation)) {
      metrics.answersOld.inc();
      return;
    }
    if (offer && (s.getRows() < 1 || s.getClient().isEmpty() || s.getClient().contains("\n"))) {
      letters.send(
          e,
          j,
          Reason.MALFORMED,
          "client '"
              + s.getClient()
              + "' offers "
              + s.getRows()
              + " rows; must have a name and rows");
      return;
    }
    if (offer && !options.clients().admits(s.getClient())) {
      letters.send(
          e, j, Reason.OUT_OF_DOMAIN, "client '" + s.getClient() + "' is not among clients.names");
      return;
    }
    if (j == null) {
      j = begin(e, key);
    }
    int client = state.client(s.getClient());
    if (client == RouterState.NOBODY) {
      if (!offer || state.clients() == options.clients().most()) {
        letters.send(
            e,
            j,
            Reason.TOO_MANY_KEYS,
            "client '"
                + s.getClient()
                + "' is new, and there are "
                + state.clients()
                + ", no more than clients.most; raise it");
        return;
      }
      client = state.add(s.getClient());
      publishing.changed();
    }
    if (offer) {
      offer(client, s, j);
    } else {
      answer(e, client, s, key);
    }
    consider(key);
  }

  private Journal begin(RoutedEvent e, Key key) {
    Journal j = key.begin(Math.max(0, e.timestamp));
    j.learnedTime = j.eventTime;
    options.clients().names().forEach(state::add); // so that their order is that of the settings
    for (int c = 0; c < options.chains().count(); c++) {
      state.set(c, At.TARGET, RouterState.NOBODY);
    }
    key.alarmIn(options.patience().tick());
    return j;
  }

  private void offer(int client, Surrogate s, Journal j) {
    long known = state.get(client, Of.INCARNATION);
    if (s.getClientIncarnation() < known) {
      metrics.answersOld.inc();
      return;
    }
    presence.heard(client, j.incarnation);
    if (s.getClientIncarnation() > known) {
      // It has begun to collect rows anew, and what was agreed on with it can be used no more.
      state.set(client, Of.INCARNATION, s.getClientIncarnation());
      state.set(client, Of.OFFERED, s.getRows());
      if (known != 0) {
        state.set(client, Of.ROWS, 0);
        if (agreement.isUnderWay()) {
          agreement.begin(j.incarnation);
        }
      }
      return;
    }
    state.set(client, Of.OFFERED, Math.max(state.get(client, Of.OFFERED), s.getRows()));
  }

  private void answer(RoutedEvent e, int client, Surrogate s, Key key) {
    Journal j = key.journal();
    NaturalGaussian q = Surrogates.read(s.getEta(), s.getLambda(), size);
    int gradient = DoubleBytes.count(s.getGradient());
    boolean fits =
        !s.getFault().isEmpty()
            || q != null
                && (s.getStage() > 0 || Surrogates.isFinite(q))
                && q.lambda().length <= options.lambdas()
                && gradient == (s.getStage() == 0 ? 0 : size);
    if (!fits) {
      letters.send(
          e, j, Reason.MALFORMED, "numbers that are not a surrogate of " + size + " parameters");
      return;
    }
    presence.heard(client, j.incarnation);
    publishing.changed();
    if (agreement.answer(client, s, q, j.incarnation)) {
      enter(key);
    }
  }

  private void consider(Key key) {
    agreement.consider(key.journal().incarnation);
  }

  /** An epoch is in force: clients are told, chains that stand still set out. */
  private void enter(Key key) {
    Journal j = key.journal();
    for (int c = 0; c < state.clients(); c++) {
      if (!state.is(c, Of.IMPUTED)) {
        agreement.tell(c, j.incarnation);
      }
    }
    for (int c = 0; c < options.chains().count(); c++) {
      state.beginEpoch(c);
      if (state.get(c, At.STARTED) == 0) {
        state.set(c, At.STARTED, 1);
        state.stepSize(c, options.chains().stepSize());
        schedule.begin(c);
        schedule.dispatch(c, j.incarnation);
      } else if (state.get(c, At.TARGET) == RouterState.NOBODY) {
        schedule.dispatch(c, j.incarnation);
      }
    }
    publishing.changed();
  }

  // Chains.

  private void answer(RoutedEvent e, ChainDraws a, Key key) {
    Journal j = key.journal();
    int chain = chain(a.getChain());
    int client = j == null ? RouterState.NOBODY : state.client(a.getClient());
    if (client == RouterState.NOBODY || chain < 0 || a.getIncarnation() != j.incarnation) {
      metrics.answersOld.inc();
      return;
    }
    presence.heard(client, j.incarnation);
    if (state.get(chain, At.STARTED) == 0
        || a.getRound() != state.get(chain, At.ROUND)
        || client != state.get(chain, At.TARGET)
        || a.getEpoch() != state.get(chain, At.EPOCH)) {
      metrics.answersOld.inc();
      return;
    }
    String wrong = fault(a);
    if (wrong != null) {
      letters.send(e, j, Reason.MALFORMED, wrong);
      return;
    }
    if (a.getOutcome() == VisitOutcome.EPOCH_TOO_OLD) {
      schedule.tooOld(chain, client, j.incarnation);
      return;
    }
    take(chain, client, a, j);
    j.covers(j.topic(options.topics().get(e.topic)), e.partition, e.offset);
    schedule.dispatch(chain, j.incarnation);
    publishing.afterVisit(key);
  }

  private void take(int chain, int client, ChainDraws a, Journal j) {
    metrics.rounds.inc();
    j.learned++;
    j.learnedTime = j.eventTime;
    boolean current = a.getEpoch() == state.get(Count.EPOCH);
    if (current) {
      state.set(client, Of.VISITS, state.get(client, Of.VISITS) + 1);
    }
    if (a.getOutcome() == VisitOutcome.DIVERGED) {
      state.stepSize(chain, state.stepSize(chain) / 2);
      state.set(chain, At.DIVERGED, state.get(chain, At.DIVERGED) + 1);
      metrics.visitsDiverged.inc();
      publishing.changed();
      return;
    }
    DoubleBytes.read(a.getState(), state.state(chain));
    state.set(chain, At.STEP, a.getStep());
    if (!current) {
      return;
    }
    long visited = state.get(chain, At.VISITED);
    state.set(chain, At.VISITED, visited + 1);
    if (visited >= options.chains().burnIn()) {
      gather(chain, DoubleBytes.read(a.getDraws()));
      if (a.getNoiseRatio() >= 0) {
        state.addNoise(chain, a.getNoiseRatio());
      }
    }
  }

  private void gather(int chain, double[] all) {
    double[] theta = stage.workspace().array("draw", size);
    for (int at = 0; at < all.length; at += size) {
      System.arraycopy(all, at, theta, 0, size);
      state.statistics().add(state.statistics(chain), theta);
      state.kept().add(state.kept(chain), theta);
    }
  }

  /** Index of a chain of this job; -1: it has none of the name. */
  private int chain(String name) {
    if (!name.startsWith(CHAIN)) {
      return -1;
    }
    for (int c = 0; c < options.chains().count(); c++) {
      if (options.chains().name(c).equals(name)) {
        return c;
      }
    }
    return -1;
  }

  private String fault(ChainDraws a) {
    int numbers = DoubleBytes.count(a.getState());
    int drawn = DoubleBytes.count(a.getDraws());
    boolean fits = numbers == stateSize && drawn >= 0 && drawn % size == 0;
    boolean noise = a.getNoiseRatio() >= 0 && a.getNoiseRatio() < Double.POSITIVE_INFINITY;
    if (!noise && a.getNoiseRatio() != Visit.NOT_MEASURED) {
      return "noiseRatio is " + a.getNoiseRatio() + "; must be finite and at least 0, or -1";
    }
    if (!fits || a.getOutcome() == VisitOutcome.UNKNOWN || a.getStep() < 0) {
      return "outcome "
          + a.getOutcome()
          + " with "
          + a.getState().remaining()
          + " bytes of state and "
          + a.getDraws().remaining()
          + " of draws; must be those of "
          + size
          + " parameters";
    }
    double[] state = DoubleBytes.read(a.getState());
    double[] draws = DoubleBytes.read(a.getDraws());
    return Vectors.allFinite(state, state.length) && Vectors.allFinite(draws, draws.length)
        ? null
        : "state or draws that are not finite";
  }
}

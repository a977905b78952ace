package io.millrace.operators.sample;

import io.millrace.core.features.Rows;
import io.millrace.core.sample.Likelihood;
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
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.Surrogate;
import io.millrace.schemas.SurrogateEpoch;
import io.millrace.schemas.VisitOutcome;
import java.util.List;

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

  private final SampleOptions options;
  private final StageContext stage;
  private final DeadLetterOffice letters;
  private final ClientMetrics metrics;
  private final ExampleReader examples;
  private final ClientState state;
  private final ClientViews views;
  private final Descriptions descriptions;
  private final Visits visits;
  private final KeyBytes posterior = new KeyBytes();
  private final Rows rows = new Rows(true);

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
    this.views = new ClientViews(options, state, stage.workspace());
    this.descriptions = new Descriptions(options, stage.workspace());
    this.visits = new Visits(options, stage.workspace(), metrics);
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
    emit(descriptions.offer(key.name(), key.journal().incarnation, state.offer()));
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
    String wrong = descriptions.fault(asked);
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

  /** Answers a stage, if the rows it names are there or will never be. */
  private void answer(SurrogateEpoch asked, Key key) {
    String refusal = descriptions.refusal(asked);
    Likelihood likelihood = refusal == null ? views.of(key).likelihood(asked.getRows()) : null;
    if (refusal == null && likelihood == null) {
      if (state.arrived() < asked.getRows()) {
        return; // until they have come
      }
      refusal = "rows up to " + asked.getRows() + " are kept no more, " + state.offered() + " are";
    }
    state.answered();
    if (refusal != null) {
      emit(descriptions.refused(asked, refusal));
      return;
    }
    metrics.surrogates.inc();
    emit(descriptions.answer(asked, likelihood));
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
    String wrong = visits.fault(token);
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
    ClientViews.View view = views.of(key).of(token.getEpoch());
    if (view == null) {
      // Not remembered: the same round comes again under another epoch.
      emit(Visit.none(token, VisitOutcome.EPOCH_TOO_OLD), token.getChain(), key);
      return;
    }
    Visit made = visits.make(token, view);
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

  private void emit(Visit made, String chain, Key key) {
    posterior.of(options.posterior());
    stage.emit(
        SampleChannels.DRAWS,
        posterior.record(made.answer(options.posterior(), chain, key.name())));
  }
}

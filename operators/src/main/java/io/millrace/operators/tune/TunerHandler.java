package io.millrace.operators.tune;

import io.millrace.core.ConfigException;
import io.millrace.core.bandit.Policy;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.InForce;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.handler.Steering;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.TuneFeedbackReader;
import io.millrace.operators.ingress.TuneRequestReader;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.Side;
import io.millrace.operators.journal.WaitingEvent;
import io.millrace.operators.life.KeyLife;
import io.millrace.operators.life.WaitingById;
import io.millrace.operators.metrics.Validation;
import io.millrace.operators.output.Channel;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a `tune` job does with a tuner's events. A request is decided at once, and the decision kept
 * under the request's id: a request that comes again is answered with the decision it has had.
 * Feedback finds the decision by id, whenever it comes, and is learned from with the probability
 * that the arm had when it was decided for.
 *
 * <p>A tuner begins with its first readable request. Its clock is moved by requests alone. A
 * decision is kept until `feedback.wait` has passed or its room is needed; then a request that
 * could have been decided before is refused, so none is ever decided twice.
 */
public final class TunerHandler implements KeyHandler {
  /** Where decisions go. Somebody waits for each, so they are not held back for transactions. */
  public static final Channel DECISIONS =
      new Channel(
          "tune.decisions",
          Channel.Cleanup.DELETE,
          Channel.Delivery.AT_LEAST_ONCE,
          false,
          "TuneDecision: the answer to each request");

  /** The policy's blocks among {@link #blocks}. */
  static final int POLICY = 0;

  private static final int TUNER = 1;

  private static final WaitingById.Words WORDS =
      new WaitingById.Words(
          "request", "feedback", "feedback.wait", "feedback.max-pending", "limits.kept-bytes");

  private final TuneOptions options;
  private final List<BlockSpec> blocks;
  private final InForce<Policy> policies;
  private final Tuner tuner;
  private final OffPolicyFigures figures;
  private final Apprentice apprentice;
  private final Decider decider;
  private final WaitingById waiting;
  private final KeyLife life;
  private final Feedback feedback;
  private final ArmOrders arms;
  private final TunerPublishing publishing;
  private final DecisionPublisher decisions;
  private final DeadLetterOffice letters;
  private final StageContext stage;
  private final TuneMetrics metrics;
  private final TuneRequestReader requests;
  private final TuneFeedbackReader costs;
  private final Pending stored = new Pending();

  /** A handler where the stage runs. */
  public TunerHandler(TuneOptions options, StageContext stage) {
    this.options = options;
    this.stage = stage;
    this.letters = stage.letters();
    this.metrics = new TuneMetrics(stage.metrics());
    Policy policy = options.newPolicy();
    this.policies = new InForce<>(policy, values -> variant(policy, values));
    this.blocks = new ArrayList<>(List.of(block(policy, options.seed()), Tuner.block(options)));
    this.tuner = new Tuner(TUNER, options.shape());
    this.figures = figures(policy);
    this.apprentice = apprentice();
    this.decider =
        new Decider(options.shape(), options.seed(), tuner, apprentice, stage.workspace());
    SnapshotPublisher snapshots =
        new SnapshotPublisher(
            options.snapshots(), stage.backend(), stage, stage.metrics().snapshots);
    this.publishing =
        new TunerPublishing(
            policies,
            tuner,
            apprentice,
            figures,
            snapshots,
            options.snapshotWhenBestChanges(),
            new Validation(options.metricsEvery(), stage),
            stage.workspace());
    TuneOptions.Waiting w = options.waiting();
    this.waiting =
        new WaitingById(
            new WaitingById.Limits(w.longest(), w.most(), w.maxBytes()),
            WORDS,
            letters,
            metrics.feedbackAwaited,
            metrics.feedbackMatched,
            metrics.feedbackEarly,
            Pending::unanswered);
    this.life = new KeyLife(options.ttl(), waiting, snapshots, stage);
    this.feedback =
        new Feedback(
            policies,
            tuner,
            w.timeoutCost(),
            waiting,
            figures,
            publishing,
            metrics,
            stage.workspace());
    this.arms = new ArmOrders(options, policies, tuner, decider, figures, steering(), stage);
    this.decisions =
        new DecisionPublisher(stage, DECISIONS, policy.spec().id(), policy.spec().stateVersion());
    this.requests =
        new TuneRequestReader(
            options.topics(),
            options.maxIdBytes(),
            options.times(),
            options.shape().contextLength());
    this.costs = new TuneFeedbackReader(options.topics(), options.maxIdBytes(), options.times());
  }

  /** The policy under what orders have set, of which one thing is not its own. */
  private static Policy variant(Policy policy, Map<String, Double> values) {
    Map<String, Double> own = new TreeMap<>(values);
    own.remove(Apprentice.ACTS.name());
    return own.isEmpty() ? policy : policy.with(own);
  }

  private OffPolicyFigures figures(Policy policy) {
    if (Double.isNaN(options.offPolicyAlpha())) {
      return null;
    }
    blocks.add(OffPolicyFigures.block(options, policy.costs()));
    return new OffPolicyFigures(blocks.size() - 1, options, policy.costs());
  }

  private Apprentice apprentice() {
    if (options.apprentice() == null) {
      return null;
    }
    blocks.add(Apprentice.block(options));
    return new Apprentice(blocks.size() - 1, options);
  }

  private static BlockSpec block(Policy policy, long seed) {
    SortedMap<String, String> meaning = new TreeMap<>(policy.meaning());
    meaning.put("seed", Long.toString(seed)); // or the rest of a sequence of draws is another's
    return new BlockSpec(
        "policy",
        policy.spec().id(),
        policy.spec().stateVersion(),
        policy.schema(),
        meaning,
        policy::upgrade);
  }

  @Override
  public List<BlockSpec> blocks() {
    return blocks;
  }

  @Override
  public void handle(RoutedEvent e, Key key) {
    if (e.is(EventKind.TUNE_REQUEST)) {
      request(e, key);
    } else if (e.is(EventKind.TUNE_FEEDBACK)) {
      feedback(e, key);
    } else if (arms.carryOut(e, key)) {
      publishing.afterChange(key);
    }
  }

  @Override
  public void pass(Key key, long time) {
    if (key.journal() != null && life.over(key.journal(), time)) {
      life.end(key);
    }
    if (key.journal() == null) {
      waiting.expireEarly(key, time);
    }
  }

  @Override
  public void end(Key key) {
    publishing.atEnd(key);
  }

  @Override
  public Steering steering() {
    return new TunerSteering();
  }

  private void request(RoutedEvent e, Key key) {
    if (!requests.read(e)) {
      letters.sendRead(letters.evidence(e), key.journal(), requests.reason(), requests.message());
      return;
    }
    Journal j = advance(key, requests.eventTime());
    tuner.at(key);
    WaitingEvent before = waiting.find(key, requests.id());
    if (before != null) {
      metrics.decisionsRepeated.inc();
      emit(key, before.event().eventTime(), stored.of(before));
      return;
    }
    String forgotten = forgotten(key);
    if (forgotten != null) {
      letters.send(e, j, Reason.LABEL_EXPIRED, forgotten);
      return;
    }
    Policy policy = policies.of(key);
    if (!decider.lay(requests, policy)) {
      letters.send(e, j, decider.reason(), decider.message());
      return;
    }
    waiting.makeRoom(key, (id, w) -> evict(key, w));
    LearnerState state = key.read(POLICY);
    Pending made = decider.decide(key, policy, state, tuner.round() + 1, requests.deadline());
    tuner.decided(decider.probabilities());
    waiting.add(key, Side.FIRST, requests.id(), kept(e, j, requests.eventTime()), made.numbers());
    emit(key, requests.eventTime(), made);
    j.predicted++;
    metrics.decisions.inc();
    early(key);
    publishing.afterDecision(key);
  }

  private void emit(Key key, long eventTime, Pending made) {
    decisions.publish(key.name(), requests.id(), eventTime, made, tuner, key.journal().incarnation);
  }

  /** Why it is not known any more whether the request at hand has been decided; null: it is. */
  private String forgotten(Key key) {
    long time = requests.eventTime();
    boolean evicted = time <= tuner.horizon();
    if (!evicted && !waiting.isTooLate(key, time)) {
      return null;
    }
    return "request '"
        + requests.id()
        + "' is of "
        + time
        + "; decisions up to "
        + (evicted
            ? tuner.horizon() + " were forgotten because feedback.max-pending were kept"
            : key.journal().eventTime
                - options.waiting().longest().toMillis()
                - 1
                + " are forgotten after feedback.wait")
        + ", and it may have had one";
  }

  private void evict(Key key, WaitingEvent w) {
    tuner.forgottenUpTo(w.event().eventTime());
    if (Pending.unanswered(w)) {
      feedback.censor(key, w);
    }
  }

  /** Moves the key's clock on; the key begins, or begins anew, if it must. */
  private Journal advance(Key key, long eventTime) {
    Journal j = key.journal();
    if (j != null && life.over(j, eventTime)) {
      life.end(key);
      j = null;
    }
    if (j == null) {
      j = key.begin(eventTime);
      tuner.begin(key, options.arms());
      policies.base().initialize(key.renew(POLICY), options.arms().size());
      waiting.expireEarly(key, eventTime);
    } else if (eventTime > j.eventTime) {
      j.eventTime = eventTime;
      tuner.at(key);
      waiting.expire(key, (id, w) -> timedOut(key, id, w));
    }
    return j;
  }

  private void timedOut(Key key, String id, WaitingEvent w) {
    if (!feedback.censor(key, w)) {
      waiting.expired(key, id, w);
    }
  }

  private void feedback(RoutedEvent e, Key key) {
    if (!costs.read(e)) {
      letters.sendRead(letters.evidence(e), key.journal(), costs.reason(), costs.message());
      return;
    }
    WaitingEvent request = key.journal() == null ? null : waiting.find(key, costs.id());
    if (request == null) {
      awaitRequest(e, key);
      return;
    }
    Journal j = key.journal();
    tuner.at(key);
    if (!feedback.take(key, request, costs)) {
      letters.send(e, j, feedback.reason(), feedback.message());
      return;
    }
    j.covers(j.topic(options.topics().get(e.topic)), e.partition, e.offset);
    publishing.afterChange(key);
  }

  /** Feedback whose request is not there: it waits for it, or is a dead letter. */
  private void awaitRequest(RoutedEvent e, Key key) {
    String id = costs.id();
    if (waiting.isTooLate(key, costs.eventTime())) {
      letters.send(
          e,
          key.journal(),
          Reason.LABEL_WITHOUT_EXAMPLE,
          "no request of key '" + key.name() + "' with id '" + id + "' waits for feedback");
      return;
    }
    Reason refused = waiting.refuses(key, Side.SECOND, id);
    if (refused != null) {
      letters.send(e, key.journal(), refused, waiting.message(refused, key, Side.SECOND, id));
      return;
    }
    Journal ledger = key.ledger();
    if (e.topic == 0) {
      ledger.home = e.partition;
    }
    waiting.add(key, Side.SECOND, id, kept(e, ledger, costs.eventTime()), new double[0]);
  }

  /** Takes the feedback that came before the request at hand, if any did. */
  private void early(Key key) {
    WaitingEvent w = waiting.take(key, Side.SECOND, requests.id());
    if (w == null) {
      return;
    }
    Journal j = key.journal();
    costs.readAgain(w.event().value(), w.event().timestamp());
    if (!feedback.take(key, waiting.find(key, requests.id()), costs)) {
      letters.send(
          DeadLetterOffice.evidence(w.event(), key.name(), j),
          j,
          feedback.reason(),
          feedback.message());
      return;
    }
    j.covers(w.event().topic(), w.event().partition(), w.event().offset());
    publishing.afterChange(key);
  }

  private KeptEvent kept(RoutedEvent e, Journal j, long eventTime) {
    return KeptEvent.of(e, j.topic(options.topics().get(e.topic)), eventTime);
  }

  /** What orders can do to tuners. */
  private final class TunerSteering implements Steering {
    @Override
    public String algorithm() {
      return policies.base().spec().id();
    }

    @Override
    public List<Hyper> hyperparameters() {
      List<Hyper> all = new ArrayList<>(policies.base().hyperparameters());
      if (apprentice != null) {
        all.add(Apprentice.ACTS);
      }
      return all;
    }

    @Override
    public String fault(Map<String, Double> values) {
      try {
        policies.with(values);
        return null;
      } catch (ConfigException e) {
        return e.getMessage();
      }
    }

    @Override
    public long steps(Key key) {
      return key.read(POLICY).steps();
    }

    /**
     * What the policy has learned and the mean cost begin anew; arms, versions, hyperparameters,
     * and decisions whose feedback may still come stay.
     */
    @Override
    public void reset(Key key) {
      Journal j = key.journal();
      j.total.clear();
      j.window.clear();
      tuner.at(key).reset();
      policies.base().initialize(key.renew(POLICY), tuner.roster().count());
      if (figures != null) {
        figures.reset(key);
      }
      if (apprentice != null) {
        apprentice.reset(key);
      }
    }

    @Override
    public void publish(Key key) {
      publishing.publish(key);
    }
  }
}

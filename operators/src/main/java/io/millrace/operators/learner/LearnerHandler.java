package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepBatch;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.monitor.Baseline;
import io.millrace.core.monitor.Monitor;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.handler.Steering;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.ExampleReader;
import io.millrace.operators.ingress.LabelReader;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.Side;
import io.millrace.operators.journal.WaitingEvent;
import io.millrace.operators.life.KeyLife;
import io.millrace.operators.life.WaitingById;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.metrics.Validation;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the jobs that learn from examples do with a key's events: decode, predict, judge, learn.
 * What is learned is the {@link OnlineLearner}'s business; a family brings one and nothing else. An
 * example of weight 0 is predicted, and neither judged nor learned from.
 *
 * <p>A key begins with its first usable example.
 */
public final class LearnerHandler implements KeyHandler {
  /** The learner's blocks among {@link #blocks}. */
  static final int MODEL = 0;

  /** What was last published of it, to go back to; see {@link LastGood}. */
  static final int LAST_GOOD = 1;

  /** The model that was published last, where results are to be made by it. */
  private static final int PUBLISHED = 2;

  private static final WaitingById.Words WORDS =
      new WaitingById.Words(
          "example", "label", "labels.wait", "labels.max-pending", "limits.kept-bytes");

  private final LearnerOptions options;
  private final boolean needsLabels;
  private final List<BlockSpec> blocks;
  private final Lanes lanes;
  private final Contest contest;

  /** Null: nothing is watched. */
  private final Watch watch;

  /** Null: everything is published. */
  private final Proof proof;

  private final WaitingById waiting;
  private final KeyLife life;
  private final Trainer trainer;
  private final LearnerPublishing publishing;
  private final LastGood lastGood;
  private final Results.Publisher results;
  private final PublishedCopy published;
  private final Results.Maker by = new Results.Maker();
  private final DeadLetterOffice letters;
  private final StageContext stage;
  private final LearnerMetrics metrics;
  private final Workspace workspace;
  private final ExampleReader examples;
  private final LabelReader labels;
  private final Outcome outcome = new Outcome();
  private final Steering steering;

  /** A handler where the stage runs. */
  public LearnerHandler(LearnerOptions options, LearnerFactory factory, StageContext stage) {
    this.options = options;
    this.needsLabels = options.needsLabels();
    this.stage = stage;
    this.letters = stage.letters();
    this.workspace = stage.workspace();
    this.metrics = new LearnerMetrics(stage.metrics());
    OnlineLearner learner = factory.create(stage.localBackend());
    BlockSpec model = Lane.blocks("model", learner, stage.backend());
    boolean keepsPublished = options.results() != null && options.results().byPublished();
    List<BlockSpec> parts = new ArrayList<>(List.of(model, LastGood.block(model)));
    if (keepsPublished) {
      parts.add(PublishedCopy.blocks(learner, model.meaning()));
    }
    Monitor monitor =
        options.monitor().watches()
            ? options.monitor().build(options.input(), learner.probabilities())
            : null;
    int watched = parts.size();
    if (monitor != null) {
      parts.add(Watch.block(monitor));
    }
    int background = monitor != null && monitor.swaps() ? parts.size() : -1;
    if (background >= 0) {
      parts.add(Lane.blocks("background", learner, stage.backend()));
    }
    PublishOptions proving = options.publishing();
    Baseline baseline = new Baseline(options.input().classes().size(), learner.probabilities());
    int proven = parts.size();
    if (proving != null) {
      parts.addAll(Proof.blocks(proving, baseline, learner, stage.backend()));
    }
    this.published = keepsPublished ? new PublishedCopy(PUBLISHED) : null;
    CandidateOptions candidates = options.candidates();
    int head = parts.size();
    this.lanes =
        candidates == null
            ? Lanes.of(learner, options.warmStart())
            : lanes(learner, candidates, parts);
    long largest = LastGood.mostBytes(lanes, options.snapshots().dtype(), workspace);
    parts.set(LAST_GOOD, parts.get(LAST_GOOD).growingTo(largest));
    this.blocks = List.copyOf(parts);
    SnapshotPublisher snapshots =
        new SnapshotPublisher(
            options.snapshots(), stage.backend(), stage, stage.metrics().snapshots);
    Validation validation = new Validation(options.metricsEvery(), stage);
    this.lastGood = new LastGood(lanes, workspace);
    this.contest =
        candidates == null
            ? null
            : new Contest(candidates, lanes, head, lastGood, stage, metrics, workspace);
    this.watch =
        monitor == null
            ? null
            : new Watch(
                monitor, watched, background, lanes, lastGood, validation, metrics, workspace);
    this.proof =
        proving == null
            ? null
            : new Proof(proving, baseline, proven, lanes, lastGood, stage, metrics, workspace);
    this.publishing =
        new LearnerPublishing(
            lanes,
            snapshots,
            lastGood,
            validation,
            metrics,
            workspace,
            published,
            contest,
            watch,
            proof);
    this.waiting =
        new WaitingById(
            new WaitingById.Limits(
                options.labelWait(), options.maxPending(), options.maxKeptBytes()),
            WORDS,
            letters,
            metrics.labelsAwaited,
            metrics.labelsMatched,
            metrics.labelsEarly);
    this.life = new KeyLife(options.ttl(), waiting, snapshots, stage);
    this.steering =
        new LearnerSteering(lanes, publishing, lastGood, metrics, contest, watch, proof);
    this.examples = reader();
    this.labels =
        new LabelReader(options.input(), options.topics(), options.maxIdBytes(), options.times());
    this.trainer =
        new Trainer(
            options,
            lanes,
            contest,
            watch,
            shared(learner),
            stage,
            reader(),
            publishing,
            lastGood,
            metrics);
    this.results = options.results() == null ? null : options.results().publisher(stage);
  }

  /**
   * The configured learner's lane and those of the candidates.
   *
   * @param parts takes the parts of a key that they have
   */
  private Lanes lanes(OnlineLearner learner, CandidateOptions candidates, List<BlockSpec> parts) {
    parts.add(Contest.head(candidates));
    List<Lane> all = new ArrayList<>();
    all.add(new Lane(0, CandidateOptions.BASE, MODEL, parts.size(), learner));
    parts.add(Contest.standing(candidates, CandidateOptions.BASE));
    for (CandidateOptions.Candidate c : candidates.candidates()) {
      OnlineLearner other = c.factory().create(stage.localBackend());
      all.add(new Lane(all.size(), c.name(), parts.size() + 1, parts.size(), other));
      parts.add(Contest.standing(candidates, c.name()));
      parts.add(Lane.blocks("candidate." + c.name(), other, stage.backend()));
    }
    return new Lanes(all, options.warmStart());
  }

  /**
   * Where steps of many keys are taken together; null: each is taken when it is due. A contest of
   * candidates, and a reaction to drift, look at a step as soon as it is taken.
   */
  private StepBatch shared(OnlineLearner learner) {
    boolean watchedAtOnce = contest != null || watch != null && watch.reacts();
    int keys = stage.keysTogether();
    return keys == 1 || watchedAtOnce || options.miniBatch() == 1
        ? null
        : learner.newStepBatch(keys, options.miniBatch());
  }

  private ExampleReader reader() {
    return new ExampleReader(
        options.input(), options.topics(), options.maxIdBytes(), options.times());
  }

  @Override
  public List<BlockSpec> blocks() {
    return blocks;
  }

  @Override
  public void handle(RoutedEvent e, Key key) {
    if (key.journal() != null) {
      key.rememberIds(options.dedupeWindow());
    }
    if (e.is(EventKind.LABEL)) {
      label(e, key);
    } else {
      examples(e, key);
    }
  }

  @Override
  public void pass(Key key, long time) {
    if (key.journal() != null && life.over(key.journal(), time)) {
      end(key, 0);
    }
    if (key.journal() == null) {
      waiting.expireEarly(key, time);
    }
  }

  @Override
  public void prepare() {
    trainer.takeDue();
  }

  @Override
  public void settle(Key key) {
    trainer.settle(key);
  }

  @Override
  public void end(Key key) {
    publishing.atEnd(key);
  }

  @Override
  public Steering steering() {
    return steering;
  }

  private void examples(RoutedEvent e, Key key) {
    trainer.begin(e);
    examples.open(e);
    while (examples.next(trainer.rows())) {
      if (examples.reason() == null) {
        example(e, key);
      } else {
        letters.sendRead(evidence(e), key.journal(), examples.reason(), examples.message());
      }
    }
    if (key.journal() != null) {
      trainer.end(key);
    }
  }

  /** Handles an item, which is the last row of the trainer's. */
  private void example(RoutedEvent e, Key key) {
    String unfit = lanes.base().learner().unfit(trainer.rows(), trainer.rows().count() - 1);
    if (unfit != null) {
      trainer.dropLast();
      refuse(e, key, Reason.OUT_OF_DOMAIN, unfit);
      return;
    }
    boolean labelled = examples.labelled();
    boolean waits = needsLabels && !labelled && waiting.on();
    if (waits && !examples.hasId()) {
      trainer.dropLast();
      refuse(
          e,
          key,
          Reason.MISSING_ID,
          "neither label nor id; a label that comes later is found by id");
      return;
    }
    Journal j = advance(key, examples.eventTime());
    if (isDuplicate(e, key)) {
      trainer.dropLast();
      return;
    }
    WaitingEvent label = waits ? waiting.take(key, Side.SECOND, examples.id()) : null;
    if (label != null) {
      labelled = true;
      waits = false;
      trainer.labelLast(label);
    }
    if (waits && !mayWait(e, key)) {
      trainer.dropLast();
      return;
    }
    if (options.dedupeWindow() > 0 && examples.hasId()) {
      key.remember(examples.id());
    }
    Lane lane = lanes.serving(key);
    OnlineLearner learner = lane.variants.of(key);
    Rows rows = trainer.rows();
    int row = rows.count() - 1;
    boolean counts = rows.weight(row) > 0 && (labelled || !needsLabels);
    boolean learned = !j.paused && counts;
    boolean scoredLater = learned && learner.scoresSteps();
    StepOutcome tried = null;
    boolean reacts = proof != null || watch != null && watch.reacts();
    if (learned && !scoredLater && !reacts && trainer.isMiniBatch(j)) {
      LearnerState state = key.write(lane.model);
      by.steps = state.steps();
      tried = learner.learnOne(rows, state, key.name(), outcome, workspace);
    } else if (results != null || !scoredLater) {
      LearnerState state = published == null ? key.read(lane.model) : published.model(key, by);
      by.steps = state.steps();
      learner.predict(rows, row, state, outcome, workspace);
    }
    if (contest != null && (waits || counts)) {
      contest.open(key);
      contest.predict(rows, row, key, outcome);
    }
    if (proof != null && (waits || counts)) {
      proof.predict(rows, row, key);
    }
    j.predicted++;
    metrics.examplesPredicted.inc();
    if (watch != null) {
      watch.features(key, rows, row);
    }
    if (results != null) {
      by.radius = watch == null ? Double.NaN : watch.radius(key);
      by.classes = options.input().classes().size();
      by.probabilities = learner.probabilities();
      results.publish(
          key.name(),
          examples.hasId() ? examples.id() : "",
          examples.eventTime(),
          by,
          outcome,
          rows.label(row));
    }
    if (labelled || !needsLabels) {
      if (counts && !scoredLater) {
        score(key, learner, rows.label(row));
      }
      if (learned) {
        int topic = j.topic(options.topics().get(e.topic));
        trainer.keepLast(
            key, topic, examples.itemIndex(), examples.eventTime(), label, tried, examples.atEnd());
        if (contest != null) {
          contest.settle(key, publishing);
        }
      } else {
        trainer.dropLast();
        skip(j);
      }
    } else {
      trainer.dropLast();
      if (waits) {
        waiting.add(key, Side.FIRST, examples.id(), kept(e, j), made(key));
      }
    }
    if (key.owes()) {
      trainer.predicted();
    } else {
      publishing.afterPrediction(key);
    }
  }

  /** Takes the judged prediction at hand into the sums; a drift may be reacted to. */
  private void score(Key key, OnlineLearner learner, double label) {
    publishing.score(key.journal(), outcome);
    boolean drift = watch != null && watch.judged(key, learner, outcome, label);
    if (proof != null) {
      proof.judged(key, learner, outcome, label, drift, publishing);
    }
  }

  /** Moves the key's clock on; the key begins, or begins anew, if it must. */
  private Journal advance(Key key, long eventTime) {
    Journal j = key.journal();
    if (j != null && life.over(j, eventTime)) {
      end(key, trainer.abandonAllButLast());
      j = null;
    }
    if (j == null) {
      j = key.begin(eventTime);
      lanes.start(key, lanes.base(), key.renew(MODEL));
      key.rememberIds(options.dedupeWindow());
      waiting.expireEarly(key, eventTime);
    } else if (eventTime > j.eventTime) {
      j.eventTime = eventTime;
      waiting.expire(key);
    }
    return j;
  }

  /**
   * Ends a key.
   *
   * @param abandoned labelled examples of the record at hand that are forgotten with it
   */
  private void end(Key key, int abandoned) {
    metrics.abandon(key.journal(), abandoned + key.journal().held);
    life.end(key);
  }

  /** Whether an item's id has been seen before; if so, it is a dead letter. */
  private boolean isDuplicate(RoutedEvent e, Key key) {
    int window = options.dedupeWindow();
    if (window == 0 || !examples.hasId() || !key.seen(examples.id())) {
      return false;
    }
    stage.metrics().duplicates.inc();
    refuse(
        e,
        key,
        Reason.DUPLICATE_EVENT,
        "id '"
            + examples.id()
            + "' is among the last "
            + window
            + " of key '"
            + key.name()
            + "' (dedupe.window)");
    return true;
  }

  /** Whether an item can wait for its label; if not, it is a dead letter. */
  private boolean mayWait(RoutedEvent e, Key key) {
    Reason refused = waiting.refuses(key, Side.FIRST, examples.id());
    if (refused == null) {
      return true;
    }
    refuse(e, key, refused, waiting.message(refused, key, Side.FIRST, examples.id()));
    return false;
  }

  private void label(RoutedEvent e, Key key) {
    trainer.begin(e);
    if (!labels.read(e)) {
      letters.sendRead(letters.evidence(e), key.journal(), labels.reason(), labels.message());
      return;
    }
    Journal j =
        key.journal(); // whose clock a label does not move: it may bear another clock's time
    WaitingEvent found = waiting.take(key, Side.FIRST, labels.id());
    if (found == null) {
      early(e, key);
      return;
    }
    Shadows.readServed(found.made(), outcome);
    double weight = labels.weight(); // NaN: the example's own
    boolean counts = (Double.isNaN(weight) ? trainer.weight(j, found.event()) : weight) != 0;
    if (counts) {
      OnlineLearner learner = lanes.learner(key);
      learner.judge(outcome, labels.label());
      if (proof != null) {
        proof.recall(found.made(), labels.label());
      }
      score(key, learner, labels.label());
      if (contest != null) {
        contest.open(key);
        contest.judge(found.made(), labels.label());
      }
    }
    if (j.paused || !counts) {
      skip(j);
    } else {
      int topic = j.topic(options.topics().get(e.topic));
      trainer.keep(
          key,
          found.event().labelled(labels.label(), labels.weight(), topic, e.partition, e.offset));
      if (contest != null) {
        contest.settle(key, publishing);
      }
    }
  }

  /** A label whose example does not wait: it waits for it, or is a dead letter. */
  private void early(RoutedEvent e, Key key) {
    String id = labels.id();
    if (!waiting.on() || waiting.isTooLate(key, labels.eventTime())) {
      letters.send(
          e,
          key.journal(),
          Reason.LABEL_WITHOUT_EXAMPLE,
          "no example of key '"
              + key.name()
              + "' with id '"
              + id
              + "' waits for a label"
              + (waiting.on() ? "" : "; set labels.wait"));
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
    KeptEvent label =
        KeptEvent.of(e, ledger.topic(options.topics().get(e.topic)), labels.eventTime());
    waiting.add(key, Side.SECOND, id, label, EarlyLabel.made(labels.label(), labels.weight()));
  }

  /** Raw outputs of the prediction at hand. */
  private double[] made(Key key) {
    if (contest != null) {
      return contest.made();
    }
    return proof != null ? proof.made(key, outcome) : Arrays.copyOf(outcome.raw, outcome.rawCount);
  }

  private void skip(Journal j) {
    j.skipped++;
    metrics.examplesSkipped.inc();
  }

  private KeptEvent kept(RoutedEvent e, Journal j) {
    int index = examples.itemIndex();
    return new KeptEvent(
        j.topic(options.topics().get(e.topic)),
        e.partition,
        e.offset,
        index,
        e.timestamp,
        e.recordKey,
        index < 0 ? e.value : examples.itemAsExample(),
        examples.eventTime());
  }

  private Evidence evidence(RoutedEvent e) {
    return letters.evidence(e, examples.itemIndex(), examples.itemAsExample());
  }

  private void refuse(RoutedEvent e, Key key, Reason reason, String message) {
    letters.send(evidence(e), key.journal(), reason, message);
  }

  /** For tests that take steps where none are due. */
  Trainer trainer() {
    return trainer;
  }
}

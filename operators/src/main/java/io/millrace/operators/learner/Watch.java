package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Blame;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.monitor.DriftWatch.Happening;
import io.millrace.core.monitor.Monitor;
import io.millrace.core.monitor.Reaction;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.metrics.Validation;
import io.millrace.schemas.WatchEvent;
import io.millrace.schemas.WatchEventKind;

/**
 * Watches the models of a stage: metrics, intervals and drift of every key, in a part of the key's
 * state, and the same metrics over all keys of the subtask for Flink. What a detector says is
 * published as it happens, and a drift may be reacted to, before the event that told is learned
 * from.
 *
 * <p>Labels are judged in the order in which they come. The radius of an interval is that of the
 * moment: of the prediction for what is published, of the label for what is counted.
 */
final class Watch {
  private static final String NAME = "watch";

  /** One judged event in so many is taken into the figures over all keys, drawn by a generator. */
  private static final int ALL_KEYS_SHARE = 8;

  /** Of those, how many lie between two looks at the figures. */
  private static final int ALL_KEYS_EVERY = 250;

  // Knuth's generator; an order of keys that repeats itself must not choose among them.
  private static final long MULTIPLIER = 6364136223846793005L;
  private static final long INCREMENT = 1442695040888963407L;
  private static final long LAST_LOT = Long.divideUnsigned(-1L, ALL_KEYS_SHARE);

  private final Monitor monitor;
  private final Monitor.Scratch scratch;
  private final int part;
  private final int background;
  private final String detector;
  private final Lanes lanes;
  private final LastGood lastGood;
  private final Validation validation;
  private final LearnerMetrics metrics;
  private final Workspace workspace;
  private final LearnerState allKeys;
  private final Monitor.FeatureAlarm alarm = this::raised;
  private long lot;
  private long taken;
  private Key alarmed;

  /**
   * A watch.
   *
   * @param part place of its blocks in the handler's list
   * @param background place of the blocks of a model that learns in the background; -1: none does
   */
  Watch(
      Monitor monitor,
      int part,
      int background,
      Lanes lanes,
      LastGood lastGood,
      Validation validation,
      LearnerMetrics metrics,
      Workspace workspace) {
    this.monitor = monitor;
    this.scratch = monitor.newScratch(workspace);
    this.part = part;
    this.background = background;
    this.workspace = workspace;
    this.detector = monitor.options().detector();
    this.validation = validation;
    this.metrics = metrics;
    this.lanes = lanes;
    this.lastGood = lastGood;
    this.allKeys = new LearnerState(monitor.schema());
  }

  /** The part of a key's state. */
  static BlockSpec block(Monitor monitor) {
    return BlockSpec.replaceable(NAME, monitor.schema());
  }

  /** Whether a step must wait until its prediction has been judged. */
  boolean reacts() {
    return monitor.reacts();
  }

  /** Radius of the interval of the next event; NaN: there are no intervals. */
  double radius(Key key) {
    return monitor.hasIntervals() ? monitor.radius(key.read(part)) : Double.NaN;
  }

  /** Takes the features of an event that is predicted. */
  void features(Key key, Rows rows, int row) {
    if (monitor.watchesFeatures()) {
      alarmed = key;
      monitor.features(key.write(part), rows, row, alarm, scratch);
    }
  }

  private void raised(int feature, double statistic, double limit) {
    metrics.featureDrifts.inc();
    long since = alarmed.journal().total.scored;
    tell(alarmed, WatchEventKind.FEATURE_DRIFT, "psi", feature, statistic, limit, since, "none");
  }

  /**
   * Takes a judged prediction, tells what a detector says of it, and reacts.
   *
   * @param label target, or class index
   * @return whether there was a drift
   */
  boolean judged(Key key, OnlineLearner learner, Outcome outcome, double label) {
    if (!Double.isFinite(outcome.loss)) {
      return false;
    }
    LearnerState state = key.write(part);
    Happening happening = monitor.take(state, learner, outcome, label, key.name(), scratch);
    overAllKeys(learner, outcome, label);
    if (detector.isEmpty()) {
      return false;
    }
    Reaction.Action action = monitor.react(state, happening);
    if (happening.isNews() || action != Reaction.Action.NOTHING) {
      news(key, state, happening, action);
      monitor.told(state, happening);
    }
    react(key, action);
    return happening == Happening.DRIFT;
  }

  private void overAllKeys(OnlineLearner learner, Outcome outcome, double label) {
    lot = lot * MULTIPLIER + INCREMENT;
    if (Long.compareUnsigned(lot, LAST_LOT) > 0) {
      return;
    }
    monitor.takeMetrics(allKeys, learner, outcome, label);
    if (++taken % ALL_KEYS_EVERY == 0) {
      monitor.reportMetrics(allKeys, metrics, scratch);
    }
  }

  private void news(Key key, LearnerState state, Happening happening, Reaction.Action action) {
    WatchEventKind kind =
        switch (happening) {
          case WARNING_BEGAN, WARNING_STANDS -> WatchEventKind.WARNING_BEGAN;
          case WARNING_ENDED -> WatchEventKind.WARNING_ENDED;
          case DRIFT -> WatchEventKind.DRIFT;
          default -> WatchEventKind.CALM;
        };
    if (kind == WatchEventKind.WARNING_BEGAN) {
      metrics.driftWarnings.inc();
    } else if (kind == WatchEventKind.DRIFT) {
      metrics.drifts.inc();
    }
    tell(
        key,
        kind,
        detector,
        -1,
        monitor.statistic(state),
        monitor.threshold(state),
        monitor.sinceDrift(state),
        monitor.reaction(happening, action));
  }

  private void react(Key key, Reaction.Action action) {
    Lane serving = lanes.serving(key);
    switch (action) {
      case RESET -> {
        anew(key);
        lanes.start(key, serving, key.renew(serving.model));
      }
      case BEGIN -> lanes.start(key, serving, key.renew(background));
      case SWAP -> {
        anew(key);
        key.replace(serving.model, key.read(background));
        key.drop(background);
      }
      case GIVE_UP -> key.drop(background);
      default -> {
        // The model goes on.
      }
    }
  }

  /** What was known of the model that goes says nothing about the one that comes. */
  private void anew(Key key) {
    key.journal().refused = 0;
    lastGood.forget(key);
  }

  /** Lets a model in the background learn from rows that the serving one has learned from. */
  void learn(Key key, Rows rows) {
    if (background >= 0 && monitor.hasBackground(key.read(part))) {
      Blame.learnWithout(lanes.learner(key), rows, key.write(background), key.name(), workspace);
    }
  }

  private void tell(
      Key key,
      WatchEventKind kind,
      String by,
      int feature,
      double statistic,
      double threshold,
      long since,
      String reaction) {
    WatchEvent event = new WatchEvent(kind, by, feature, statistic, threshold, since, reaction);
    validation.tell(key.journal(), key.name(), event);
  }

  /** The learner of a key's next step: for a while after a drift it may be a faster one. */
  OnlineLearner of(Key key, OnlineLearner learner) {
    // A candidate that has come to serve may have no rate.
    return monitor.boosts() && learner.hasRate()
        ? learner.faster(monitor.rateFactor(key.read(part)))
        : learner;
  }

  /** Everything begins anew. */
  void reset(Key key) {
    key.renew(part);
    if (background >= 0) {
      key.drop(background);
    }
  }

  /** Reports a key's figures. */
  void report(Key key, Figures out) {
    monitor.report(key.read(part), out, scratch);
  }
}

package io.millrace.core.monitor;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.drift.Detector;
import io.millrace.core.drift.DetectorContext;
import io.millrace.core.drift.feature.FeatureDrift;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.monitor.DriftWatch.Happening;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.List;

/**
 * Everything that is watched of a key's model: metrics, intervals, drift and what follows it, over
 * blocks of one state. The job and {@code millrace evaluate} both use it.
 *
 * <p>Per event: {@link #features} when it is predicted; {@link #take} when it is judged, before it
 * is learned from, in the order of the labels. Immutable; what a call needs beside the state is in
 * the subtask's {@link Scratch}.
 */
public final class Monitor {
  /** Bins of the area under the ROC curve of faded scores. */
  private static final int AREA_BINS = 100;

  /** Takes what has happened to the law of a feature. */
  @FunctionalInterface
  public interface FeatureAlarm {
    /**
     * A window of a feature has another law than its reference.
     *
     * @param feature its index
     */
    void raised(int feature, double statistic, double limit);
  }

  /** What a subtask keeps for its keys to be watched with: nothing in it outlives a call. */
  public static final class Scratch {
    private final PhiloxDraws draws;
    private final DetectorContext context;
    private final Workspace workspace;
    private final ScoreRing.Areas areas = new ScoreRing.Areas();

    private Scratch(long seed, Workspace workspace) {
      this.draws = new PhiloxDraws(seed, "");
      this.context = new DetectorContext(draws.fork(Purpose.DRIFT), workspace);
      this.workspace = workspace;
    }
  }

  private final MonitorOptions options;
  private final List<String> names;
  private final boolean classes;

  /** Whether margins, which a loss without probabilities gives, do not belong among the scores. */
  private final boolean needsProbabilities;

  private final int bins;
  private final long seed;
  private final FadingClasses fadingClasses;
  private final FadingErrors fadingErrors;
  private final WindowClasses windowClasses;
  private final WindowErrors windowErrors;
  private final FadingScores scores;
  private final ScoreRing ring;
  private final boolean recentCalibration;
  private final boolean areas;
  private final Conformal conformal;
  private final DriftWatch watch;
  private final Reaction reaction;
  private final boolean onLoss;
  private final int[] watched;
  private final FeatureDrift feature;
  private final StateSchema schema;
  private final int fadedAt;
  private final int recentAt;
  private final int scoresAt;
  private final int ringAt;
  private final int conformalAt;
  private final int watchAt;
  private final int reactionAt;
  private final int featuresAt;

  Monitor(
      MonitorOptions options,
      List<String> names,
      boolean classes,
      int probabilities,
      List<Metrics> wanted,
      HyperValues metric,
      HyperValues interval,
      Detector detector,
      boolean onLoss,
      Reaction.Kind kind,
      HyperValues drift) {
    this.options = options;
    this.names = names;
    this.classes = classes;
    this.needsProbabilities = probabilities > 0;
    this.bins = (int) metric.get(MonitorHypers.BINS);
    this.onLoss = onLoss;
    this.seed = options.seed();
    double fading = metric.get(MonitorHypers.FADING);
    int window = (int) metric.get(MonitorHypers.WINDOW);
    int k = names.size();
    boolean faded = wanted.contains(Metrics.FADED);
    boolean recent = wanted.contains(Metrics.RECENT);
    this.fadingClasses = faded && classes ? new FadingClasses(k, fading) : null;
    this.fadingErrors = faded && !classes ? new FadingErrors(fading) : null;
    this.windowClasses = recent && classes ? new WindowClasses(k, window) : null;
    this.windowErrors = recent && !classes ? new WindowErrors(window) : null;
    this.scores =
        wanted.contains(Metrics.CALIBRATION)
            ? new FadingScores(bins, k == 2 ? AREA_BINS : 0, fading)
            : null;
    this.recentCalibration = wanted.contains(Metrics.RECENT_CALIBRATION);
    this.areas = wanted.contains(Metrics.AUC);
    this.ring = recentCalibration || areas ? new ScoreRing(window) : null;
    this.conformal =
        interval == null
            ? null
            : new Conformal(
                1 - interval.get(MonitorHypers.COVERAGE),
                interval.get(MonitorHypers.GAMMA),
                (int) interval.get(MonitorHypers.SCORES));
    this.watch = detector == null ? null : new DriftWatch(detector);
    this.reaction =
        detector == null
            ? null
            : new Reaction(
                kind,
                drift.get(MonitorHypers.BOOST),
                drift.get(MonitorHypers.TAU),
                (long) drift.get(MonitorHypers.CALM));
    this.feature =
        options.features().isEmpty()
            ? null
            : new FeatureDrift(
                (int) drift.get(MonitorHypers.REFERENCE),
                (int) drift.get(MonitorHypers.FEATURE_WINDOW),
                10,
                drift.get(MonitorHypers.LEVEL));
    StateSchema.Builder blocks = new StateSchema.Builder();
    this.fadedAt =
        declare(
            blocks, "faded", faded ? classes ? fadingClasses.length() : FadingErrors.LENGTH : -1);
    this.recentAt =
        declare(
            blocks,
            "recent",
            recent ? classes ? windowClasses.length() : windowErrors.length() : -1);
    this.scoresAt = declare(blocks, "scores", scores == null ? -1 : scores.length());
    this.ringAt = declare(blocks, "recent-scores", ring == null ? -1 : ring.length());
    this.conformalAt = declare(blocks, "intervals", conformal == null ? -1 : conformal.length());
    this.watchAt = declare(blocks, "drift", watch == null ? -1 : watch.length());
    this.reactionAt = declare(blocks, "reaction", watch == null ? -1 : Reaction.LENGTH);
    int first = blocks.count();
    this.watched = options.features().stream().mapToInt(f -> f).toArray();
    for (int f : watched) {
      declare(blocks, "feature-" + f, feature.length());
    }
    this.featuresAt = first;
    this.schema = blocks.build();
  }

  /** Place of a block; -1: it is not wanted. */
  private static int declare(StateSchema.Builder blocks, String name, int length) {
    if (length < 0) {
      return -1;
    }
    blocks.block(name, length);
    return blocks.count() - 1;
  }

  /** Blocks per key, zeros at first. */
  public StateSchema schema() {
    return schema;
  }

  /** What it was built of. */
  public MonitorOptions options() {
    return options;
  }

  /** What a subtask needs. */
  public Scratch newScratch(Workspace workspace) {
    return new Scratch(seed, workspace);
  }

  /** Whether a drift changes more than what is reported. */
  public boolean reacts() {
    return reaction != null && reaction.acts();
  }

  /** Whether there is a detector. */
  public boolean detects() {
    return watch != null;
  }

  /**
   * Refuses a learner whose learning rate a drift cannot raise, if it is to.
   *
   * @throws ConfigException naming the reactions there are
   */
  public void requireRate(OnlineLearner learner) {
    if (boosts() && !learner.hasRate()) {
      throw new ConfigException(
          "drift.reaction = boost; '"
              + learner.algorithm()
              + "' has no learning rate; use reset or none");
    }
  }

  /** Whether a drift raises the learning rate. */
  public boolean boosts() {
    return reaction != null && reaction.kind() == Reaction.Kind.BOOST;
  }

  /** Whether a model learns in the background from a warning on. */
  public boolean swaps() {
    return reaction != null && reaction.kind() == Reaction.Kind.SWAP;
  }

  /** Whether a model learns in the background of a key at present. */
  public boolean hasBackground(LearnerState state) {
    return reaction.hasBackground(state.block(reactionAt), 0);
  }

  /** Whether there are intervals. */
  public boolean hasIntervals() {
    return conformal != null;
  }

  /** Whether the laws of features are watched. */
  public boolean watchesFeatures() {
    return feature != null;
  }

  /** Takes the features of an event that is predicted. */
  public void features(
      LearnerState state, Rows rows, int row, FeatureAlarm alarm, Scratch scratch) {
    for (int i = 0; i < watched.length; i++) {
      int f = watched[i];
      double[] b = state.block(featuresAt + i);
      double x = rows.value()[rows.start(row) + f];
      if (feature.take(b, 0, x, scratch.workspace) && FeatureDrift.alarmed(b, 0)) {
        alarm.raised(f, FeatureDrift.statistic(b, 0), FeatureDrift.limit(b, 0));
      }
    }
  }

  /**
   * Takes a judged prediction. One without a finite loss counts for nothing.
   *
   * @param learner that has made it
   * @param prediction with its loss
   * @param label target, or class index
   * @return what the detector has said
   */
  public Happening take(
      LearnerState state,
      OnlineLearner learner,
      Outcome prediction,
      double label,
      String key,
      Scratch scratch) {
    if (!Double.isFinite(prediction.loss)) {
      return Happening.NOTHING;
    }
    takeMetrics(state, learner, prediction, label);
    int given = learner.probabilities();
    if (conformal != null && (!classes || given > 0)) {
      double score =
          classes
              ? 1 - probability(prediction, given, (int) label)
              : Math.abs(label - prediction.scores[0]);
      conformal.take(state.block(conformalAt), 0, score);
    }
    if (watch == null) {
      return Happening.NOTHING;
    }
    double[] b = state.block(watchAt);
    if (watch.draws()) {
      scratch.draws.at(key, watch.seen(b, 0));
    }
    double x = onLoss ? prediction.loss : learner.classOf(prediction) == (int) label ? 0 : 1;
    return watch.add(b, 0, x, scratch.context);
  }

  /**
   * Takes a judged prediction into the metrics alone.
   *
   * @param learner that has made it
   * @param label target, or class index
   */
  public void takeMetrics(
      LearnerState state, OnlineLearner learner, Outcome prediction, double label) {
    if (Double.isFinite(prediction.loss)) {
      if (classes) {
        classes(state, learner, prediction, (int) label);
      } else {
        numbers(state, prediction.scores[0], label);
      }
    }
  }

  private void classes(LearnerState state, OnlineLearner learner, Outcome o, int truth) {
    int probabilities = learner.probabilities();
    int predicted = learner.classOf(o);
    if (fadingClasses != null || windowClasses != null) {
      double p = probabilities > 0 ? probability(o, probabilities, truth) : Double.NaN;
      double loss = Confusion.logLoss(p);
      if (fadingClasses != null) {
        fadingClasses.takeLoss(state.block(fadedAt), 0, truth, predicted, loss);
      }
      if (windowClasses != null) {
        windowClasses.takeLoss(state.block(recentAt), 0, truth, predicted, loss);
      }
    }
    // Of two classes, the probability of class 1; else that of the class predicted, and its being
    // so.
    boolean two = names.size() == 2;
    boolean positive = two ? truth == 1 : predicted == truth;
    boolean comparable = probabilities > 0 || !needsProbabilities;
    if ((scores != null || ring != null) && comparable) {
      double score =
          probabilities == 0 ? o.scores[0] : probability(o, probabilities, two ? 1 : predicted);
      if (scores != null) {
        scores.take(state.block(scoresAt), 0, score, positive);
      }
      if (ring != null) {
        ring.take(state.block(ringAt), 0, score, positive);
      }
    }
  }

  private void numbers(LearnerState state, double prediction, double y) {
    if (fadingErrors != null) {
      fadingErrors.take(state.block(fadedAt), 0, y, prediction);
    }
    if (windowErrors != null) {
      windowErrors.take(state.block(recentAt), 0, y, prediction);
    }
  }

  /**
   * Probability that a prediction gives to a class.
   *
   * @param probabilities as {@link OnlineLearner#probabilities} has it, above 0
   */
  public static double probability(Outcome o, int probabilities, int classIndex) {
    return probabilities > 1
        ? o.scores[classIndex]
        : classIndex == 1 ? o.scores[0] : 1 - o.scores[0];
  }

  /**
   * What is to be done about an event that was judged, before it is learned from. After a drift
   * that is reacted to, the detector forgets the model before.
   */
  public Reaction.Action react(LearnerState state, Happening happening) {
    Reaction.Action action = reaction.to(state.block(reactionAt), 0, happening);
    if (happening == Happening.DRIFT && reaction.acts()) {
      watch.restart(state.block(watchAt), 0);
    }
    return action;
  }

  /** After what has happened was told: the count of events since the last drift begins anew. */
  public void told(LearnerState state, Happening happening) {
    if (happening == Happening.DRIFT) {
      watch.told(state.block(watchAt), 0);
    }
  }

  /** Factor of the learning rate of the next step. */
  public double rateFactor(LearnerState state) {
    return reaction.rateFactor(state.block(reactionAt), 0);
  }

  /** Statistic of the detector's last test. */
  public double statistic(LearnerState state) {
    return watch.statistic(state.block(watchAt), 0);
  }

  /** What it was compared with. */
  public double threshold(LearnerState state) {
    return watch.threshold(state.block(watchAt), 0);
  }

  /** Events since the last drift. */
  public long sinceDrift(LearnerState state) {
    return (long) watch.since(state.block(watchAt), 0);
  }

  /** Radius of the interval of the next event; infinite, or -1: nothing is within. */
  public double radius(LearnerState state) {
    return conformal.radius(state.block(conformalAt), 0);
  }

  /** What follows an event, in a word: that of the action, or of a reaction without one. */
  public String reaction(Happening happening, Reaction.Action action) {
    boolean boosted = happening == Happening.DRIFT && boosts();
    return boosted ? Reaction.Kind.BOOST.word() : action.word();
  }

  /** Reports all figures that are defined. */
  public void report(LearnerState state, Figures out, Scratch scratch) {
    reportMetrics(state, out, scratch);
    if (conformal != null) {
      double[] b = state.block(conformalAt);
      Report interval = new Report("interval", names, out);
      interval.figure("Coverage", conformal.covered(b, 0) / conformal.count(b, 0));
      interval.figure("Infinite", conformal.infinite(b, 0));
      interval.figure("Empty", conformal.empty(b, 0));
      interval.figure("Radius", conformal.radius(b, 0));
    }
    if (watch != null) {
      double[] b = state.block(watchAt);
      Report drift = new Report("drift", names, out);
      drift.figure("Warnings", watch.warnings(b, 0));
      drift.figure("Drifts", watch.drifts(b, 0));
      drift.figure("Since", watch.since(b, 0));
      drift.figure("Statistic", watch.statistic(b, 0));
      drift.figure("Threshold", watch.threshold(b, 0));
    }
    for (int i = 0; i < watched.length; i++) {
      double[] b = state.block(featuresAt + i);
      if (FeatureDrift.windows(b, 0) > 0) {
        Report law = new Report("feature." + watched[i] + ".", names, out);
        law.figure("psi", FeatureDrift.psi(b, 0));
        law.figure("kolmogorov", FeatureDrift.kolmogorov(b, 0));
        law.figure("wasserstein", FeatureDrift.wasserstein(b, 0));
        law.figure("outside", FeatureDrift.outside(b, 0));
        law.figure("alarmed", FeatureDrift.alarmed(b, 0) ? 1 : 0);
      }
    }
  }

  /** Reports the figures of metrics alone. */
  public void reportMetrics(LearnerState state, Figures out, Scratch scratch) {
    Report faded = new Report("faded", names, out);
    Report recent = new Report("recent", names, out);
    if (fadingClasses != null) {
      fadingClasses.report(state.block(fadedAt), 0, faded);
    }
    if (fadingErrors != null) {
      fadingErrors.report(state.block(fadedAt), 0, faded);
    }
    if (windowClasses != null) {
      windowClasses.report(state.block(recentAt), 0, recent, scratch.workspace);
    }
    if (windowErrors != null) {
      windowErrors.report(state.block(recentAt), 0, recent, scratch.workspace);
    }
    if (scores != null) {
      scores.report(state.block(scoresAt), 0, faded);
    }
    if (recentCalibration) {
      double[] sums = scratch.workspace.array("reliability", Reliability.length(bins));
      ring.reliability(state.block(ringAt), 0, bins, sums);
      Reliability.report(sums, 0, bins, recent);
    }
    if (areas) {
      ring.areas(state.block(ringAt), 0, scratch.areas, scratch.workspace);
      recent.figure("RocAuc", scratch.areas.roc());
      recent.figure("PrAuc", scratch.areas.precision());
    }
  }
}

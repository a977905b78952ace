package io.millrace.core.monitor;

import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.List;

/** Settings of what is watched of a model. */
public final class MonitorHypers {
  static final Hyper FADING =
      new Hyper(
          "fading",
          0.999,
          new Range(0, true, 1, true, false),
          "what an event of faded metrics weighs, as a share of the one after it");
  static final Hyper WINDOW =
      Hyper.structural(
          "window", 1000, Range.integers(2, 1 << 20), "events that recent metrics are of");
  static final Hyper BINS =
      Hyper.structural("bins", 10, Range.integers(2, 100), "bins of probability of calibration");

  /** Of metrics. */
  public static final List<Hyper> METRICS = List.of(FADING, WINDOW, BINS);

  static final Hyper COVERAGE =
      new Hyper(
          "coverage",
          0.9,
          new Range(0, true, 1, true, false),
          "share of the labels that are to be within; intervals are on where it is given");
  static final Hyper GAMMA =
      new Hyper("gamma", 0.005, Range.closed(0, 1), "how fast intervals adapt; 0: not at all");
  static final Hyper SCORES =
      Hyper.structural(
          "window", 500, Range.integers(10, 1 << 20), "earlier errors that an interval is made of");

  /** Of intervals. */
  public static final List<Hyper> INTERVALS = List.of(COVERAGE, GAMMA, SCORES);

  static final Choice ON =
      new Choice(
          "on",
          List.of("error", "loss"),
          "what the detector sees: whether the class was wrong, or the loss; numbers have a loss"
              + " alone");
  static final Choice REACTION =
      new Choice(
          "reaction",
          Reaction.Kind.words(),
          "what follows a drift: nothing but the report, the model begins anew, the learning rate is"
              + " higher for a while, or a model that has learned in the background since the"
              + " warning takes its place");
  static final Hyper BOOST =
      new Hyper(
          "boost",
          10,
          new Range(1, false, Double.POSITIVE_INFINITY, true, false),
          "factor of the learning rate at a drift");
  static final Hyper TAU =
      new Hyper("tau", 200, Range.positive(), "examples in which that falls to a share of 1/e");
  static final Hyper CALM =
      new Hyper(
          "calm",
          100,
          Range.integers(1, 1e12),
          "judged events in a row without a warning after which a model in the background is given"
              + " up");
  static final Hyper REFERENCE =
      Hyper.structural(
          "feature-reference",
          500,
          Range.integers(100, 1 << 20),
          "first values of a feature, which later ones are compared with");
  static final Hyper FEATURE_WINDOW =
      new Hyper(
          "feature-window",
          1000,
          Range.integers(100, 1e9),
          "values of a feature that are compared at a time");
  static final Hyper LEVEL =
      new Hyper(
          "feature-level",
          0.01,
          new Range(0, true, 1, true, false),
          "share of windows that raise an alarm where nothing changes");

  /** Of drift, beside those of the detector. */
  public static final List<Hyper> DRIFT =
      List.of(BOOST, TAU, CALM, REFERENCE, FEATURE_WINDOW, LEVEL);

  /** Words of drift, beside those of the detector. */
  public static final List<Choice> DRIFT_WORDS = List.of(ON, REACTION);

  private MonitorHypers() {}
}

package io.millrace.core.decision;

import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.List;

/** What can be set of a {@link PromotionGate}. */
public final class GateHypers {
  public static final Hyper MARGIN =
      new Hyper(
          "margin",
          0,
          Range.closed(-1, 1),
          "mean gain that a challenger has to exceed, as a share of the bound");

  public static final Hyper ALPHA =
      new Hyper(
          "alpha",
          0.05,
          new Range(0, true, 0.5, true, false),
          "probability that any challenger is ever promoted wrongly");

  public static final Hyper MIN_EVENTS =
      new Hyper("min-events", 50, Range.integers(1, 1e12), "events before a challenger is judged");

  public static final Hyper MAX_EVENTS =
      new Hyper(
          "max-events", 100_000, Range.integers(1, 1e12), "events after which one is given up");

  public static final Hyper RENEW =
      new Hyper(
          "renew",
          0,
          Range.integers(0, 1e12),
          "for streams that drift: events after which a challenger that is neither better nor worse"
              + " begins anew, at a level of its own, so that what it lost before the stream changed"
              + " is forgotten; a former champion is then a challenger, too, once the new one is"
              + " confirmed; 0: never");

  public static final Hyper DROP_ALPHA =
      new Hyper(
          "drop-alpha",
          0.05,
          new Range(0, true, 1, true, false),
          "probability that a challenger which is no worse is dropped as worse");

  public static final Hyper GUARD_ALPHA =
      new Hyper(
          "guard-alpha",
          0.05,
          new Range(0, true, 1, true, false),
          "probability that a new champion within the tolerance is rolled back as worse");

  public static final Hyper GUARD_TOLERANCE =
      new Hyper(
          "guard-tolerance",
          0.02,
          Range.closed(0, 1),
          "mean loss against the former champion that is put up with, as a share of the bound");

  public static final Hyper GUARD_MIN =
      new Hyper("guard-min", 20, Range.integers(1, 1e12), "events before a new champion is judged");

  public static final Hyper HARD_WINDOW =
      Hyper.structural(
          "hard-window", 40, Range.integers(1, 1e6), "events that the brake takes the mean of");

  public static final Hyper HARD_TOLERANCE =
      new Hyper(
          "hard-tolerance",
          0.5,
          Range.closed(0, 1),
          "mean loss over the window at which the brake rolls back, as a share of the bound");

  public static final Hyper PROBATION =
      new Hyper(
          "probation",
          1000,
          Range.integers(1, 1e12),
          "events for which a new champion is compared with the former one");

  public static final Hyper MIN_EFFECTIVE =
      new Hyper(
          "min-effective",
          50,
          Range.nonNegative(),
          "effective sample size before a challenger is promoted on the log of another policy");

  /** In the order of the configuration page. */
  public static final List<Hyper> HYPERS =
      List.of(
          MARGIN,
          ALPHA,
          MIN_EVENTS,
          MAX_EVENTS,
          RENEW,
          DROP_ALPHA,
          GUARD_ALPHA,
          GUARD_TOLERANCE,
          GUARD_MIN,
          HARD_WINDOW,
          HARD_TOLERANCE,
          PROBATION,
          MIN_EFFECTIVE,
          AsymptoticBounds.BEST_AT,
          AsymptoticBounds.FIRST_LOOK);

  /** By what a challenger is promoted. */
  public static final Choice TEST =
      new Choice(
          "test",
          List.of("betting", "empirical-bernstein", "asymptotic"),
          "by what a challenger is promoted: betting needs fewest events of those with a guarantee;"
              + " asymptotic is quicker with many events and has one for large samples only");

  private GateHypers() {}
}

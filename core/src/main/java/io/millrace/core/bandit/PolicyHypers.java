package io.millrace.core.bandit;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.ArrayList;
import java.util.List;

/** Hyperparameters that policies share. */
public final class PolicyHypers {
  /** Any finite number. */
  public static final Range FINITE =
      new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true, false);

  /** Every policy has it. */
  public static final Hyper EPSILON =
      new Hyper(
          "epsilon",
          0,
          Range.closed(0, 1),
          "share of decisions that are drawn uniformly from the eligible arms");

  public static final Hyper COST_LOW =
      new Hyper("cost-low", 0, FINITE, "least cost; a smaller one is refused");

  public static final Hyper COST_HIGH =
      new Hyper(
          "cost-high",
          1,
          FINITE,
          "greatest cost; a greater one is refused, unless costs are scaled");

  public static final Hyper CONTEXT_LOW =
      Hyper.structural(
          "context-low", 0, FINITE, "lower end of the context; a number below counts as this one");

  public static final Hyper CONTEXT_HIGH =
      Hyper.structural(
          "context-high", 1, FINITE, "upper end of the context; a number above counts as this one");

  /** For policies that are made for a number of decisions. */
  public static final Hyper HORIZON =
      new Hyper(
          "horizon", 10_000, Range.integers(1, 1e15), "T, decisions that the rates are made for");

  private PolicyHypers() {}

  /** Those of a policy for costs between two bounds, which come first. */
  public static List<Hyper> bounded(Hyper... own) {
    List<Hyper> all = new ArrayList<>(List.of(COST_LOW, COST_HIGH));
    all.addAll(List.of(own));
    return all;
  }

  /**
   * The costs between {@link #COST_LOW} and {@link #COST_HIGH}.
   *
   * @throws ConfigException where there is nothing between them
   */
  public static CostRange bounds(PolicySettings settings) {
    double low = settings.values().get(COST_LOW);
    double high = above(settings, COST_LOW, COST_HIGH);
    return new CostRange(low, false, high);
  }

  /**
   * The upper end of an interval.
   *
   * @throws ConfigException where it is not above the lower end
   */
  public static double above(PolicySettings settings, Hyper low, Hyper high) {
    double from = settings.values().get(low);
    double to = settings.values().get(high);
    if (!(from < to) || Double.isInfinite(to - from)) {
      throw new ConfigException(
          settings.spec().id()
              + "."
              + high.name()
              + " = "
              + to
              + "; must be above "
              + low.name()
              + " = "
              + from);
    }
    return to;
  }
}

package io.millrace.golden.decision;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.decision.AsymptoticBounds;
import io.millrace.core.decision.EmpiricalBernstein;
import io.millrace.core.decision.HedgedBetting;
import io.millrace.core.decision.OffPolicyBounds;
import io.millrace.core.decision.RunningMoments;
import io.millrace.golden.kind.Columns;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;

/** Confidence sequences, value by value. A case is a sequence. */
public final class Bounds implements GoldenKind {
  @Override
  public String id() {
    return "cs_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      Fields.textOr(inputs, "stream", ""); // a name, for people
      String rule = Fields.text(inputs, "rule");
      double alpha = Fields.number(inputs, "alpha");
      switch (rule) {
        case "empirical_bernstein" -> empiricalBernstein(alpha, inputs, expected, tally);
        case "hedged" -> hedged(alpha, inputs, expected, tally);
        case "ips_empirical_bernstein" -> offPolicy(alpha, inputs, expected, tally);
        case "asymptotic_two_sided", "asymptotic_lower", "asymptotic_lyapunov" ->
            asymptotic(rule, alpha, inputs, expected, tally);
        default -> throw new UnsupportedGolden("no rule '" + rule + "'");
      }
    }
  }

  /** The largest bet is fixed. */
  private static void largestBet(JsonNode inputs) {
    if (Fields.number(inputs, "c") != 0.5) {
      throw new UnsupportedGolden("c = " + inputs.get("c") + "; bets are at most 0.5");
    }
  }

  private static double[] values(JsonNode inputs) {
    return Fields.flat("x", Fields.array(inputs, "x"));
  }

  private static void empiricalBernstein(
      double alpha, JsonNode inputs, JsonNode expected, Tally tally) {
    largestBet(inputs);
    Columns rows =
        new Columns(expected, "t", "lambda", "lower", "upper", "running_lower", "running_upper");
    EmpiricalBernstein rule = EmpiricalBernstein.twoSided(alpha);
    double[] b = new double[EmpiricalBernstein.LENGTH];
    int disjoint = 0;
    int t = 0;
    for (double x : values(inputs)) {
      t++;
      double bet = rule.bet(b, 0);
      rule.take(b, 0, x);
      disjoint = disjoint == 0 && EmpiricalBernstein.disjoint(b, 0) ? t : disjoint;
      rows.compare(
          t,
          tally,
          bet,
          rule.lower(b, 0),
          rule.upper(b, 0),
          EmpiricalBernstein.runningLower(b, 0),
          EmpiricalBernstein.runningUpper(b, 0));
    }
    rows.end();
    disjoint(expected, disjoint, tally);
  }

  /** Compares the first time at which no mean is left; null in the file: there is none. */
  private static void disjoint(JsonNode expected, int first, Tally tally) {
    tally.exact(
        "first_disjoint",
        Fields.given(expected, "first_disjoint") ? Fields.integer(expected, "first_disjoint") : 0L,
        (long) first);
  }

  private static void hedged(double alpha, JsonNode inputs, JsonNode expected, Tally tally) {
    largestBet(inputs);
    Columns rows =
        new Columns(
            expected,
            "t",
            "running_lower",
            "running_upper",
            "lnK+(m=0.2)",
            "lnK-(m=0.2)",
            "lnK+(m=0.75)",
            "lnK-(m=0.75)");
    int grid = Fields.integer(inputs, "grid", 20, 100_000);
    HedgedBetting rule = new HedgedBetting(alpha, grid);
    int low = (int) Math.rint(0.2 * grid);
    int high = (int) Math.rint(0.75 * grid);
    double[] b = new double[rule.length()];
    int disjoint = 0;
    int t = 0;
    for (double x : values(inputs)) {
      t++;
      rule.take(b, 0, x);
      disjoint = disjoint == 0 && rule.disjoint(b, 0) ? t : disjoint;
      rows.compare(
          t,
          tally,
          rule.runningLower(b, 0),
          rule.runningUpper(b, 0),
          rule.logCapitalUp(b, 0, low),
          rule.logCapitalDown(b, 0, low),
          rule.logCapitalUp(b, 0, high),
          rule.logCapitalDown(b, 0, high));
    }
    rows.end();
    disjoint(expected, disjoint, tally);
  }

  private static void offPolicy(double alpha, JsonNode inputs, JsonNode expected, Tally tally) {
    largestBet(inputs);
    Columns rows = new Columns(expected, "t", "running_lower", "running_upper");
    LoggedRun log = new LoggedRun(Fields.object(inputs, "log"));
    OffPolicyBounds rule = new OffPolicyBounds(alpha);
    double[] b = new double[OffPolicyBounds.LENGTH];
    for (int i = 0; i < log.size(); i++) {
      rule.take(b, 0, log.weight(i), log.reward(i));
      rows.compare(i + 1, tally, OffPolicyBounds.lower(b, 0), OffPolicyBounds.upper(b, 0));
    }
    rows.end();
  }

  private static void asymptotic(
      String rule, double alpha, JsonNode inputs, JsonNode expected, Tally tally) {
    boolean lowerAlone = rule.equals("asymptotic_lower");
    Columns rows =
        lowerAlone
            ? new Columns(expected, "t", "lower")
            : new Columns(expected, "t", "lower", "upper");
    double firstLook = Fields.number(inputs, "t_min");
    AsymptoticBounds bounds =
        new AsymptoticBounds(alpha, Fields.number(inputs, "t_opt"), firstLook);
    tally.compare(
        "rho2",
        Fields.number(expected, "rho2"),
        lowerAlone ? bounds.oneSidedRho2() : bounds.rho2());
    double[] b = new double[RunningMoments.LENGTH];
    int t = 0;
    for (double x : values(inputs)) {
      t++;
      RunningMoments.add(b, 0, t, x);
      double mean = RunningMoments.mean(b, 0);
      double variance = RunningMoments.variance(b, 0, t);
      double radius =
          switch (rule) {
            case "asymptotic_lower" -> bounds.oneSidedRadius(t, variance);
            case "asymptotic_lyapunov" -> bounds.lyapunovRadius(t, variance);
            default -> bounds.radius(t, variance);
          };
      rows.compare(
          t,
          tally,
          lowerAlone ? new double[] {mean - radius} : new double[] {mean - radius, mean + radius});
    }
    rows.end();
  }
}

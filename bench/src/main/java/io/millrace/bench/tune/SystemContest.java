package io.millrace.bench.tune;

import io.millrace.bench.CpuClock;
import io.millrace.cli.systems.CostTable;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.catalog.Policies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Policies on the same sequences of linear systems, and what the best omegas in hindsight would
 * have taken. Totals are means over the sequences; a policy draws anew for each.
 */
final class SystemContest {
  /**
   * One of the policies.
   *
   * @param id of the policy
   * @param context whether it is told the context
   * @param epsilon share of uniform decisions
   */
  private record Contestant(String id, boolean context, double epsilon) {
    String name() {
      return epsilon > 0 ? id + ", epsilon " + epsilon : id;
    }
  }

  /** In the order of the report. The joint model's epsilon of a job is what evaluation needs. */
  private static final List<Contestant> CONTESTANTS =
      List.of(
          new Contestant("tsallis_inf", false, 0),
          new Contestant("tsallis_inf_cb", true, 0),
          new Contestant("chebcb", true, 0),
          new Contestant("joint", true, 0),
          new Contestant("joint", true, 0.02));

  /** What a policy is compared with. */
  enum Against {
    BEST_FIXED("best fixed omega"),
    INSTANCE_OPTIMAL("best omega for each system");

    private final String words;

    Against(String words) {
      this.words = words;
    }
  }

  /**
   * What a ratio may be at most.
   *
   * @param policy id
   */
  record Target(String policy, Against against, double most) {}

  private final String name;
  private final List<CostTable> tables;
  private final List<Target> targets;

  /**
   * @param tables at least one, all over the same omegas
   * @param targets that hold for sequences of the length they are stated for
   */
  SystemContest(String name, List<CostTable> tables, List<Target> targets) {
    this.name = name;
    this.tables = List.copyOf(tables);
    this.targets = List.copyOf(targets);
  }

  /**
   * Plays.
   *
   * @param say takes lines for people
   */
  Map<String, Object> run(Consumer<String> say) {
    double fixed = mean(t -> t.fixed(t.bestFixed()));
    double optimal = mean(CostTable::instanceOptimal);
    CostTable first = tables.get(0);
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("systems", name);
    report.put("count", first.systems());
    report.put("sequences", tables.size());
    report.put("bestFixed", fixed);
    report.put("bestFixedOmegas", tables.stream().map(t -> t.omega(t.bestFixed())).toList());
    report.put("omega1", mean(t -> t.fixed(0)));
    report.put("instanceOptimal", optimal);
    say.accept("");
    say.accept(
        text(
            "%s: %,d systems, mean of %d sequences; best fixed omega %,.0f iterations (%s), best"
                + " for each system %,.0f, omega = 1 %,.0f",
            name,
            first.systems(),
            tables.size(),
            fixed,
            text("%.2f", first.omega(first.bestFixed())),
            optimal,
            mean(t -> t.fixed(0))));
    List<Map<String, Object>> entries = new ArrayList<>();
    for (Contestant contestant : CONTESTANTS) {
      entries.add(entry(contestant, fixed, optimal, say));
    }
    report.put("policies", entries);
    return report;
  }

  private Map<String, Object> entry(
      Contestant contestant, double fixed, double optimal, Consumer<String> say) {
    double sum = 0;
    long rounds = 0;
    long start = CpuClock.nanos();
    for (int seed = 0; seed < tables.size(); seed++) {
      CostTable table = tables.get(seed);
      sum += new PolicyLoop(policy(contestant, table), omegas(table), seed).iterations(table);
      rounds += table.systems();
    }
    double micros = (CpuClock.nanos() - start) / 1e3 / rounds;
    double mean = sum / tables.size();
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("policy", contestant.id());
    entry.put("epsilon", contestant.epsilon());
    entry.put("iterations", mean);
    entry.put("overBestFixed", mean / fixed);
    entry.put("overInstanceOptimal", mean / optimal);
    entry.put("cpuMicrosPerDecision", micros);
    say.accept(
        text(
            "  %-19s %,9.0f iterations, %.3f of best fixed, %.3f of best for each; %.1f us a"
                + " decision",
            contestant.name(), mean, mean / fixed, mean / optimal, micros));
    List<Map<String, Object>> met = new ArrayList<>();
    for (Target t : targets) {
      if (t.policy().equals(contestant.id()) && contestant.epsilon() == 0) {
        double ratio = mean / (t.against() == Against.BEST_FIXED ? fixed : optimal);
        boolean holds = ratio <= t.most();
        met.add(
            Map.of("against", t.against().words, "most", t.most(), "ratio", ratio, "met", holds));
        say.accept(
            text(
                "    target: at most %.2f of %s, %s",
                t.most(), t.against().words, holds ? "met" : "missed"));
      }
    }
    entry.put("targets", met);
    return entry;
  }

  private static Policy policy(Contestant contestant, CostTable table) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("epsilon", contestant.epsilon());
    if (contestant.context()) {
      values.put("context-low", table.contextLow());
      values.put("context-high", table.contextHigh());
    }
    if (contestant.id().equals("joint")) {
      values.put("value-low", table.omega(0));
      values.put("value-high", table.omega(table.arms() - 1));
    } else {
      values.put("cost-low", 1.0);
    }
    return Policies.configure(
        contestant.id(), new PolicyShape(table.arms(), contestant.context() ? 1 : 0, 0), values);
  }

  private static double[] omegas(CostTable table) {
    double[] omegas = new double[table.arms()];
    for (int a = 0; a < omegas.length; a++) {
      omegas[a] = table.omega(a);
    }
    return omegas;
  }

  /** Some number of a table. */
  private interface Measure {
    long of(CostTable table);
  }

  private double mean(Measure measure) {
    double sum = 0;
    for (CostTable table : tables) {
      sum += measure.of(table);
    }
    return sum / tables.size();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}

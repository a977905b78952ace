package io.millrace.bench.tune;

import io.millrace.bench.Figures;
import io.millrace.bench.tune.SystemContest.Against;
import io.millrace.bench.tune.SystemContest.Target;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.Progress;
import io.millrace.cli.evaluate.OccurringRows;
import io.millrace.cli.systems.CostTable;
import io.millrace.cli.systems.HeatSteps;
import io.millrace.cli.systems.ShiftedSystems;
import io.millrace.cli.systems.Shifts;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.decision.PromotionGate;
import io.millrace.core.tuning.SearchBox;
import io.millrace.core.tuning.SearchBox.Scale;
import io.millrace.core.tuning.Tuner;
import io.millrace.core.tuning.Tuners;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What tuning gains: omegas of linear solvers, and the learning rate of a live learner. */
public final class TuneBenchmark implements Benchmark {
  /** Sequences of this length are those that the targets are stated for. */
  private static final int TARGET_SYSTEMS = 5_000;

  private static final List<Target> HIGH_VARIANCE =
      List.of(
          new Target("tsallis_inf", Against.BEST_FIXED, 1.20),
          new Target("chebcb", Against.BEST_FIXED, 0.68),
          new Target("joint", Against.BEST_FIXED, 0.62),
          new Target("chebcb", Against.INSTANCE_OPTIMAL, 1.18),
          new Target("joint", Against.INSTANCE_OPTIMAL, 1.08));
  private static final List<Target> LOW_VARIANCE =
      List.of(
          new Target("chebcb", Against.BEST_FIXED, 0.84),
          new Target("joint", Against.BEST_FIXED, 0.80));
  private static final List<Target> HEAT = List.of(new Target("chebcb", Against.BEST_FIXED, 0.87));

  private static final SearchBox RATES =
      new SearchBox(List.of(new SearchBox.Parameter("learning-rate", 0.001, 3, Scale.LOGARITHMIC)));
  private static final int RATE_COUNT = 8;
  private static final String OPTIMIZER = "sgd";

  /** What a learner has before its tuner orders anything: near the optimizer's default. */
  private static final int START = 2;

  private static final double RATE_TARGET = 1.03;

  /**
   * A gate between candidates.
   *
   * @param values of {@link io.millrace.core.decision.GateHypers}, by name
   */
  private record Gate(String test, double bound, Map<String, Double> values) {
    @Override
    public String toString() {
      return test + ", bound " + bound + (values.isEmpty() ? "" : ", " + new TreeMap<>(values));
    }
  }

  /** That of a job by default, and what a stream that drifts asks for, one after the other. */
  private static final List<Gate> GATES = gates();

  private static List<Gate> gates() {
    List<Gate> all = new ArrayList<>();
    all.add(new Gate("betting", 1, Map.of()));
    all.add(new Gate("betting", 5, Map.of()));
    all.add(new Gate("betting", 5, Map.of("drop-alpha", 1e-12)));
    for (double renew : new double[] {4_000, 8_000, 12_000, 16_000}) {
      all.add(new Gate("betting", 5, Map.of("drop-alpha", 1e-12, "renew", renew)));
    }
    all.add(new Gate("asymptotic", 5, Map.of("drop-alpha", 1e-12, "renew", 4_000.0)));
    return List.copyOf(all);
  }

  @Override
  public String name() {
    return "tune";
  }

  @Override
  public String description() {
    return "iterations of SOR and SSOR-CG under tuned omegas, beside the best omegas in hindsight;"
        + " loss of a learner under a tuned learning rate, beside the best fixed rate";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of(
        "systems",
        (long) TARGET_SYSTEMS,
        "seeds",
        6L,
        "heat-steps",
        5_000L,
        "rate-window",
        100L,
        "rate-rung",
        8_000L);
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException {
    run.requirePositive("seeds", "rate-window", "rate-rung");
    Map<String, Object> report = new LinkedHashMap<>();
    List<Map<String, Object>> systems = new ArrayList<>();
    if (run.count("systems") > 0) {
      systems.add(shifted(run, Shifts.HIGH_VARIANCE, HIGH_VARIANCE));
      systems.add(shifted(run, Shifts.LOW_VARIANCE, LOW_VARIANCE));
    }
    int steps = run.count("heat-steps");
    if (steps > 0) {
      CostTable heat = new CostTable(new HeatSteps(steps), steps, CostTable.grid());
      List<CostTable> alike = Collections.nCopies(run.count("seeds"), heat);
      systems.add(contest(run, "heat", alike, HEAT));
    }
    report.put("systems", systems);
    List<Map<String, Object>> rates = new ArrayList<>();
    for (RateStreams stream : RateStreams.values()) {
      rates.add(rates(run, stream));
    }
    report.put("learningRates", rates);
    return report;
  }

  private static Map<String, Object> shifted(Run run, Shifts shifts, List<Target> targets) {
    int systems = run.count("systems");
    int seeds = run.count("seeds");
    List<CostTable> tables;
    try (Progress progress = new Progress(run.output(), shifts.id(), "sequences", seeds)) {
      tables =
          IntStream.range(0, seeds)
              .parallel()
              .mapToObj(
                  seed ->
                      new CostTable(new ShiftedSystems(shifts, seed), systems, CostTable.grid()))
              .toList();
      progress.at(seeds, "");
    }
    return contest(run, shifts.id(), tables, targets);
  }

  private static Map<String, Object> contest(
      Run run, String name, List<CostTable> tables, List<Target> targets) {
    boolean stated = tables.get(0).systems() == TARGET_SYSTEMS;
    return new SystemContest(name, tables, stated ? targets : List.of())
        .run(line -> run.output().say("%s", line));
  }

  private static Map<String, Object> rates(Run run, RateStreams stream) throws IOException {
    OccurringRows rows = stream.read(run.workDir());
    double[] rates = new double[RATE_COUNT];
    for (int a = 0; a < rates.length; a++) {
      rates[a] = RATES.parameters().get(0).value(a / (rates.length - 1.0));
    }
    RateContest contest = new RateContest(rows, OPTIMIZER, rates);
    double[] fixed =
        IntStream.range(0, rates.length).parallel().mapToDouble(contest::fixed).toArray();
    int best = 0;
    for (int a = 1; a < fixed.length; a++) {
      best = fixed[a] < fixed[best] ? a : best;
    }
    double least = fixed[best];
    String name = stream.name().toLowerCase(Locale.ROOT);
    run.output()
        .say(
            "%nlearning rate of %s on %s, %,d rows: best fixed %.4f, loss %.4f",
            OPTIMIZER, name, rows.rows().count(), rates[best], least);
    List<Map<String, Object>> entries = new ArrayList<>();
    int all = RATE_COUNT - 1;
    entries.add(rate(run, "joint", "all rates", least, tuned(run, contest, "joint", all)));
    for (String id : List.of("thompson_gaussian", "softmax", "joint")) {
      entries.add(rate(run, id, "neighbouring rates", least, tuned(run, contest, id, 1)));
    }
    Tuner tuner =
        Tuners.spec("successive-halving")
            .make(
                1,
                0,
                Map.of(
                    "configs",
                    (double) RATE_COUNT,
                    "even",
                    1.0,
                    "resource",
                    (double) run.count("rate-rung")));
    RateContest.SideBySide found = contest.sideBySide(tuner);
    Map<String, Object> halving =
        rate(run, tuner.id(), "side by side", least, new double[] {found.loss()});
    halving.put("work", found.work());
    halving.put("chosen", found.chosen());
    run.output().say("    %.2f rows learned per row; left is %.4f", found.work(), found.chosen());
    entries.add(halving);
    for (Gate gate : GATES) {
      entries.add(gated(run, contest, least, gate));
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("stream", name);
    report.put("rates", rates);
    report.put("fixedLoss", fixed);
    report.put("bestRate", rates[best]);
    report.put("tuned", entries);
    return report;
  }

  /** Candidates as a job has them, from each rate as the configured one. */
  private static Map<String, Object> gated(Run run, RateContest contest, double least, Gate how) {
    PromotionGate gate = PromotionGate.of(how.bound(), RATE_COUNT, how.test(), how.values());
    List<RateContest.SideBySide> all =
        IntStream.range(0, RATE_COUNT)
            .parallel()
            .mapToObj(base -> contest.gated(gate, how.bound(), base))
            .toList();
    double[] losses = all.stream().mapToDouble(RateContest.SideBySide::loss).toArray();
    Map<String, Object> entry = rate(run, "gate", how.toString(), least, losses);
    double[] work = all.stream().mapToDouble(RateContest.SideBySide::work).toArray();
    entry.put("work", work);
    entry.put("chosen", all.stream().map(RateContest.SideBySide::chosen).toList());
    run.output()
        .say(
            "    by the configured rate %s of best fixed, %.2f rows learned per row",
            Arrays.stream(losses)
                .mapToObj(l -> String.format(Locale.ROOT, "%.3f", l / least))
                .toList(),
            Figures.mean(work));
    return entry;
  }

  private static Map<String, Object> rate(
      Run run, String method, String how, double least, double[] losses) {
    double ratio = Figures.mean(losses) / least;
    boolean met = ratio <= RATE_TARGET;
    run.output()
        .say(
            "  %-19s %-19s loss %.4f, %.3f of best fixed; at most %.2f wanted, %s",
            method, how, Figures.mean(losses), ratio, RATE_TARGET, met ? "met" : "missed");
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("method", method);
    entry.put("how", how);
    entry.put("loss", losses);
    entry.put("overBestFixed", ratio);
    entry.put("most", RATE_TARGET);
    entry.put("met", met);
    return entry;
  }

  /** Losses under a policy, one for each seed; the context of rates is the loss before. */
  private static double[] tuned(Run run, RateContest contest, String id, int reach) {
    boolean context = id.equals("joint");
    SearchBox.Parameter rate = RATES.parameters().get(0);
    Map<String, Double> values = new LinkedHashMap<>();
    if (context) {
      values.put("context-low", StrictMath.log(0.01));
      values.put("context-high", StrictMath.log(3));
      values.put("value-low", rate.low());
      values.put("value-high", rate.high());
      values.put("value-log", 1.0);
      values.put("value-terms", 3.0);
      values.put("context-terms", 2.0);
    }
    Policy policy = Policies.configure(id, new PolicyShape(RATE_COUNT, context ? 1 : 0, 0), values);
    return IntStream.range(0, run.count("seeds"))
        .parallel()
        .mapToDouble(seed -> contest.tuned(policy, run.count("rate-window"), START, reach, seed))
        .toArray();
  }
}

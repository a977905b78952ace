package io.millrace.bench.dictionary;

import io.millrace.bench.Figures;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.dictionary.BundledPatches;
import io.millrace.core.ConfigException;
import io.millrace.core.compute.Backends;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Dictionary learning on one thread, beside scikit-learn: patches, and other kinds of signals. */
public final class DictionaryBenchmark implements Benchmark {
  /** What the objective may be at most, by atoms and samples seen. */
  static final Map<Integer, Map<Integer, Double>> TARGETS =
      Map.of(
          128, Map.of(16_384, 0.2918, 32_768, 0.2908),
          256, Map.of(32_768, 0.2783));

  private static final double LEAST_RATIO = 2;

  /** What the objective may be at most, over the peer's after the same passes. */
  private static final double MOST_OF_PEER = 1.03;

  /** What the error of recovery may be at most after so many batches, by schedule. */
  private static final Map<String, Double> RECOVERY_TARGETS = Map.of("fw", 1e-4, "msp", 4e-5);

  private static final int RECOVERY_TARGET_AT = 2_000;

  @Override
  public String name() {
    return "dictionary";
  }

  @Override
  public String description() {
    return "held-out objective and samples/s of online dictionary learning on 8x8 image patches,"
        + " beside scikit-learn's MiniBatchDictionaryLearning; recovery of orthogonal dictionaries;"
        + " digits, sensors, counts beside scikit-learn";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of("repetitions", 5L, "recovery-batches", 2_000L, "recovery-seeds", 3L, "kinds", 1L);
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException {
    Map<String, Object> report = new LinkedHashMap<>();
    List<Map<String, Object>> patches = new ArrayList<>();
    for (int atoms : List.of(128, 256)) {
      patches.add(patches(run, SignalTask.patches(BundledPatches.read(), atoms)));
    }
    report.put("patches", patches);
    List<Map<String, Object>> recovery = new ArrayList<>();
    if (run.count("recovery-batches") > 0) {
      for (String schedule : List.of("fw", "msp")) {
        recovery.add(recovery(run, schedule));
      }
    }
    report.put("recovery", recovery);
    List<Map<String, Object>> kinds = new ArrayList<>();
    if (run.count("kinds") > 0) {
      run.output()
          .say("%nother kinds of signals, held-out objective after the first and the last pass");
      for (SignalTask task : SignalKinds.all()) {
        kinds.add(kind(run, task));
      }
    }
    report.put("kinds", kinds);
    return report;
  }

  private static Map<String, Object> kind(Run run, SignalTask task) throws IOException {
    double[] ours = new MillraceLearner(task).pass().heldOut();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("signals", task.name());
    report.put("problem", task.problem().word());
    report.put("dimension", task.dimension());
    report.put("atoms", task.atoms());
    report.put("passes", task.passes());
    report.put("samples", task.marks());
    report.put("millrace", ours);
    String name = task.name() + ", " + task.problem().word();
    try (SklearnLearner sklearn = SklearnLearner.start(task, run.workDir())) {
      if (sklearn == null) {
        run.output().say("  %-28s %s", name, text(ours));
        return report;
      }
      double[] peer = sklearn.pass().heldOut();
      int last = ours.length - 1;
      double ratio = ours[last] / peer[last];
      report.put("scikit-learn", peer);
      report.put("ratio", ratio);
      report.put("ratioMet", ratio <= MOST_OF_PEER);
      run.output()
          .say(
              "  %-28s %s  scikit-learn %s: %.3f of it, at most %.2f wanted, %s",
              name,
              text(ours),
              text(peer),
              ratio,
              MOST_OF_PEER,
              ratio <= MOST_OF_PEER ? "met" : "missed");
    }
    return report;
  }

  private static Map<String, Object> patches(Run run, SignalTask task) throws IOException {
    List<SignalLearner> learners = new ArrayList<>();
    learners.add(new MillraceLearner(task));
    SklearnLearner sklearn = SklearnLearner.start(task, run.workDir());
    if (sklearn != null) {
      learners.add(sklearn);
    }
    String vectors = "";
    try {
      learners.add(new MillraceLearner(task, Backends.select("simd").backend().id()));
    } catch (ConfigException e) {
      vectors = e.getMessage();
    }
    int repetitions = run.count("repetitions");
    double[][] rate = new double[learners.size()][repetitions];
    SignalLearner.Pass[] last = new SignalLearner.Pass[learners.size()];
    for (int r = -1; r < repetitions; r++) { // one round warms up
      for (int i = 0; i < learners.size(); i++) {
        last[i] = learners.get(i).pass();
        if (r >= 0) {
          rate[i][r] = task.samples() / last[i].cpuSeconds();
        }
      }
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("atoms", task.atoms());
    report.put("samples", task.marks());
    run.output().say("%n%d atoms, held-out objective at %s samples", task.atoms(), task.marks());
    for (int i = 0; i < learners.size(); i++) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("objective", last[i].heldOut());
      entry.put("samples-per-cpu-second", Figures.summary(rate[i]));
      report.put(learners.get(i).name(), entry);
      run.output()
          .say(
              "  %-14s %s  %,10.0f samples per CPU second",
              learners.get(i).name(), text(last[i].heldOut()), Figures.median(rate[i]));
      learners.get(i).close();
    }
    targets(run, task, last[0].heldOut(), report);
    ratio(run, sklearn, rate, report);
    vectors(run, vectors, last, rate, report);
    return report;
  }

  /** The last of the learners is that of vector instructions, unless there is a reason. */
  private static void vectors(
      Run run,
      String absent,
      SignalLearner.Pass[] last,
      double[][] rate,
      Map<String, Object> report) {
    if (!absent.isEmpty()) {
      report.put("simd", absent);
      run.output().say("  simd: %s", absent);
      return;
    }
    int simd = rate.length - 1;
    boolean same = Arrays.equals(last[0].heldOut(), last[simd].heldOut());
    double ratio = Figures.median(rate[simd]) / Figures.median(rate[0]);
    report.put("simd", Map.of("ratio", ratio, "sameBits", same));
    run.output()
        .say(
            "  simd: %.2f of the scalar rate, objectives %s",
            ratio, same ? "the same to the bit" : "differ");
  }

  private static void targets(
      Run run, SignalTask task, double[] heldOut, Map<String, Object> report) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (int i = 0; i < heldOut.length; i++) {
      Double most = TARGETS.get(task.atoms()).get(task.marks().get(i));
      if (most != null) {
        boolean met = heldOut[i] <= most;
        all.add(Map.of("samples", task.marks().get(i), "most", most, "met", met));
        run.output()
            .say(
                "  target at %,d samples: %.4f, %s",
                task.marks().get(i), most, met ? "met" : "missed");
      }
    }
    report.put("targets", all);
  }

  private static void ratio(
      Run run, SklearnLearner sklearn, double[][] rate, Map<String, Object> report) {
    if (sklearn == null) {
      report.put("peer", "skipped: no Python with scikit-learn and numpy");
      run.output().say("  scikit-learn: %s", report.get("peer"));
      return;
    }
    double ratio = Figures.median(rate[0]) / Figures.median(rate[1]);
    report.put("peer", "scikit-learn " + sklearn.version());
    report.put("ratio", ratio);
    report.put("ratioMet", ratio >= LEAST_RATIO);
    run.output()
        .say(
            "  ratio to scikit-learn %s: %.2f, at least %.0f wanted, %s",
            sklearn.version(), ratio, LEAST_RATIO, ratio >= LEAST_RATIO ? "met" : "missed");
  }

  private static Map<String, Object> recovery(Run run, String schedule) {
    OrthogonalRecovery task = new OrthogonalRecovery(schedule, run.count("recovery-batches"));
    int seeds = run.count("recovery-seeds");
    double[][] errors = new double[task.marks().size()][seeds];
    double[] micros = new double[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      OrthogonalRecovery.Found found = task.run(seed);
      for (int i = 0; i < errors.length; i++) {
        errors[i][seed] = found.error()[i];
      }
      micros[seed] = found.microsPerBatch();
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("schedule", schedule);
    report.put("batches", task.marks());
    double[] medians = new double[errors.length];
    for (int i = 0; i < errors.length; i++) {
      medians[i] = Figures.median(errors[i]);
    }
    report.put("medianError", medians);
    report.put("microsPerBatch", Figures.median(micros));
    run.output()
        .say(
            "%northogonal, schedule %s: median error of recovery after %s batches of 60: %s;"
                + " %.0f us per batch",
            schedule, task.marks(), text(medians), Figures.median(micros));
    int at = task.marks().indexOf(RECOVERY_TARGET_AT);
    if (at >= 0) {
      double most = RECOVERY_TARGETS.get(schedule);
      boolean met = medians[at] <= most;
      report.put("target", Map.of("batches", RECOVERY_TARGET_AT, "most", most, "met", met));
      run.output()
          .say(
              "  target after %,d batches: %.0e, %s",
              RECOVERY_TARGET_AT, most, met ? "met" : "missed");
    }
    return report;
  }

  private static String text(double[] values) {
    StringBuilder s = new StringBuilder();
    for (double v : values) {
      s.append(String.format(Locale.ROOT, v < 0.01 ? " %.1e" : " %.5f", v));
    }
    return s.substring(1);
  }
}

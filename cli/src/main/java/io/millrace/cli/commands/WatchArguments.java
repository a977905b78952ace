package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.evaluate.Evaluation;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.monitor.Monitor;
import io.millrace.core.monitor.MonitorOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** What an evaluation watches of the model, by the settings of a job. */
final class WatchArguments {
  private static final List<String> SECTIONS = List.of("metrics", "intervals", "drift");

  @Option(
      names = "--metrics",
      split = ",",
      paramLabel = "M",
      description =
          "faded, recent, calibration, recent-calibration, auc: as metrics.list of a job"
              + " (docs/monitoring.md).")
  private List<String> metrics = new ArrayList<>();

  @Option(
      names = "--coverage",
      paramLabel = "C",
      description = "Share of the labels that intervals, or sets of classes, are to hold.")
  private Double coverage;

  @Option(
      names = "--drift",
      paramLabel = "D",
      description =
          "Detector of drift: adwin, page-hinkley, ddm, eddm, hddm-a, hddm-w, kswin or stepd.")
  private String detector = "";

  @Option(
      names = "--drift-features",
      split = ",",
      paramLabel = "I",
      description = "Dense features whose law is watched, by index.")
  private List<Integer> features = new ArrayList<>();

  @Option(
      names = "--watch",
      paramLabel = "K=V",
      description = "A setting of these, such as metrics.window=500 or drift.reaction=boost.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /** Has an evaluation watched as these say. */
  void watch(Evaluation evaluation, OnlineLearner learner, InputSpec input, long seed) {
    Map<String, Map<String, Double>> numbers = new TreeMap<>();
    Map<String, String> words = new TreeMap<>();
    SECTIONS.forEach(s -> numbers.put(s, new TreeMap<>()));
    settings.forEach((key, value) -> put(key, value, numbers, words));
    if (coverage != null) {
      numbers.get("intervals").put("coverage", coverage);
    }
    MonitorOptions options =
        new MonitorOptions(
            metrics,
            numbers.get("metrics"),
            numbers.get("intervals"),
            detector,
            numbers.get("drift"),
            words,
            features,
            seed);
    if (options.watches() || !settings.isEmpty()) {
      Monitor monitor = options.build(input, learner.probabilities());
      monitor.requireRate(learner);
      evaluation.watch(monitor);
    }
  }

  private static void put(
      String key,
      String value,
      Map<String, Map<String, Double>> numbers,
      Map<String, String> words) {
    int dot = key.indexOf('.');
    String section = dot < 0 ? "" : key.substring(0, dot);
    if (!numbers.containsKey(section)) {
      throw new CommandFailed("--watch " + key + "; begins with one of " + SECTIONS + " and a dot");
    }
    String name = key.substring(dot + 1);
    try {
      numbers.get(section).put(name, Double.valueOf(value));
    } catch (NumberFormatException e) {
      if (!section.equals("drift")) {
        throw new CommandFailed("--watch " + key + "=" + value + "; must be a number", e);
      }
      words.put(name, value);
    }
  }
}

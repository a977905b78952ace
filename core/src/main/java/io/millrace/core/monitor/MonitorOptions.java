package io.millrace.core.monitor;

import io.millrace.core.ConfigException;
import io.millrace.core.drift.Detector;
import io.millrace.core.drift.DetectorSpec;
import io.millrace.core.drift.Detectors;
import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is watched of a model, as a configuration has it.
 *
 * @param metrics ids of {@link Metrics}
 * @param metricNumbers of {@link MonitorHypers#METRICS}, by name
 * @param intervals of {@link MonitorHypers#INTERVALS}, by name; empty: there are none
 * @param detector id of a detector; empty: there is none
 * @param driftNumbers of {@link MonitorHypers#DRIFT} and of the detector, by name
 * @param driftWords of {@link MonitorHypers#DRIFT_WORDS} and of the detector, by name
 * @param features dense features whose law is watched, by index
 * @param seed of the job
 */
public record MonitorOptions(
    List<String> metrics,
    Map<String, Double> metricNumbers,
    Map<String, Double> intervals,
    String detector,
    Map<String, Double> driftNumbers,
    Map<String, String> driftWords,
    List<Integer> features,
    long seed)
    implements Serializable {
  /** Nothing is watched. */
  public static final MonitorOptions NONE =
      new MonitorOptions(List.of(), Map.of(), Map.of(), "", Map.of(), Map.of(), List.of(), 0);

  private static final int MOST_CLASSES = 10_000;

  public MonitorOptions {
    metrics = List.copyOf(metrics);
    metricNumbers = new TreeMap<>(metricNumbers);
    intervals = new TreeMap<>(intervals);
    driftNumbers = new TreeMap<>(driftNumbers);
    driftWords = new TreeMap<>(driftWords);
    features = List.copyOf(features);
  }

  /** Whether anything is set, be it to no effect. */
  public boolean isSet() {
    return watches()
        || !metricNumbers.isEmpty()
        || !driftNumbers.isEmpty()
        || !driftWords.isEmpty();
  }

  /** Whether anything is watched. */
  public boolean watches() {
    return !metrics.isEmpty() || !intervals.isEmpty() || !detector.isEmpty() || !features.isEmpty();
  }

  /**
   * Builds the monitor.
   *
   * @param input what examples look like
   * @param probabilities as {@link io.millrace.core.learn.OnlineLearner#probabilities} has it
   * @throws ConfigException listing every fault
   */
  public Monitor build(InputSpec input, int probabilities) {
    List<String> faults = new ArrayList<>();
    boolean classes = input.target() == InputSpec.Target.CLASS;
    if (input.target() == InputSpec.Target.NONE) {
      faults.add(
          "metrics, intervals and drift are of predictions that labels judge; there are none");
    }
    List<Metrics> wanted = wanted(input, probabilities, faults);
    HyperValues metric = values("metrics", MonitorHypers.METRICS, metricNumbers, faults);
    HyperValues interval = values("intervals", MonitorHypers.INTERVALS, intervals, faults);
    if (!intervals.isEmpty() && classes && probabilities == 0) {
      faults.add("intervals: the loss gives no probabilities; use one that does, such as logistic");
    }
    DetectorSpec spec = null;
    if (detector.isEmpty()) {
      refuse(driftWords, MonitorHypers.DRIFT_WORDS, faults);
    } else {
      try {
        spec = Detectors.spec(detector);
      } catch (ConfigException e) {
        faults.add("drift.detector: " + e.getMessage());
      }
    }
    Map<String, Double> ofDetector = new HashMap<>(driftNumbers);
    Map<String, Double> own = new HashMap<>();
    for (Hyper h : MonitorHypers.DRIFT) {
      if (ofDetector.containsKey(h.name())) {
        own.put(h.name(), ofDetector.remove(h.name()));
      }
    }
    HyperValues drift = values("drift", MonitorHypers.DRIFT, own, faults);
    Map<String, String> wordsOfDetector = new HashMap<>(driftWords);
    Map<String, String> ownWords = new HashMap<>();
    for (Choice c : MonitorHypers.DRIFT_WORDS) {
      if (wordsOfDetector.containsKey(c.name())) {
        ownWords.put(c.name(), wordsOfDetector.remove(c.name()));
      }
    }
    Map<String, String> words =
        Choice.words("drift", "drift", MonitorHypers.DRIFT_WORDS, ownWords, faults);
    boolean onLoss = !classes || words.get(MonitorHypers.ON.name()).equals("loss");
    Detector made = null;
    if (spec != null) {
      if (spec.binary() && onLoss) {
        faults.add(
            "drift.detector = "
                + detector
                + "; takes errors of 0 and 1, not losses; use adwin, page-hinkley or kswin"
                + (classes ? ", or drift.on: error" : ""));
      }
      try {
        made = spec.make(ofDetector, wordsOfDetector);
      } catch (ConfigException e) {
        faults.addAll(e.faults());
      }
    } else if (detector.isEmpty() && !ofDetector.isEmpty()) {
      faults.add("drift: " + ofDetector.keySet() + "; need drift.detector");
    }
    features(input, faults);
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new Monitor(
        this,
        input.classes(),
        classes,
        probabilities,
        wanted,
        metric,
        intervals.isEmpty() ? null : interval,
        made,
        onLoss,
        kind(words),
        drift);
  }

  private static Reaction.Kind kind(Map<String, String> words) {
    String word = words.get(MonitorHypers.REACTION.name());
    return Arrays.stream(Reaction.Kind.values())
        .filter(k -> k.word().equals(word))
        .findFirst()
        .orElseThrow();
  }

  private static HyperValues values(
      String section, List<Hyper> declared, Map<String, Double> given, List<String> faults) {
    try {
      return HyperValues.of(section, declared, given);
    } catch (ConfigException e) {
      faults.addAll(e.faults());
      return HyperValues.of(section, declared, Map.of());
    }
  }

  private static void refuse(Map<String, String> given, List<Choice> words, List<String> faults) {
    if (!given.isEmpty()) {
      faults.add("drift: " + given.keySet() + "; need drift.detector, one of " + detectors());
    }
  }

  private static List<String> detectors() {
    return Detectors.ALL.stream().map(DetectorSpec::id).toList();
  }

  private List<Metrics> wanted(InputSpec input, int probabilities, List<String> faults) {
    List<Metrics> wanted = new ArrayList<>();
    int classes = input.classes().size();
    for (String id : metrics) {
      Metrics found =
          Arrays.stream(Metrics.values()).filter(m -> m.id().equals(id)).findFirst().orElse(null);
      if (found == null) {
        faults.add(
            "metrics.list: no metrics '"
                + id
                + "'; known: "
                + Arrays.stream(Metrics.values()).map(Metrics::id).toList());
      } else if (wanted.contains(found)) {
        faults.add("metrics.list names '" + id + "' twice");
      } else {
        wanted.add(found);
      }
      boolean ofProbabilities = found == Metrics.CALIBRATION || found == Metrics.RECENT_CALIBRATION;
      if (ofProbabilities && (classes == 0 || probabilities == 0)) {
        faults.add("metrics.list: '" + id + "' is of probabilities; this loss gives none");
      }
      if (found == Metrics.AUC && classes != 2) {
        faults.add("metrics.list: 'auc' is of two classes; there are " + classes);
      }
    }
    if (classes > MOST_CLASSES && !wanted.isEmpty()) {
      faults.add("metrics.list: " + classes + " classes; at most " + MOST_CLASSES);
    }
    return wanted;
  }

  private void features(InputSpec input, List<String> faults) {
    if (features.isEmpty()) {
      return;
    }
    if (!input.dense()) {
      faults.add(
          "drift.features = " + features + "; are indexes of dense features; there are none");
      return;
    }
    for (int f : features) {
      if (f < 0 || f >= input.width()) {
        faults.add("drift.features has " + f + "; must lie in [0, " + (input.width() - 1) + "]");
      }
    }
    if (features.stream().distinct().count() < features.size()) {
      faults.add("drift.features = " + features + "; each may be named once");
    }
  }
}

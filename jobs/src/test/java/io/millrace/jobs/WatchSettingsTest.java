package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.core.ConfigException;
import io.millrace.core.monitor.MonitorOptions;
import io.millrace.operators.learner.PublishOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings of metrics, intervals and drift. */
class WatchSettingsTest {
  private static final String START =
      "kafka: {bootstrap-servers: localhost:9092}\nfeatures: {dimension: 3}\n";
  private static final String SQUARED = START + "model: {loss: squared}\n";

  private static LearnerPlan plan(String yaml) {
    return (LearnerPlan) JobPlan.of(JobConfig.parse(yaml));
  }

  private static MonitorOptions monitor(String yaml) {
    return plan(yaml).learnerOptions().monitor();
  }

  private static List<String> faults(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> JobConfig.parse(yaml)).faults();
  }

  @Test
  void nothingIsWatchedUnlessAsked() {
    assertThat(monitor(START).isSet()).isFalse();
  }

  @Test
  void everySettingArrives() {
    MonitorOptions m =
        monitor(
            START
                + "seed: 5\n"
                + "metrics: {list: [faded, auc], fading: 0.99, window: 50, bins: 5,"
                + " every-examples: 10}\n"
                + "intervals: {coverage: 0.8, gamma: 0.01, window: 100}\n"
                + "drift: {detector: hddm-a, warning: 0.01, decrease: alarm, on: error,"
                + " reaction: boost, boost: 4, tau: 50, features: [2, 0], feature-window: 200}\n");
    assertThat(m)
        .isEqualTo(
            new MonitorOptions(
                List.of("faded", "auc"),
                Map.of("fading", 0.99, "window", 50.0, "bins", 5.0),
                Map.of("coverage", 0.8, "gamma", 0.01, "window", 100.0),
                "hddm-a",
                Map.of("warning", 0.01, "boost", 4.0, "tau", 50.0, "feature-window", 200.0),
                Map.of("decrease", "alarm", "on", "error", "reaction", "boost"),
                List.of(2, 0),
                5));
  }

  @Test
  void whatIsKeptOfAKeyCounts() {
    long plain = plan(START).bytesPerKey();
    assertThat(plan(START + "metrics: {list: [recent], window: 1000}").bytesPerKey())
        .isBetween(plain + 16_000, plain + 17_000);
  }

  @Test
  void faultsAreFoundAtSubmission() {
    assertThat(
            faults(
                SQUARED
                    + "metrics: {list: [faded, auc, calibration, gini], window: 1}\n"
                    + "intervals: {coverage: 1}\n"
                    + "drift: {detector: ddm, delta: 3, reaction: jump, features: [3]}\n"))
        .containsExactlyInAnyOrder(
            "metrics.list: 'auc' is of two classes; there are 0",
            "metrics.list: 'calibration' is of probabilities; this loss gives none",
            "metrics.list: no metrics 'gini'; known: [faded, recent, calibration,"
                + " recent-calibration, auc]",
            "metrics.window = 1.0; must lie in a whole number in [2, 1048576]",
            "intervals.coverage = 1.0; must lie in (0, 1)",
            "drift.reaction = 'jump'; must be one of [none, reset, boost, swap]",
            "drift.detector = ddm; takes errors of 0 and 1, not losses; use adwin, page-hinkley or"
                + " kswin",
            "ddm has no hyperparameter 'delta'; it has [minimum, warning, drift]",
            "drift.features has 3; must lie in [0, 2]");
    assertThat(faults(START + "drift: {lambda: 3}"))
        .containsExactly("drift: [lambda]; need drift.detector");
    assertThat(
            faults(
                START + "model: {kind: naive-bayes}\ndrift: {detector: adwin, reaction: boost}\n"))
        .containsExactly(
            "drift.reaction = boost; 'naive-bayes' has no learning rate; use reset or none");
    assertThat(
            faults(
                START
                    + "model: {loss: hinge}\nmetrics: {list: [calibration]}\n"
                    + "intervals: {coverage: 0.9}\n"))
        .containsExactlyInAnyOrder(
            "metrics.list: 'calibration' is of probabilities; this loss gives none",
            "intervals: the loss gives no probabilities; use one that does, such as logistic");
    assertThat(
            faults(
                "kafka: {bootstrap-servers: localhost:9092}\n"
                    + "features: {kind: named}\ndrift: {features: [0]}\n"))
        .containsExactly("drift.features = [0]; are indexes of dense features; there are none");
  }

  @Test
  void aModelThatHasToProveItselfNeedsLabelsAndABound() {
    String proven = "gate: {publishing: proven, alpha: 0.1, probation: 70}\n";
    assertThat(plan(START).learnerOptions().publishing()).isNull();
    assertThat(plan(START + proven).learnerOptions().publishing())
        .isEqualTo(new PublishOptions("betting", 1, Map.of("alpha", 0.1, "probation", 70.0)));
    assertThat(plan(START + proven).bytesPerKey()).isEqualTo(3 * plan(START).bytesPerKey());
    assertThat(faults(SQUARED + proven))
        .containsExactly(
            "gate.bound: not given; must be, in the unit of the labels, because a prediction can be"
                + " wrong by any distance");
    String rivals = "candidates: {quick: {optimizer: {learning-rate: 0.5}}}\n";
    assertThat(faults(START + rivals + proven))
        .containsExactly(
            "gate.publishing = proven; must be free with candidates, whose probation guards what is"
                + " published");
    assertThat(faults(START + rivals + "drift: {detector: adwin, reaction: swap}\n"))
        .containsExactly(
            "drift.reaction = swap; must be none, reset or boost with candidates, because they are"
                + " the models in the background");
  }

  @Test
  void aModelInTheBackgroundCounts() {
    String drift = START + "drift: {detector: hddm-a, calm: 7, reaction: ";
    assertThat(plan(drift + "swap}").bytesPerKey() - plan(drift + "none}").bytesPerKey())
        .isEqualTo(plan(START).bytesPerKey());
  }
}

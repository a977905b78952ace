package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Learners;
import io.millrace.core.decision.GateHypers;
import io.millrace.core.drift.Detectors;
import io.millrace.core.model.LinearModel;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.Models;
import io.millrace.core.monitor.Metrics;
import io.millrace.core.monitor.MonitorHypers;
import io.millrace.core.monitor.MonitorOptions;
import io.millrace.core.optim.schedule.BatchScaling;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Spec;
import io.millrace.core.supervised.StateForm;
import io.millrace.operators.learner.PublishOptions;
import io.millrace.operators.learner.Results;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Settings of the `learn` job beside the common ones. */
public final class LearnSettings {
  private static final SettingTable TABLE = new SettingTable();

  /** Publishing waits for a proof. */
  private static final String PROVEN = "proven";

  /** A kind of model that is another one with a loss. */
  static final String SOFTMAX = "softmax";

  public static final Setting<String> LABELS =
      TABLE.topic("labels", "Holds Labels that do not come with the events, or `none`.");
  public static final Setting<String> PREDICTIONS = TABLE.topic(Results.PREDICTIONS.channel());
  public static final Setting<String> MODEL =
      TABLE.choice(
          Models.KIND,
          LinearModel.SPEC.id(),
          Models.ALL.stream()
                  .map(spec -> "`" + spec.id() + "`: " + spec.doc() + "; ")
                  .collect(Collectors.joining())
              + "each with any loss. `softmax`: linear with loss softmax. Without a gradient, so"
              + " without optimizer and mini-batch (docs/learners.md): "
              + Learners.ALL.stream()
                  .map(spec -> "`" + spec.id() + "`: " + spec.doc())
                  .collect(Collectors.joining("; "))
              + ".",
          Stream.of(Spec.ids(Models.ALL), List.of(SOFTMAX), Spec.ids(Learners.ALL))
              .flatMap(List::stream)
              .toArray(String[]::new));
  public static final Setting<List<Integer>> HIDDEN = ArchitectureSettings.hidden(TABLE);
  public static final Setting<String> ACTIVATION = ArchitectureSettings.activation(TABLE);
  public static final Setting<Integer> RANK = ArchitectureSettings.rank(TABLE);
  public static final Setting<Double> INIT_SCALE =
      TABLE.number(
          Models.INIT_SCALE,
          "",
          "Factor on the spread of the start values of an mlp (He, Glorot) or fm (0.01); 1 unless"
              + " given. With sparse features, of which a row has few, more than 1 starts faster.");
  public static final Setting<String> LOSS =
      TABLE.choice(
          "model.loss",
          "",
          "What is minimised; logistic unless model.kind is softmax.",
          Losses.ALL.stream().map(LossSpec::id).toArray(String[]::new));
  public static final Setting<Double> LOSS_PARAMETER =
      TABLE.number(
          "model.loss-parameter", "", "Delta of huber, tau of quantile; else the loss's own.");
  public static final Setting<List<String>> CLASSES =
      TABLE.add(
          "model.classes",
          "",
          "a list of names",
          "Class names in order of their index; 0 and 1 for logistic and hinge unless given.",
          s -> List.of(s.split("\u0000")));

  public static final Setting<String> FEATURES =
      TABLE.choice("features.kind", "dense", "How features come.", "dense", "sparse", "named");
  public static final Setting<Integer> HASH_BITS =
      TABLE.integer(
          "features.hash-bits", "18", 1, 28, "Named features are hashed into 2^this coordinates.");
  public static final Setting<String> STATE_FORM =
      TABLE.choice(
          "state.form",
          "auto",
          "What a key holds of its features: `dense` all there are, `sparse` those it has seen, which"
              + " gives the same models to the bit. `sparse` takes sparse or named features and an"
              + " optimizer that does not mix coordinates (its row in catalog.md does not say dense). `auto`: `sparse` where it can be and there are "
              + StateForm.LEAST_SPARSE_WIDTH
              + " features or more. A savepoint of one form can be continued in the other.",
          "auto",
          "dense",
          "sparse");
  public static final Setting<Integer> MAX_FEATURES =
      TABLE.integer(
          "state.max-features",
          "0",
          0,
          1 << 28,
          "How many features a key may hold in the sparse form (`state.form`); 0: any number. Beyond it"
              + " the key forgets those with the smallest parameters, until an eighth is free; the"
              + " newest eighth is spared. Counted in the metric `forgottenFeatures`.");
  public static final Setting<String> SCALING =
      TABLE.choice(
          "features.scaling",
          "standard",
          "`standard` scales by running statistics kept in the key's state; `recent` by those of about"
              + " the last 1,000 rows, for streams whose units change; `none` takes features as they"
              + " come. Scaled values are bounded to 10 standard deviations.",
          "standard",
          "recent",
          "none");

  public static final Setting<List<String>> NAMES =
      TABLE.add(
          "features.names",
          "",
          "a list of names, one for each feature",
          "Names of dense features, for people who look at a model.",
          s -> List.of(s.split(Document.SEPARATOR)));

  public static final Setting<String> OPTIMIZER =
      TABLE.add(
          "optimizer.name",
          "",
          "an optimizer of docs/catalog.md",
          "Update rule; its hyperparameters stand beside it (`learning-rate`, `beta1`, ...), with"
              + " `clip-norm` and the like. Unless given: "
              + Models.ALL.stream()
                  .map(spec -> "`" + spec.optimizer() + "` for " + spec.id())
                  .collect(Collectors.joining(", "))
              + ". `rate_mixture` needs nothing set and keeps eight doubles beside each parameter; `sgd`"
              + " keeps none and has a rate to find.",
          s -> s);
  public static final Setting<String> SCHEDULE =
      TABLE.add(
          "optimizer.schedule.kind",
          "constant",
          "a schedule of docs/catalog.md",
          "How the learning rate goes with the steps; its parameters stand beside it.",
          s -> s);
  public static final Setting<String> BATCH_RULE =
      TABLE.choice(
          "optimizer.batch-rule",
          BatchScaling.Rule.NONE.id(),
          "Carries `optimizer.learning-rate`, found at mini-batch b0 = `optimizer.base-batch`, to"
              + " b = `mini-batch`, on top of the schedule, whoever sets the rate. "
              + Arrays.stream(BatchScaling.Rule.values())
                  .map(r -> "`" + r.id() + "`: " + r.doc())
                  .collect(Collectors.joining("; "))
              + ".",
          BatchScaling.Rule.ids());
  public static final Setting<Integer> BASE_BATCH =
      TABLE.integer(
          "optimizer.base-batch",
          "1",
          1,
          1 << 20,
          "The mini-batch at which the learning rate was found, for `optimizer.batch-rule`.");
  public static final Setting<Integer> MINI_BATCH =
      TABLE.integer("mini-batch", "1", 1, 1 << 20, "Labelled examples per step, counted per key.");
  public static final Setting<Duration> LABEL_WAIT =
      TABLE.durationOrNone(
          "labels.wait",
          "1h",
          "How long, in the key's event time, an example waits for its label, or a label that comes"
              + " first for its example. `none`: neither waits.");
  public static final Setting<Integer> MAX_PENDING =
      TABLE.integer(
          "labels.max-pending",
          "10000",
          1,
          1 << 24,
          "Examples of a key that may wait, and labels.");
  public static final Setting<Boolean> PREDICT =
      TABLE.flag("predictions.enabled", "false", "Whether predictions are published.");

  public static final Setting<List<String>> METRICS =
      TABLE.add(
          "metrics.list",
          "",
          "a list of metrics",
          "What is measured of every key's model, beside loss and accuracy: "
              + Arrays.stream(Metrics.values())
                  .map(m -> "`" + m.id() + "`: " + m.doc())
                  .collect(Collectors.joining("; "))
              + ". See docs/monitoring.md.",
          s -> List.of(s.split(Document.SEPARATOR)));
  public static final Setting<String> DETECTOR =
      TABLE.choice(
          "drift.detector",
          "",
          "Detector of drift on the errors of every key's model; its settings stand beside it.",
          Spec.ids(Detectors.ALL).toArray(String[]::new));
  public static final Setting<List<Integer>> DRIFT_FEATURES =
      TABLE.add(
          "drift.features",
          "",
          "a list of whole numbers",
          "Dense features, by index from 0, whose law is compared with that of their first values.",
          s ->
              Arrays.stream(s.split(Document.SEPARATOR))
                  .map(n -> (int) Values.integer(n, 0, Integer.MAX_VALUE))
                  .toList());

  static final String METRIC_VALUES =
      TABLE.values("metrics", Set.of(), "numbers | " + hypers(MonitorHypers.METRICS));
  static final String INTERVAL_VALUES =
      TABLE.values(
          "intervals",
          Set.of(),
          "numbers | Where a label is expected, in predictions; on where anything is given: "
              + hypers(MonitorHypers.INTERVALS));
  static final String DRIFT_VALUES =
      TABLE.values(
          "drift",
          Stream.concat(
                  MonitorHypers.DRIFT_WORDS.stream(),
                  Detectors.ALL.stream().flatMap(d -> d.choices().stream()))
              .map(Choice::name)
              .collect(Collectors.toUnmodifiableSet()),
          "numbers and words | "
              + MonitorHypers.DRIFT_WORDS.stream()
                  .map(c -> "`" + c.name() + "` " + c.values() + ": " + c.doc())
                  .collect(Collectors.joining("; "))
              + "; "
              + hypers(MonitorHypers.DRIFT)
              + " Settings of the detector: docs/monitoring.md.");

  static final String MODEL_VALUES =
      TABLE.values(
          "model",
          Learners.ALL.stream()
              .flatMap(l -> l.choices().stream())
              .map(Choice::name)
              .collect(Collectors.toUnmodifiableSet()),
          "numbers, or words of the learner | Settings of a learner without a gradient:"
              + " docs/learners.md.");
  static final String NOMINAL =
      TABLE.values(
          "features.nominal",
          Set.of(),
          "whole numbers by place of the feature | How many values, from 0 up, a dense feature has"
              + " that is no number but one of a few, for learners that know such.");
  static final String CANDIDATES =
      TABLE.maps(
          "candidates",
          "maps of settings, by names of a-z 0-9 - | Models that learn beside the configured one from"
              + " the same events, each by its differences: settings of `model` (loss and classes aside)"
              + " and `optimizer`, and `features.scaling`. One takes the place of the model that is"
              + " published when `gate` is certain that its loss is less. docs/candidates.md.");
  public static final Setting<String> PUBLISHING =
      TABLE.choice(
          "gate.publishing",
          "free",
          "`free`: every version of a model is published. `proven`: none is until the model is proven"
              + " better than a baseline, at first, after a drift, and after it had to go back to its"
              + " last good version because it did worse (docs/monitoring.md).",
          "free",
          PROVEN);
  public static final Setting<String> GATE_TEST =
      TABLE.choice(
          "gate." + GateHypers.TEST.name(),
          GateHypers.TEST.values().get(0),
          "With `candidates` or `gate.publishing`: " + GateHypers.TEST.doc() + ".",
          GateHypers.TEST.values().toArray(String[]::new));
  public static final Setting<Double> GATE_BOUND =
      TABLE.number(
          "gate.bound",
          "",
          "With `candidates`: to which the difference of two losses of an example is cut before it is"
              + " compared, above 0; 1 unless given for losses of classes, to be given for others,"
              + " whose unit is that of the labels. With `gate.publishing`: the same of log-losses, or"
              + " of errors where there are no probabilities, or of distances from the label, in its"
              + " unit.");
  public static final Setting<Long> GATE_RUNG =
      TABLE.count(
          "gate.rung",
          "0",
          "With `candidates`: events after which the worse half of a key's candidates ends, by the mean"
              + " gain so far, and again after twice as many, and so on (successive halving); 0: the"
              + " gate alone ends them.");
  static final String GATE_VALUES =
      TABLE.values(
          "gate",
          Set.of(),
          "numbers | With `candidates` or `gate.publishing`: "
              + GateHypers.HYPERS.stream()
                  .filter(h -> h != GateHypers.MIN_EFFECTIVE)
                  .map(h -> "`" + h.name() + "` (" + h.def() + "), " + h.doc())
                  .collect(Collectors.joining("; "))
              + ".");
  static final String OPTIMIZER_VALUES =
      TABLE.values("optimizer", Set.of(), "numbers | Hyperparameters, see `optimizer.name`.");
  static final String SCHEDULE_VALUES =
      TABLE.values("optimizer.schedule", Set.of(), "numbers | Parameters of the schedule.");

  private LearnSettings() {}

  private static String number(double v) {
    return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
  }

  private static String hypers(List<Hyper> hypers) {
    return hypers.stream()
            .map(h -> "`" + h.name() + "` (" + number(h.def()) + "): " + h.doc())
            .collect(Collectors.joining("; "))
        + ".";
  }

  /** What is watched of the models of a job. */
  static MonitorOptions monitor(JobConfig config) {
    List<String> metrics = config.get(METRICS);
    String detector = config.get(DETECTOR);
    List<Integer> features = config.get(DRIFT_FEATURES);
    return new MonitorOptions(
        metrics == null ? List.of() : metrics,
        config.numbers(METRIC_VALUES),
        config.numbers(INTERVAL_VALUES),
        detector == null ? "" : detector,
        config.numbers(DRIFT_VALUES),
        config.words(DRIFT_VALUES),
        features == null ? List.of() : features,
        config.get(Settings.SEED));
  }

  /**
   * What a model has to prove before it is published; null: nothing.
   *
   * @param classes whether labels are classes
   */
  static PublishOptions publishing(JobConfig config, boolean classes) {
    if (!config.get(PUBLISHING).equals(PROVEN)) {
      return null;
    }
    Double bound = config.get(GATE_BOUND);
    if (bound == null && !classes) {
      throw new ConfigException(
          GATE_BOUND.key()
              + ": not given; must be, in the unit of the labels, because a prediction can be wrong"
              + " by any distance");
    }
    return new PublishOptions(
        config.get(GATE_TEST), bound == null ? 1 : bound, config.numbers(GATE_VALUES));
  }

  static SettingTable table() {
    return TABLE;
  }
}

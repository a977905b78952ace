package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Learners;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learner.EventLearner;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.scaling.Scaling;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.learner.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the settings of a `learn` job mean whose learner is one of {@link Learners}. Settings that
 * mean something to other learners alone must be absent.
 */
public final class EventLearnerPlan extends LearnerPlan {
  /** Of models under an optimizer. */
  private static final List<Setting<?>> OF_GRADIENTS =
      List.of(
          LearnSettings.HIDDEN,
          LearnSettings.ACTIVATION,
          LearnSettings.RANK,
          LearnSettings.INIT_SCALE,
          LearnSettings.LOSS_PARAMETER,
          LearnSettings.STATE_FORM,
          LearnSettings.MAX_FEATURES,
          LearnSettings.OPTIMIZER,
          LearnSettings.SCHEDULE,
          LearnSettings.BATCH_RULE,
          LearnSettings.BASE_BATCH);

  private static final List<String> VALUES_OF_GRADIENTS =
      List.of(LearnSettings.OPTIMIZER_VALUES, LearnSettings.SCHEDULE_VALUES);

  private static final List<Setting<?>> OF_LABELS =
      List.of(LearnSettings.CLASSES, LearnSettings.LABEL_WAIT, LearnSettings.MAX_PENDING);

  private final LearnerSpec spec;
  private final LearnerSetup learner;

  /**
   * A plan.
   *
   * @throws ConfigException listing every fault of the events' form, and every setting that has no
   *     meaning here
   */
  EventLearnerPlan(JobConfig config, LearnerSpec spec) {
    super(config);
    this.spec = spec;
    List<String> faults = new ArrayList<>();
    InputSpec.Target target = target(faults);
    refuseForeign(target, faults);
    List<String> classes = config.get(LearnSettings.CLASSES);
    InputSpec input =
        LearnPlan.input(
            config,
            target,
            target != InputSpec.Target.CLASS
                ? List.of()
                : classes != null ? classes : LearnPlan.TWO,
            faults);
    List<String> names = config.get(LearnSettings.NAMES);
    this.learner =
        LearnerSetup.of(spec.id(), input)
            .withWords(config.words(LearnSettings.MODEL_VALUES))
            .withHyperparameters(config.numbers(LearnSettings.MODEL_VALUES))
            .withScaling(
                spec.scales()
                    ? Scaling.valueOf(upper(config.get(LearnSettings.SCALING)))
                    : Scaling.NONE)
            .withFeatures(nominal(faults), names == null ? List.of() : names)
            .withLargest(largest())
            .withSeed(config.get(Settings.SEED));
    if (!faults.isEmpty()) {
      collect(faults, this::factory);
      throw new ConfigException(faults);
    }
  }

  /** The learner's settings. */
  public LearnerSetup learner() {
    return learner;
  }

  @Override
  InputSpec input() {
    return learner.input();
  }

  @Override
  String lossId() {
    LossSpec loss = EventLearner.loss(input());
    return loss == null ? "" : loss.id();
  }

  @Override
  public LearnerFactory factory() {
    LearnerSetup setup = learner;
    Learners.make(setup); // finds every fault
    return backend -> Learners.make(setup);
  }

  @Override
  List<EventKind> kinds() {
    return input().target() == InputSpec.Target.NONE
        ? List.of(EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH, EventKind.CONTROL)
        : List.of(EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH, EventKind.LABEL, EventKind.CONTROL);
  }

  @Override
  Results results() {
    return Results.PREDICTIONS;
  }

  @Override
  void complete(LearnerOptions.Builder options) {
    options
        .monitor(LearnSettings.monitor(config()))
        .publishing(LearnSettings.publishing(config(), !input().classes().isEmpty()));
    if (input().target() != InputSpec.Target.NONE) {
      options.labels(
          config().get(LearnSettings.LABEL_WAIT), config().get(LearnSettings.MAX_PENDING));
    }
  }

  /** What labels are: the learner's own, or numbers where it takes both and is asked to. */
  private InputSpec.Target target(List<String> faults) {
    InputSpec.Target own = spec.targets().get(0);
    String loss = config().get(LearnSettings.LOSS);
    if (loss == null) {
      return own;
    }
    InputSpec.Target asked = Losses.spec(loss).target();
    if (asked != own && loss.equals("squared") && spec.targets().contains(asked)) {
      return asked;
    }
    faults.add(
        "model.loss = '"
            + loss
            + "'; must be "
            + (spec.targets().contains(InputSpec.Target.REAL) ? "squared or " : "")
            + "absent because model.kind is "
            + spec.id());
    return own;
  }

  private void refuseForeign(InputSpec.Target target, List<String> faults) {
    for (Setting<?> s : OF_GRADIENTS) {
      if (config().given(s)) {
        refuse(s.key(), config().get(s), "which follows no gradient", faults);
      }
    }
    for (String section : VALUES_OF_GRADIENTS) {
      config()
          .numbers(section)
          .forEach((n, v) -> refuse(section + "." + n, v, "which follows no gradient", faults));
    }
    if (config().get(LearnSettings.MINI_BATCH) != 1) {
      refuse(
          LearnSettings.MINI_BATCH.key(),
          config().get(LearnSettings.MINI_BATCH),
          "which learns one event at a time",
          faults);
    }
    if (!spec.scales()
        && config().given(LearnSettings.SCALING)
        && !config().get(LearnSettings.SCALING).equals("none")) {
      refuse(
          LearnSettings.SCALING.key(),
          config().get(LearnSettings.SCALING),
          "which takes features as they come",
          faults);
    }
    if (target == InputSpec.Target.NONE) {
      for (Setting<?> s : OF_LABELS) {
        if (config().given(s)) {
          refuse(s.key(), config().get(s), "which takes no labels", faults);
        }
      }
    } else if (target != InputSpec.Target.CLASS && config().given(LearnSettings.CLASSES)) {
      refuse(
          LearnSettings.CLASSES.key(),
          config().get(LearnSettings.CLASSES),
          "whose labels are numbers",
          faults);
    }
  }

  private void refuse(String key, Object value, String why, List<String> faults) {
    faults.add(
        key
            + " = "
            + value
            + "; must be absent because model.kind is "
            + spec.id()
            + ", "
            + why
            + "; remove it");
  }

  private Map<Integer, Integer> nominal(List<String> faults) {
    Map<Integer, Integer> nominal = new TreeMap<>();
    config()
        .numbers(LearnSettings.NOMINAL)
        .forEach(
            (name, count) -> {
              if (name.matches("[0-9]{1,9}") && count == Math.rint(count)) {
                nominal.put(Integer.valueOf(name), count.intValue());
              } else {
                faults.add(
                    LearnSettings.NOMINAL
                        + "."
                        + name
                        + " = "
                        + count
                        + "; must be a number of values, by the place of a feature");
              }
            });
    return nominal;
  }
}

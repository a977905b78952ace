package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Learners;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.InputSpec;
import io.millrace.core.model.LinearModel;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.optim.schedule.BatchScaling;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.supervised.StateForm;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.learner.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the settings of a `learn` job mean whose learner follows a gradient. */
public final class LearnPlan extends LearnerPlan {
  /** Classes where none are named. */
  static final List<String> TWO = List.of("0", "1");

  private final SupervisedOptions learner;

  /**
   * A plan.
   *
   * @throws ConfigException listing every fault of the events' form
   */
  public LearnPlan(JobConfig config) {
    super(config);
    List<String> faults = new ArrayList<>();
    String loss = loss(faults);
    InputSpec input = input(loss, faults);
    refuse(LearnSettings.MODEL_VALUES, config.words(LearnSettings.MODEL_VALUES), faults);
    refuse(LearnSettings.MODEL_VALUES, config.numbers(LearnSettings.MODEL_VALUES), faults);
    refuse(LearnSettings.NOMINAL, config.numbers(LearnSettings.NOMINAL), faults);
    Double parameter = config.get(LearnSettings.LOSS_PARAMETER);
    this.learner =
        SupervisedOptions.builder(input, loss)
            .model(model())
            .lossParameter(parameter == null ? Double.NaN : parameter)
            .scaling(Scaling.valueOf(upper(config.get(LearnSettings.SCALING))))
            .optimizer(optimizer(), config.numbers(LearnSettings.OPTIMIZER_VALUES))
            .schedule(
                config.get(LearnSettings.SCHEDULE), config.numbers(LearnSettings.SCHEDULE_VALUES))
            .batchScaling(
                new BatchScaling(
                    BatchScaling.Rule.of(config.get(LearnSettings.BATCH_RULE)),
                    config.get(LearnSettings.BASE_BATCH),
                    config.get(LearnSettings.MINI_BATCH)))
            .largestParameter(largest())
            .seed(config.get(Settings.SEED))
            .form(StateForm.valueOf(upper(config.get(LearnSettings.STATE_FORM))))
            .maxFeatures(config.get(LearnSettings.MAX_FEATURES))
            .build();
    if (!faults.isEmpty()) {
      collect(faults, this::factory);
      throw new ConfigException(faults);
    }
  }

  /** The plan of a `learn` job, whatever its learner. */
  static LearnerPlan byLearner(JobConfig config) {
    return Learners.find(config.get(LearnSettings.MODEL))
        .<LearnerPlan>map(spec -> new EventLearnerPlan(config, spec))
        .orElseGet(() -> new LearnPlan(config));
  }

  /** The learner's options. */
  public SupervisedOptions learner() {
    return learner;
  }

  @Override
  InputSpec input() {
    return learner.input();
  }

  @Override
  String lossId() {
    return learner.loss();
  }

  @Override
  public LearnerFactory factory() {
    SupervisedOptions options = learner;
    new SupervisedLearner(options.withBackend(ScalarBackend.INSTANCE.id())); // finds every fault
    return backend -> new SupervisedLearner(options.withBackend(backend));
  }

  @Override
  List<EventKind> kinds() {
    return List.of(EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH, EventKind.LABEL, EventKind.CONTROL);
  }

  @Override
  Results results() {
    return Results.PREDICTIONS;
  }

  @Override
  void complete(LearnerOptions.Builder options) {
    options
        .miniBatch(config().get(LearnSettings.MINI_BATCH))
        .labels(config().get(LearnSettings.LABEL_WAIT), config().get(LearnSettings.MAX_PENDING))
        .monitor(LearnSettings.monitor(config()))
        .publishing(LearnSettings.publishing(config(), !input().classes().isEmpty()));
  }

  /** Settings of a learner that is not this one. */
  private void refuse(String section, Map<String, ?> given, List<String> faults) {
    given.forEach(
        (name, value) ->
            faults.add(
                section
                    + "."
                    + name
                    + " = "
                    + value
                    + "; model.kind '"
                    + config().get(LearnSettings.MODEL)
                    + "' has no such setting; remove it"));
  }

  private String loss(List<String> faults) {
    String given = config().get(LearnSettings.LOSS);
    boolean softmax = config().get(LearnSettings.MODEL).equals(LearnSettings.SOFTMAX);
    if (softmax && given != null && !given.equals("softmax")) {
      faults.add(
          "model.loss = '" + given + "'; must be softmax or absent because model.kind is softmax");
      return "softmax";
    }
    return given != null ? given : softmax ? "softmax" : "logistic";
  }

  private String optimizer() {
    String given = config().get(LearnSettings.OPTIMIZER);
    return given != null ? given : Models.spec(kind()).optimizer();
  }

  /** Id of the kind of model. */
  private String kind() {
    String kind = config().get(LearnSettings.MODEL);
    return kind.equals(LearnSettings.SOFTMAX) ? LinearModel.SPEC.id() : kind;
  }

  private ModelOptions model() {
    List<Integer> hidden = config().get(LearnSettings.HIDDEN);
    String activation = config().get(LearnSettings.ACTIVATION);
    Integer rank = config().get(LearnSettings.RANK);
    Double scale = config().get(LearnSettings.INIT_SCALE);
    return new ModelOptions(
        kind(),
        hidden == null ? List.of() : hidden,
        activation == null ? "" : activation,
        rank == null ? 0 : rank,
        scale == null ? Double.NaN : scale);
  }

  private InputSpec input(String loss, List<String> faults) {
    LossSpec spec = Losses.spec(loss);
    List<String> classes = config().get(LearnSettings.CLASSES);
    if (classes != null && spec.target() != InputSpec.Target.CLASS) {
      faults.add(
          "model.classes = " + classes + "; must be absent because loss " + loss + " has none");
      classes = null;
    }
    return input(
        config(),
        spec.target(),
        classes != null ? classes : spec.maxClasses() == 2 ? TWO : List.of(),
        faults);
  }

  /**
   * The form of the events of a `learn` job.
   *
   * @param target of the labels
   * @param faults takes what is wrong with it; then it is one that lets the rest be checked
   */
  static InputSpec input(
      JobConfig config, InputSpec.Target target, List<String> classes, List<String> faults) {
    Integer dimension = config.get(LearnerSettings.DIMENSION);
    InputSpec.Kind kind = InputSpec.Kind.valueOf(upper(config.get(LearnSettings.FEATURES)));
    int bits = config.get(LearnSettings.HASH_BITS);
    int most = config.get(LearnerSettings.FEATURE_COUNT);
    return orStandIn(
        () -> new InputSpec(kind, dimension == null ? 0 : dimension, bits, target, classes, most),
        new InputSpec(kind, dimension == null ? 1 : dimension, bits, target, TWO, most),
        faults);
  }
}

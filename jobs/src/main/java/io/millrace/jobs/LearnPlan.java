package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.InputSpec;
import io.millrace.core.model.LinearModel;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.optim.schedule.BatchScaling;
import io.millrace.core.supervised.Scaling;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.learner.Results;
import java.util.ArrayList;
import java.util.List;

/** What a `learn` job's settings mean to the parts of the job. */
public final class LearnPlan extends LearnerPlan {
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
            .largestParameter(
                config.get(ModelSettings.DTYPE).equals("f32") ? Float.MAX_VALUE : Double.MAX_VALUE)
            .seed(config.get(Settings.SEED))
            .build();
    if (!faults.isEmpty()) {
      collect(faults, this::factory);
      throw new ConfigException(faults);
    }
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
        .labels(config().get(LearnSettings.LABEL_WAIT), config().get(LearnSettings.MAX_PENDING));
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
    Integer dimension = config().get(LearnerSettings.DIMENSION);
    LossSpec spec = Losses.spec(loss);
    List<String> classes = config().get(LearnSettings.CLASSES);
    if (classes != null && spec.target() != InputSpec.Target.CLASS) {
      faults.add(
          "model.classes = " + classes + "; must be absent because loss " + loss + " has none");
      classes = null;
    }
    List<String> two = List.of("0", "1");
    List<String> names = classes != null ? classes : spec.maxClasses() == 2 ? two : List.of();
    InputSpec.Kind kind = InputSpec.Kind.valueOf(upper(config().get(LearnSettings.FEATURES)));
    int bits = config().get(LearnSettings.HASH_BITS);
    int most = config().get(LearnerSettings.FEATURE_COUNT);
    return orStandIn(
        () ->
            new InputSpec(
                kind, dimension == null ? 0 : dimension, bits, spec.target(), names, most),
        new InputSpec(kind, dimension == null ? 1 : dimension, bits, spec.target(), two, most),
        faults);
  }
}

package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.learner.Coders;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.learner.Methods;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.core.features.InputSpec;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.learner.Results;
import java.util.ArrayList;
import java.util.List;

/** What a `dictionary` job's settings mean to the parts of the job. */
public final class DictionaryPlan extends LearnerPlan {
  private static final String LAMBDA = "lambda";

  private final DictionaryOptions learner;

  /**
   * A plan.
   *
   * @throws ConfigException listing every fault of the signals' form
   */
  public DictionaryPlan(JobConfig config) {
    super(config);
    List<String> faults = new ArrayList<>();
    InputSpec form = orStandIn(this::input, input(1), faults);
    String coder = config.get(DictionarySettings.CODER);
    this.learner =
        DictionaryOptions.builder(form, config.get(DictionarySettings.ATOMS))
            .method(config.get(DictionarySettings.METHOD), config.words(DictionarySettings.VALUES))
            .coder(coder == null ? "" : coder)
            .scaling(SignalScaling.valueOf(upper(config.get(DictionarySettings.SCALING))))
            .hyperparameters(config.numbers(DictionarySettings.VALUES))
            .seed(config.get(Settings.SEED))
            .build();
    if (!faults.isEmpty()) {
      collect(faults, this::factory);
      throw new ConfigException(faults);
    }
  }

  /** The learner's options. */
  public DictionaryOptions learner() {
    return learner;
  }

  @Override
  InputSpec input() {
    Integer dimension = config().get(LearnerSettings.DIMENSION);
    return input(dimension == null ? 0 : dimension);
  }

  private InputSpec input(int dimension) {
    return new InputSpec(
        InputSpec.Kind.valueOf(upper(config().get(DictionarySettings.SIGNALS))),
        dimension,
        0,
        InputSpec.Target.NONE,
        List.of(),
        config().get(LearnerSettings.FEATURE_COUNT));
  }

  @Override
  public LearnerFactory factory() {
    DictionaryOptions options = learner;
    new DictionaryLearner(options.withBackend(ScalarBackend.INSTANCE.id())); // finds every fault
    requireLambda(options);
    return backend -> new DictionaryLearner(options.withBackend(backend));
  }

  /** The default of lambda is for signals of unit norm; in another unit it would mean nothing. */
  private static void requireLambda(DictionaryOptions o) {
    boolean unit =
        o.scaling() == SignalScaling.UNIT_NORM || o.scaling() == SignalScaling.CENTER_UNIT_NORM;
    if (unit || o.hyperparameters().containsKey(LAMBDA) || !Methods.spec(o.method()).usesCoder()) {
      return;
    }
    CoderSpec coder = o.coder().isEmpty() ? Coders.ALL.get(0) : Coders.spec(o.coder());
    if (coder.hypers().apply(o.input().width()).stream().anyMatch(h -> h.name().equals(LAMBDA))) {
      throw new ConfigException(
          "dictionary.lambda is not given; must be, because dictionary.scaling is '"
              + o.scaling().word()
              + "': it is in the unit of the signals, and its default is for signals of length 1");
    }
  }

  @Override
  List<EventKind> kinds() {
    return List.of(EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH, EventKind.CONTROL);
  }

  @Override
  Results results() {
    return Results.CODES;
  }

  @Override
  void complete(LearnerOptions.Builder options) {
    options.miniBatch(config().get(DictionarySettings.MINI_BATCH));
  }
}

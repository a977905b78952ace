package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.core.features.InputSpec;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.learner.Results;
import java.util.List;

/** What a `dictionary` job's settings mean to the parts of the job. */
public final class DictionaryPlan extends LearnerPlan {
  private final DictionaryOptions learner;

  /**
   * A plan.
   *
   * @throws ConfigException listing every fault of the signals' form
   */
  public DictionaryPlan(JobConfig config) {
    super(config);
    String coder = config.get(DictionarySettings.CODER);
    this.learner =
        DictionaryOptions.builder(input(), config.get(DictionarySettings.ATOMS))
            .method(config.get(DictionarySettings.METHOD), config.words(DictionarySettings.VALUES))
            .coder(coder == null ? "" : coder)
            .scaling(SignalScaling.valueOf(upper(config.get(DictionarySettings.SCALING))))
            .hyperparameters(config.numbers(DictionarySettings.VALUES))
            .seed(config.get(Settings.SEED))
            .build();
  }

  /** The learner's options. */
  public DictionaryOptions learner() {
    return learner;
  }

  @Override
  InputSpec input() {
    Integer dimension = config().get(LearnerSettings.DIMENSION);
    return new InputSpec(
        InputSpec.Kind.valueOf(upper(config().get(DictionarySettings.SIGNALS))),
        dimension == null ? 0 : dimension,
        0,
        InputSpec.Target.NONE,
        List.of(),
        config().get(LearnerSettings.FEATURE_COUNT));
  }

  @Override
  public LearnerFactory factory() {
    DictionaryOptions options = learner;
    new DictionaryLearner(options.withBackend(ScalarBackend.INSTANCE.id())); // finds every fault
    return backend -> new DictionaryLearner(options.withBackend(backend));
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

package io.millrace.core.supervised;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.InputSpec;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.optim.schedule.BatchScaling;
import io.millrace.core.scaling.Scaling;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a supervised learner is made of. Names are those of the job's YAML. Checked by {@link
 * SupervisedLearner#SupervisedLearner(SupervisedOptions)}.
 *
 * @param input features and label; its target must be the loss's
 * @param model what stands between features and loss
 * @param loss name of a loss, see {@link io.millrace.core.model.Losses}
 * @param lossParameter delta of huber, tau of quantile; NaN: the loss's default
 * @param scaling of the features
 * @param optimizer id in the catalogue
 * @param hyperparameters given values by name, {@code learning-rate} among them; the rest are
 *     defaults. Naming one of a part (clip-norm, ...) puts that part around the optimizer
 * @param schedule id in the catalogue, {@code constant} among them
 * @param scheduleParameters given values by name; the rest are defaults
 * @param batchScaling of the learning rate, on top of the schedule
 * @param largestParameter size that no parameter may exceed: the range of the type in which models
 *     are published
 * @param seed of the job, for start values and for optimizers that draw
 * @param backend id of the compute backend, see {@link io.millrace.core.compute.Backends}
 * @param form of a key's state
 * @param maxFeatures how many features a key may hold before it forgets some, see {@link
 *     Forgetting}; 0: any number
 */
public record SupervisedOptions(
    InputSpec input,
    ModelOptions model,
    String loss,
    double lossParameter,
    Scaling scaling,
    String optimizer,
    Map<String, Double> hyperparameters,
    String schedule,
    Map<String, Double> scheduleParameters,
    BatchScaling batchScaling,
    double largestParameter,
    long seed,
    String backend,
    StateForm form,
    int maxFeatures)
    implements Serializable {
  public SupervisedOptions {
    hyperparameters = Collections.unmodifiableMap(new TreeMap<>(hyperparameters));
    scheduleParameters = Collections.unmodifiableMap(new TreeMap<>(scheduleParameters));
  }

  /**
   * Options to be filled in: a linear model under plain SGD at its default rate, no scaling, a
   * constant schedule, parameters in the range of 32-bit floats, the scalar backend and seed 1,
   * unless something else is set.
   *
   * @param loss name of a loss that the input's target suits
   */
  public static Builder builder(InputSpec input, String loss) {
    return new Builder(input, loss);
  }

  /** A linear model, constant rate, no scaling, seed 1. */
  public static SupervisedOptions of(
      InputSpec input, String loss, String optimizer, Map<String, Double> hyperparameters) {
    return builder(input, loss).optimizer(optimizer, hyperparameters).build();
  }

  /** These options as the start of others. */
  public Builder toBuilder() {
    return new Builder(input, loss)
        .model(model)
        .lossParameter(lossParameter)
        .scaling(scaling)
        .optimizer(optimizer, hyperparameters)
        .schedule(schedule, scheduleParameters)
        .batchScaling(batchScaling)
        .largestParameter(largestParameter)
        .seed(seed)
        .backend(backend)
        .form(form)
        .maxFeatures(maxFeatures);
  }

  /** The same for another form of rows. */
  public SupervisedOptions withInput(InputSpec other) {
    return toBuilder().input(other).build();
  }

  /** The same with another model. */
  public SupervisedOptions withModel(ModelOptions other) {
    return toBuilder().model(other).build();
  }

  /** The same with another scaling. */
  public SupervisedOptions withScaling(Scaling other) {
    return toBuilder().scaling(other).build();
  }

  /** The same with another optimizer. */
  public SupervisedOptions withOptimizer(String other, Map<String, Double> values) {
    return toBuilder().optimizer(other, values).build();
  }

  /** The same with other hyperparameters. */
  public SupervisedOptions withHyperparameters(Map<String, Double> other) {
    return toBuilder().optimizer(optimizer, other).build();
  }

  /** The same on another compute backend. */
  public SupervisedOptions withBackend(String other) {
    return toBuilder().backend(other).build();
  }

  /** The same in another form of state. */
  public SupervisedOptions withForm(StateForm other) {
    return toBuilder().form(other).build();
  }

  /** The same with the learning rate carried to another mini-batch. */
  public SupervisedOptions withBatchScaling(BatchScaling other) {
    return toBuilder().batchScaling(other).build();
  }

  /** Collects options; see {@link SupervisedOptions} for what each of them is. */
  public static final class Builder {
    private InputSpec input;
    private final String loss;
    private ModelOptions model = ModelOptions.linear();
    private double lossParameter = Double.NaN;
    private Scaling scaling = Scaling.NONE;
    private String optimizer = "sgd";
    private Map<String, Double> hyperparameters = Map.of();
    private String schedule = "constant";
    private Map<String, Double> scheduleParameters = Map.of();
    private BatchScaling batchScaling = BatchScaling.NONE;
    private double largestParameter = Float.MAX_VALUE;
    private long seed = 1;
    private String backend = ScalarBackend.INSTANCE.id();
    private StateForm form = StateForm.AUTO;
    private int maxFeatures;

    private Builder(InputSpec input, String loss) {
      this.input = input;
      this.loss = loss;
    }

    public Builder input(InputSpec v) {
      input = v;
      return this;
    }

    public Builder model(ModelOptions v) {
      model = v;
      return this;
    }

    public Builder lossParameter(double v) {
      lossParameter = v;
      return this;
    }

    public Builder scaling(Scaling v) {
      scaling = v;
      return this;
    }

    /** An optimizer and the values given for its hyperparameters. */
    public Builder optimizer(String id, Map<String, Double> values) {
      optimizer = id;
      hyperparameters = values;
      return this;
    }

    /** A schedule and the values given for its parameters. */
    public Builder schedule(String id, Map<String, Double> values) {
      schedule = id;
      scheduleParameters = values;
      return this;
    }

    public Builder batchScaling(BatchScaling v) {
      batchScaling = v;
      return this;
    }

    public Builder largestParameter(double v) {
      largestParameter = v;
      return this;
    }

    public Builder seed(long v) {
      seed = v;
      return this;
    }

    public Builder backend(String id) {
      backend = id;
      return this;
    }

    public Builder form(StateForm v) {
      form = v;
      return this;
    }

    public Builder maxFeatures(int v) {
      maxFeatures = v;
      return this;
    }

    /** The options; what they say is checked by the learner that is made of them. */
    public SupervisedOptions build() {
      return new SupervisedOptions(
          input,
          model,
          loss,
          lossParameter,
          scaling,
          optimizer,
          hyperparameters,
          schedule,
          scheduleParameters,
          batchScaling,
          largestParameter,
          seed,
          backend,
          form,
          maxFeatures);
    }
  }
}

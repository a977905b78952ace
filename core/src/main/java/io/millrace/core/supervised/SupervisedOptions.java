package io.millrace.core.supervised;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.InputSpec;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.optim.schedule.BatchScaling;
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
 * @param seed of the job, for start values and for optimizers that draw
 * @param backend id of the compute backend, see {@link io.millrace.core.compute.Backends}
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
    long seed,
    String backend)
    implements Serializable {
  public SupervisedOptions {
    hyperparameters = Collections.unmodifiableMap(new TreeMap<>(hyperparameters));
    scheduleParameters = Collections.unmodifiableMap(new TreeMap<>(scheduleParameters));
  }

  /** A linear model with the scalar backend. */
  public SupervisedOptions(
      InputSpec input,
      String loss,
      double lossParameter,
      Scaling scaling,
      String optimizer,
      Map<String, Double> hyperparameters,
      String schedule,
      Map<String, Double> scheduleParameters,
      long seed) {
    this(
        input,
        ModelOptions.linear(),
        loss,
        lossParameter,
        scaling,
        optimizer,
        hyperparameters,
        schedule,
        scheduleParameters,
        BatchScaling.NONE,
        seed,
        ScalarBackend.INSTANCE.id());
  }

  /** A linear model, constant rate, no scaling, seed 1. */
  public static SupervisedOptions of(
      InputSpec input, String loss, String optimizer, Map<String, Double> hyperparameters) {
    return new SupervisedOptions(
        input, loss, Double.NaN, Scaling.NONE, optimizer, hyperparameters, "constant", Map.of(), 1);
  }

  /** The same for another form of rows. */
  public SupervisedOptions withInput(InputSpec other) {
    return copy(other, model, scaling, optimizer, hyperparameters, backend);
  }

  /** The same with another model. */
  public SupervisedOptions withModel(ModelOptions other) {
    return copy(input, other, scaling, optimizer, hyperparameters, backend);
  }

  /** The same with another scaling. */
  public SupervisedOptions withScaling(Scaling other) {
    return copy(input, model, other, optimizer, hyperparameters, backend);
  }

  /** The same with another optimizer. */
  public SupervisedOptions withOptimizer(String other, Map<String, Double> values) {
    return copy(input, model, scaling, other, values, backend);
  }

  /** The same with other hyperparameters. */
  public SupervisedOptions withHyperparameters(Map<String, Double> other) {
    return copy(input, model, scaling, optimizer, other, backend);
  }

  /** The same on another compute backend. */
  public SupervisedOptions withBackend(String other) {
    return copy(input, model, scaling, optimizer, hyperparameters, other);
  }

  /** The same with the learning rate carried to another mini-batch. */
  public SupervisedOptions withBatchScaling(BatchScaling other) {
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
        other,
        seed,
        backend);
  }

  private SupervisedOptions copy(
      InputSpec otherInput,
      ModelOptions otherModel,
      Scaling otherScaling,
      String otherOptimizer,
      Map<String, Double> otherValues,
      String otherBackend) {
    return new SupervisedOptions(
        otherInput,
        otherModel,
        loss,
        lossParameter,
        otherScaling,
        otherOptimizer,
        otherValues,
        schedule,
        scheduleParameters,
        batchScaling,
        seed,
        otherBackend);
  }
}

package io.millrace.core.learn;

import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Scaling;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a supervised learner is made of. Names are those of the job's YAML. Checked by {@link
 * SupervisedLearner#SupervisedLearner(SupervisedOptions)}.
 *
 * @param input features and label; its target must be the loss's
 * @param loss name of a loss, see {@link io.millrace.core.model.Losses}
 * @param lossParameter delta of huber, tau of quantile; NaN: the loss's default
 * @param scaling of the features
 * @param optimizer id in the catalogue
 * @param hyperparameters given values by name, {@code learning-rate} among them; the rest are
 *     defaults. Naming one of a part (clip-norm, ...) puts that part around the optimizer
 * @param schedule id in the catalogue, {@code constant} among them
 * @param scheduleParameters given values by name; the rest are defaults
 * @param seed of the job, for optimizers that draw
 */
public record SupervisedOptions(
    InputSpec input,
    String loss,
    double lossParameter,
    Scaling scaling,
    String optimizer,
    Map<String, Double> hyperparameters,
    String schedule,
    Map<String, Double> scheduleParameters,
    long seed)
    implements Serializable {
  public SupervisedOptions {
    hyperparameters = Collections.unmodifiableMap(new TreeMap<>(hyperparameters));
    scheduleParameters = Collections.unmodifiableMap(new TreeMap<>(scheduleParameters));
  }

  /** Constant rate, no scaling, seed 1. */
  public static SupervisedOptions of(
      InputSpec input, String loss, String optimizer, Map<String, Double> hyperparameters) {
    return new SupervisedOptions(
        input, loss, Double.NaN, Scaling.NONE, optimizer, hyperparameters, "constant", Map.of(), 1);
  }

  /** The same with another scaling. */
  public SupervisedOptions withScaling(Scaling other) {
    return new SupervisedOptions(
        input,
        loss,
        lossParameter,
        other,
        optimizer,
        hyperparameters,
        schedule,
        scheduleParameters,
        seed);
  }

  /** The same with other hyperparameters. */
  public SupervisedOptions withHyperparameters(Map<String, Double> other) {
    return new SupervisedOptions(
        input, loss, lossParameter, scaling, optimizer, other, schedule, scheduleParameters, seed);
  }
}

package io.millrace.core.learn;

import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Scaling;
import java.io.Serializable;
import java.util.Map;

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
 *     defaults. Names of gradient transforms (clip-norm, clip-value, l2, ...) switch those on
 * @param schedule {@code kind} and its parameters; empty: constant
 * @param seed of the job, for stochastic optimizers
 */
public record SupervisedOptions(
    InputSpec input,
    String loss,
    double lossParameter,
    Scaling scaling,
    String optimizer,
    Map<String, Double> hyperparameters,
    Map<String, String> schedule,
    long seed)
    implements Serializable {
  public SupervisedOptions {
    hyperparameters = Map.copyOf(hyperparameters);
    schedule = Map.copyOf(schedule);
  }

  /**
   * Logistic, squared, ... with an optimizer at these values, constant rate, no scaling, seed 1.
   */
  public static SupervisedOptions of(
      InputSpec input, String loss, String optimizer, Map<String, Double> hyperparameters) {
    return new SupervisedOptions(
        input, loss, Double.NaN, Scaling.NONE, optimizer, hyperparameters, Map.of(), 1);
  }

  public SupervisedOptions withScaling(Scaling s) {
    return new SupervisedOptions(
        input, loss, lossParameter, s, optimizer, hyperparameters, schedule, seed);
  }
}

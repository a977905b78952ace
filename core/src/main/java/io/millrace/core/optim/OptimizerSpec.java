package io.millrace.core.optim;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.function.Function;

/**
 * Everything the system knows of an optimizer; declared in the optimizer's own file, listed once in
 * {@link io.millrace.core.catalog.Optimizers}.
 *
 * @param id lower-case with underscores, as in the golden files
 * @param stateVersion counts up whenever the set of slots or their meaning changes
 * @param source the paper
 * @param defaultLearningRate used when the configuration names none
 * @param hypers beside the learning rate, in order
 * @param make builds the optimizer from a full set of values
 */
public record OptimizerSpec(
    String id,
    int stateVersion,
    Source source,
    double defaultLearningRate,
    List<Hyper> hypers,
    Function<HyperValues, Optimizer> make)
    implements Spec {
  /** Name of the hyperparameter that every optimizer has. */
  public static final String LEARNING_RATE = "learning-rate";

  public OptimizerSpec {
    hypers = List.copyOf(hypers);
  }

  /** The learning rate as a hyperparameter, with this optimizer's default. */
  public Hyper learningRate() {
    return new Hyper(
        LEARNING_RATE, defaultLearningRate, Range.positive(), "learning rate before the schedule");
  }
}

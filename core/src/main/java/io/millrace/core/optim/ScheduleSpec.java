package io.millrace.core.optim;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.Map;

/**
 * Everything the system knows of a learning-rate schedule; declared in the schedule's own file,
 * listed once in {@link io.millrace.core.catalog.Schedules}.
 *
 * @param id lower-case with hyphens, as in the job's YAML
 * @param hypers beside the learning rate, which is the optimizer's and the schedule's peak
 * @param make builds the schedule; throws {@link io.millrace.core.ConfigException} where values
 *     contradict each other
 */
public record ScheduleSpec(String id, Source source, List<Hyper> hypers, Factory make)
    implements Spec {
  /** Builds a schedule. */
  @FunctionalInterface
  public interface Factory {
    Schedule make(double learningRate, HyperValues values);
  }

  public ScheduleSpec {
    hypers = List.copyOf(hypers);
  }

  /**
   * A schedule from the values given and the defaults of the rest.
   *
   * @throws io.millrace.core.ConfigException listing every fault
   */
  public Schedule build(double learningRate, Map<String, Double> given) {
    return make.make(learningRate, HyperValues.of("schedule." + id, hypers, given));
  }
}

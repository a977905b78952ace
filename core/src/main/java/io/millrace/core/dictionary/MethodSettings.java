package io.millrace.core.dictionary;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.HyperValues;
import java.util.Map;

/**
 * The settings that a method is made of, checked.
 *
 * @param dimension m, at least 1
 * @param atoms K, at least 1
 * @param coder null where the method uses none
 * @param choices a word for every {@link Choice} of the method
 * @param values of the method's and the coder's hyperparameters
 * @param backend for dense work
 */
public record MethodSettings(
    int dimension,
    int atoms,
    SparseCoder coder,
    Map<String, String> choices,
    HyperValues values,
    ComputeBackend backend) {
  /** The word chosen. */
  public String word(Choice choice) {
    return choices.get(choice.name());
  }
}

package io.millrace.core.learn;

import java.util.Map;

/**
 * A model as published: what {@link ModelWriter} was given.
 *
 * @param tensors row-major values by name
 */
public record PublishedModel(Map<String, String> config, Map<String, Tensor> tensors) {
  /** Values and shape of a tensor. */
  public record Tensor(int[] shape, double[] data) {}
}

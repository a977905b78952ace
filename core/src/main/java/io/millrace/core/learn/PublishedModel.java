package io.millrace.core.learn;

import io.millrace.core.compute.Vectors;
import io.millrace.core.state.StateException;
import java.util.Arrays;
import java.util.Map;

/**
 * A model as published: what {@link ModelWriter} was given.
 *
 * @param tensors row-major values by name
 */
public record PublishedModel(Map<String, String> config, Map<String, Tensor> tensors) {
  /** Values and shape of a tensor. */
  public record Tensor(int[] shape, double[] data) {}

  /**
   * Values of a tensor.
   *
   * @throws StateException if it is missing or its shape is not {@code shape}
   */
  public double[] tensor(String name, int... shape) {
    Tensor t = tensors.get(name);
    if (t == null) {
      throw new StateException("model has no tensor '" + name + "'; it has " + tensors.keySet());
    }
    if (!Arrays.equals(t.shape(), shape)) {
      throw new StateException(
          "tensor '"
              + name
              + "' is "
              + Arrays.toString(t.shape())
              + ", this configuration expects "
              + Arrays.toString(shape));
    }
    return t.data();
  }

  /**
   * Values of a tensor to start from.
   *
   * @throws StateException if it is missing, of another shape or not finite
   */
  public double[] finiteTensor(String name, int... shape) {
    double[] data = tensor(name, shape);
    if (!Vectors.allFinite(data, data.length)) {
      throw new StateException(
          "tensor '" + name + "' of the model is not finite; choose another version");
    }
    return data;
  }
}

package io.millrace.core.learn;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model as published: what {@link ModelWriter} was given.
 *
 * @param tensors row-major values by name
 */
public record PublishedModel(Map<String, String> config, Map<String, Tensor> tensors) {
  /** Values and shape of a tensor. */
  public record Tensor(int[] shape, double[] data) {}

  /** What a learner publishes of a state. */
  public static PublishedModel of(OnlineLearner learner, LearnerState state, Workspace workspace) {
    Map<String, String> config = new TreeMap<>();
    Map<String, Tensor> tensors = new TreeMap<>();
    learner.publish(
        state,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            config.put(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            tensors.put(name, new Tensor(shape.clone(), data.clone()));
          }
        },
        workspace);
    return new PublishedModel(config, tensors);
  }

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

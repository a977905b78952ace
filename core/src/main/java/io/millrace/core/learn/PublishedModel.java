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
  /**
   * Values and shape of a tensor.
   *
   * @param rows of the first dimension that {@code data} has, ascending, all others being 0; null:
   *     it has all of them
   */
  public record Tensor(int[] shape, int[] rows, double[] data) {
    /** A tensor with all its rows. */
    public Tensor(int[] shape, double[] data) {
      this(shape, null, data);
    }
  }

  /**
   * A whole tensor from some of its rows.
   *
   * @param rows ascending, the first dimension's
   * @param data the rows one after the other
   */
  static double[] expand(int[] shape, int[] rows, double[] data) {
    long size = 1;
    for (int n : shape) {
      size = Math.multiplyExact(size, (long) n);
    }
    double[] all = new double[Math.toIntExact(size)];
    int stride = rows.length == 0 ? 0 : data.length / rows.length;
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(data, i * stride, all, rows[i] * stride, stride);
    }
    return all;
  }

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

          @Override
          public void rows(String name, int[] shape, int[] rows, double[] data) {
            tensors.put(name, new Tensor(shape.clone(), rows.clone(), data.clone()));
          }

          @Override
          public void exactRows(String name, int[] shape, int[] rows, double[] data) {
            rows(name, shape, rows, data);
          }
        },
        workspace);
    return new PublishedModel(config, tensors);
  }

  /**
   * Values of a whole tensor; made where only some rows are here.
   *
   * @throws StateException if it is missing or its shape is not {@code shape}
   */
  public double[] tensor(String name, int... shape) {
    Tensor t = find(name, shape);
    return t.rows() == null ? t.data() : expand(t.shape(), t.rows(), t.data());
  }

  /**
   * The rows of a tensor that are not 0, or may not be, ascending.
   *
   * @throws StateException if it is missing or its shape is not {@code shape}
   */
  public int[] rows(String name, int... shape) {
    Tensor t = find(name, shape);
    if (t.rows() != null) {
      return t.rows();
    }
    int stride = shape[0] == 0 ? 0 : t.data().length / shape[0];
    int[] rows = new int[shape[0]];
    int n = 0;
    for (int r = 0; r < rows.length; r++) {
      for (int i = r * stride; i < (r + 1) * stride; i++) {
        if (Double.doubleToRawLongBits(t.data()[i]) != 0) {
          rows[n++] = r;
          break;
        }
      }
    }
    return Arrays.copyOf(rows, n);
  }

  /**
   * Copies a row of a tensor that is there.
   *
   * @param stride elements of a row
   */
  public void row(String name, int row, int stride, double[] to, int at) {
    Tensor t = tensors.get(name);
    int place = t.rows() == null ? row : Arrays.binarySearch(t.rows(), row);
    if (place < 0) {
      Arrays.fill(to, at, at + stride, 0);
    } else {
      System.arraycopy(t.data(), place * stride, to, at, stride);
    }
  }

  /** An element of a tensor of one dimension that is there. */
  public double element(String name, int i) {
    Tensor t = tensors.get(name);
    int place = t.rows() == null ? i : Arrays.binarySearch(t.rows(), i);
    return place < 0 ? 0 : t.data()[place];
  }

  private Tensor find(String name, int... shape) {
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
    return t;
  }

  /**
   * Refuses a model that cannot be started from for a tensor. Allocates nothing.
   *
   * @throws StateException if it is missing, of another shape or not finite
   */
  public void requireFinite(String name, int... shape) {
    Tensor t = find(name, shape);
    if (!Vectors.allFinite(t.data(), t.data().length)) {
      throw new StateException(
          "tensor '" + name + "' of the model is not finite; choose another version");
    }
  }

  /**
   * Values of a tensor to start from.
   *
   * @throws StateException if it is missing, of another shape or not finite
   */
  public double[] finiteTensor(String name, int... shape) {
    requireFinite(name, shape);
    return tensor(name, shape);
  }
}

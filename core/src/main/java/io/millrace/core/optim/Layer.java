package io.millrace.core.optim;

import java.util.Arrays;

/**
 * One linear layer of a model on a mini-batch: {@code outputs = W inputs}. The loss depends on the
 * outputs, directly or through later layers, so the gradient in W is the mean over the samples of
 * output derivative times input. Offered where the model declares {@link Oracle#LAYER}.
 */
public interface Layer {
  int samples();

  /** Where the layer's parameters begin. They are contiguous, and those of the bias come last. */
  default int offset() {
    return 0;
  }

  /** Inputs of the layer; a bias counts as one whose value is 1. */
  int inputs();

  int outputs();

  /**
   * Whether the parameters lie input by input, that of input j for output k at {@code j * outputs +
   * k}; otherwise output by output, at {@code k * inputs + j}.
   */
  boolean inputsAreRows();

  /**
   * Inputs of a sample.
   *
   * @param theta not modified; the layers before this one depend on it
   * @param out at least {@link #inputs} long, overwritten
   */
  void input(double[] theta, int sample, double[] out);

  /**
   * Derivative of a sample's loss in its outputs.
   *
   * @param theta not modified
   * @param out at least {@link #outputs} long, overwritten
   */
  void outputDerivative(double[] theta, int sample, double[] out);

  /**
   * Positive semidefinite second derivative of a sample's loss in its outputs, times {@code v};
   * where later layers lie between output and loss, the Gauss-Newton part of it. Only where the
   * model declares {@link Oracle#LAYER_CURVATURE}.
   *
   * @param theta not modified
   * @param v not modified
   * @param out at least {@link #outputs} long, overwritten
   */
  void outputCurvature(double[] theta, int sample, double[] v, double[] out);

  /**
   * Derivatives of the model's raw outputs in this layer's outputs; for the last layer, whose
   * outputs they are, the identity. Only where the model declares {@link Oracle#LAYER_CURVATURE}.
   *
   * @param theta not modified
   * @param out receives [raw outputs x {@link #outputs}] from {@code at}
   */
  default void outputJacobian(double[] theta, int sample, double[] out, int at) {
    int n = outputs();
    Arrays.fill(out, at, at + n * n, 0);
    for (int k = 0; k < n; k++) {
      out[at + k * n + k] = 1;
    }
  }
}

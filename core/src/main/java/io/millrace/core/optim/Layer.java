package io.millrace.core.optim;

/**
 * A mini-batch as one linear layer sees it: {@code outputs = W inputs} and a loss of the outputs,
 * so that the gradient is the mean over the samples of derivative times input. Offered where the
 * model declares {@link Oracle#LAYER}.
 */
public interface Layer {
  int samples();

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
   * @param out at least {@link #inputs} long, overwritten
   */
  void input(int sample, double[] out);

  /**
   * Derivative of a sample's loss in its outputs.
   *
   * @param theta not modified
   * @param out at least {@link #outputs} long, overwritten
   */
  void outputDerivative(double[] theta, int sample, double[] out);

  /**
   * Positive semidefinite second derivative of a sample's loss in its outputs, times {@code v}; of
   * an output that is bent before it meets the loss, the Gauss-Newton part. Only where the model
   * declares {@link Oracle#LAYER_CURVATURE}.
   *
   * @param theta not modified
   * @param v not modified
   * @param out at least {@link #outputs} long, overwritten
   */
  void outputCurvature(double[] theta, int sample, double[] v, double[] out);
}

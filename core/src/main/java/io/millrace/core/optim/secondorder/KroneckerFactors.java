package io.millrace.core.optim.secondorder;

import io.millrace.core.optim.Layer;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.StepContext;
import java.util.Arrays;

/** Statistics of a {@link Layer} for curvature in Kronecker form. */
final class KroneckerFactors {
  private KroneckerFactors() {}

  /**
   * Columns of the parameters as one matrix: those of the first block, to which further blocks (the
   * biases) add rows.
   */
  static int cols(ParamLayout layout) {
    return Math.max(1, layout.blocks().get(0).cols());
  }

  /**
   * Means over the samples.
   *
   * @param squared of squares
   * @param inputs [inputs], overwritten
   * @param outputs [outputs], overwritten: of the derivatives of each sample's loss
   */
  static void means(
      Layer layer,
      double[] theta,
      boolean squared,
      StepContext context,
      double[] inputs,
      double[] outputs) {
    double[] row = context.workspace().atLeast("row", layer.inputs());
    double[] slope = context.workspace().atLeast("slope", layer.outputs());
    Arrays.fill(inputs, 0, layer.inputs(), 0);
    Arrays.fill(outputs, 0, layer.outputs(), 0);
    double share = 1.0 / layer.samples();
    for (int s = 0; s < layer.samples(); s++) {
      layer.input(s, row);
      layer.outputDerivative(theta, s, slope);
      add(row, layer.inputs(), squared, share, inputs);
      add(slope, layer.outputs(), squared, share, outputs);
    }
  }

  private static void add(double[] x, int n, boolean squared, double share, double[] out) {
    for (int i = 0; i < n; i++) {
      out[i] += share * (squared ? x[i] * x[i] : x[i]);
    }
  }
}

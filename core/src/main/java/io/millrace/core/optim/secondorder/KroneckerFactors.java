package io.millrace.core.optim.secondorder;

import io.millrace.core.optim.Layer;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.ParamLayout.Block;
import io.millrace.core.optim.StepContext;
import java.util.Arrays;
import java.util.List;

/** Statistics of a {@link Layer} for curvature in Kronecker form. */
final class KroneckerFactors {
  private KroneckerFactors() {}

  /**
   * How many blocks make up the layer that begins with block {@code first}: a matrix, and where the
   * block behind it is a vector with one element per column, that bias as a further row.
   */
  static int blocks(ParamLayout layout, int first) {
    List<Block> all = layout.blocks();
    if (first + 1 == all.size()) {
      return 1;
    }
    Block bias = all.get(first + 1);
    return bias.cols() == 1 && bias.rows() == cols(layout, first) ? 2 : 1;
  }

  /** Columns of the layer that begins with block {@code first}. */
  static int cols(ParamLayout layout, int first) {
    return Math.max(1, layout.blocks().get(first).cols());
  }

  /** Rows of that layer, the bias's among them. */
  static int rows(ParamLayout layout, int first) {
    return layout.blocks().get(first).rows() + blocks(layout, first) - 1;
  }

  /**
   * Means over the samples.
   *
   * @param clip greatest element of an input or a derivative; what is beyond is cut to it
   * @param squared of squares
   * @param inputs [inputs], overwritten
   * @param outputs [outputs], overwritten: of the derivatives of each sample's loss
   */
  static void means(
      Layer layer,
      double[] theta,
      double clip,
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
      layer.input(theta, s, row);
      layer.outputDerivative(theta, s, slope);
      add(row, layer.inputs(), clip, squared, share, inputs);
      add(slope, layer.outputs(), clip, squared, share, outputs);
    }
  }

  private static void add(
      double[] x, int n, double clip, boolean squared, double share, double[] out) {
    for (int i = 0; i < n; i++) {
      double e = Math.max(-clip, Math.min(clip, x[i]));
      out[i] += share * (squared ? e * e : e);
    }
  }
}

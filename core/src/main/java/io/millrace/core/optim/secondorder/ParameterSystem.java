package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.PositiveDefinite;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.StepContext;
import java.util.Arrays;

/**
 * The direction of {@link Egn} through a system with a row for each parameter:
 *
 * <pre>
 * (J'QJ / n + damp I)^-1 g
 * </pre>
 */
final class ParameterSystem {
  private ParameterSystem() {}

  /**
   * Turns g into the direction.
   *
   * @param last layer of f
   * @param g [d], overwritten
   * @return false where the system is not finite or not positive definite; g is then undefined
   */
  static boolean solve(
      Objective f, Layer last, double[] theta, double damp, double[] g, StepContext context) {
    int n = last.samples();
    int c = last.outputs();
    int d = g.length;
    Workspace workspace = context.workspace();
    Kernels compute = context.compute();
    double[] q = workspace.atLeast("q", c * c);
    double[] rows = workspace.atLeast("rows-of-j", c * d);
    double[] bent = workspace.atLeast("bent-rows", c * d);
    double[] system = workspace.atLeast("system", d * d);
    Arrays.fill(system, 0, d * d, 0);
    for (int i = 0; i < d; i++) {
      system[i * d + i] = damp;
    }
    for (int s = 0; s < n; s++) {
      for (int l = 0; l < f.layers(); l++) {
        rowsOfJ(GaussNewton.layer(f, l, last), theta, s, c, d, rows, workspace);
      }
      GaussNewton.curvature(last, theta, s, q, workspace);
      compute.gemm(
          1.0 / n, compute.left(q, c, c), compute.right(rows, c, d), 0, compute.into(bent, c, d));
      compute.gemm(
          1,
          compute.left(rows, c, d).transposed(),
          compute.right(bent, c, d),
          1,
          compute.into(system, d, d));
    }
    return PositiveDefinite.solve(compute, d, system, g);
  }

  /**
   * Derivatives of the model's outputs for a sample in a layer's parameters: input times output.
   */
  private static void rowsOfJ(
      Layer layer, double[] theta, int sample, int c, int d, double[] to, Workspace workspace) {
    int in = layer.inputs();
    int out = layer.outputs();
    double[] x = workspace.atLeast("row", in);
    double[] slopes = workspace.atLeast("d", c * out);
    layer.input(theta, sample, x);
    layer.outputJacobian(theta, sample, slopes, 0);
    for (int k = 0; k < c; k++) {
      int at = k * d + layer.offset();
      for (int j = 0; j < in; j++) {
        for (int o = 0; o < out; o++) {
          to[at + (layer.inputsAreRows() ? j * out + o : o * in + j)] = x[j] * slopes[k * out + o];
        }
      }
    }
  }
}

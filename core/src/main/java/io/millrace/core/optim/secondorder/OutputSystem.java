package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.LuSolver;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.StepContext;
import java.util.Arrays;

/**
 * The direction of {@link Egn} through a system with a row for each output of each sample:
 *
 * <pre>
 * (g - J' (n damp I + Q J J')^-1 Q J g) / damp
 * </pre>
 */
final class OutputSystem {
  private OutputSystem() {}

  /**
   * Turns g into the direction.
   *
   * @param last layer of f
   * @param g [d], overwritten
   * @return false where the system is not finite or singular; g is then undefined
   */
  static boolean solve(
      Objective f, Layer last, double[] theta, double damp, double[] g, StepContext context) {
    int n = last.samples();
    int c = last.outputs();
    int size = n * c;
    Workspace workspace = context.workspace();
    Kernels compute = context.compute();
    double[] gram = workspace.atLeast("gram", n * n);
    double[] turned = workspace.atLeast("turned", size * size);
    double[] kernel = workspace.atLeast("kernel", size * size); // J J'
    double[] along = workspace.atLeast("along", size); // J g
    Arrays.fill(kernel, 0, size * size, 0);
    Arrays.fill(along, 0, size, 0);
    for (int l = 0; l < f.layers(); l++) {
      Layer layer = GaussNewton.layer(f, l, last);
      int in = layer.inputs();
      int out = layer.outputs();
      double[] x = inputs(layer, theta, workspace);
      double[] d = jacobians(layer, theta, c, workspace);
      compute.gemm(
          1,
          compute.left(x, n, in),
          compute.right(x, n, in).transposed(),
          0,
          compute.into(gram, n, n));
      compute.gemm(
          1,
          compute.left(d, size, out),
          compute.right(d, size, out).transposed(),
          0,
          compute.into(turned, size, size));
      double[] moved = workspace.atLeast("moved", n * out);
      boolean byInputs = layer.inputsAreRows();
      compute.gemm(
          1,
          compute.left(x, n, in),
          compute
              .right(g, layer.offset(), byInputs ? in : out, byInputs ? out : in)
              .transposed(!byInputs),
          0,
          compute.into(moved, n, out));
      for (int i = 0; i < size; i++) {
        along[i] += compute.dot(out, d, i * out, moved, i / c * out);
        for (int j = 0; j < size; j++) {
          kernel[i * size + j] += gram[i / c * n + j / c] * turned[i * size + j];
        }
      }
    }
    double[] y = workspace.atLeast("y", size);
    double[] system = workspace.atLeast("system", size * size);
    double[] q = workspace.atLeast("q", c * c);
    for (int s = 0; s < n; s++) {
      GaussNewton.curvature(last, theta, s, q, workspace);
      int row = s * c;
      compute.gemv(1, compute.left(q, c, c), along, row, 0, y, row);
      compute.gemm(
          1,
          compute.left(q, c, c),
          compute.right(kernel, row * size, c, size),
          0,
          compute.into(system, row * size, c, size));
    }
    for (int i = 0; i < size; i++) {
      system[i * size + i] += n * damp;
    }
    LuSolver solver = workspace.object("egn-lu", LuSolver.class, LuSolver::new);
    if (!solver.solve(size, system, y)) {
      return false;
    }
    double[] x = workspace.atLeast("x", n * last.inputs()); // still those of the last layer
    double[] d = workspace.atLeast("d", size * c);
    for (int l = f.layers() - 1; l >= 0; l--) {
      Layer layer = GaussNewton.layer(f, l, last);
      if (layer != last) {
        x = inputs(layer, theta, workspace);
        d = jacobians(layer, theta, c, workspace);
      }
      subtractBack(layer, x, d, c, y, g, context);
    }
    for (int i = 0; i < g.length; i++) {
      g[i] /= damp;
    }
    return true;
  }

  /** {@code g -= J'y} in a layer's parameters. */
  private static void subtractBack(
      Layer layer, double[] x, double[] d, int c, double[] y, double[] g, StepContext context) {
    int n = layer.samples();
    int in = layer.inputs();
    int out = layer.outputs();
    Kernels compute = context.compute();
    double[] back = context.workspace().atLeast("moved", n * out);
    for (int s = 0; s < n; s++) {
      compute.gemv(
          1, compute.left(d, s * c * out, c, out).transposed(), y, s * c, 0, back, s * out);
    }
    int at = layer.offset();
    if (layer.inputsAreRows()) {
      compute.gemm(
          -1,
          compute.left(x, n, in).transposed(),
          compute.right(back, n, out),
          1,
          compute.into(g, at, in, out));
    } else {
      compute.gemm(
          -1,
          compute.left(back, n, out).transposed(),
          compute.right(x, n, in),
          1,
          compute.into(g, at, out, in));
    }
  }

  /** Inputs of all samples, [n x inputs]. */
  private static double[] inputs(Layer layer, double[] theta, Workspace workspace) {
    int in = layer.inputs();
    double[] x = workspace.atLeast("x", layer.samples() * in);
    double[] row = workspace.atLeast("row", in);
    for (int s = 0; s < layer.samples(); s++) {
      layer.input(theta, s, row);
      System.arraycopy(row, 0, x, s * in, in);
    }
    return x;
  }

  /** Derivatives of all samples' model outputs in the layer's, [n c x outputs]. */
  private static double[] jacobians(Layer layer, double[] theta, int c, Workspace workspace) {
    int stride = c * layer.outputs();
    double[] d = workspace.atLeast("d", layer.samples() * stride);
    for (int s = 0; s < layer.samples(); s++) {
      layer.outputJacobian(theta, s, d, s * stride);
    }
    return d;
  }
}

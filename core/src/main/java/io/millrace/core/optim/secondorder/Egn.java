package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.ComputeBackend.Transpose;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.linalg.LuSolver;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * EGN: exact Gauss-Newton steps through a system of the mini-batch's size. Korbit, Adeoye,
 * Bemporad, Zanon, "Exact Gauss-Newton Optimization for Training Deep Neural Networks",
 * arXiv:2405.14402, Algorithm 1, for a model made of linear {@link Layer}s. With J the outputs'
 * derivative in theta, Q the loss's curvature in the outputs and n samples
 *
 * <pre>
 * u      = (J'QJ / n + damp I)^-1 g
 *        = (g - J' (n damp I + Q J J')^-1 Q J g) / damp       (Duncan-Guttman)
 * v     &lt;- mu v + (1 - mu) u                                (mu = momentum)
 * theta &lt;- theta - lr v / (1 - mu^t)
 * </pre>
 *
 * <p>Of the two forms the one with the smaller system is taken: n outputs by LU, or d by Cholesky.
 * Deviations from the paper: line search and adaptive damping are left out; g is the objective's
 * gradient, so that penalties and clipping act on it. Memory d (v) and, for the step, the smaller
 * system; with c outputs {@code (n c)^3} flops and one product of that side per layer, or {@code
 * d^3 / 3 + n c d^2}. Immutable.
 */
public final class Egn implements Optimizer {
  static final Hyper DAMP =
      new Hyper("damp", 1, Range.positive(), "added to the Gauss-Newton matrix");
  static final Hyper MOMENTUM =
      new Hyper("momentum", 0, Range.halfOpen(0, 1), "mu, decay of the average of directions");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "egn",
          1,
          new Source(
              "Korbit, Adeoye, Bemporad, Zanon, Exact Gauss-Newton Optimization for Training Deep"
                  + " Neural Networks, arXiv:2405.14402",
              Source.Confidence.CODE_READ),
          1,
          List.of(DAMP, MOMENTUM),
          Egn::new);

  private static final String VELOCITY = "v";

  private final double damp;
  private final double momentum;

  Egn(HyperValues values) {
    damp = values.get(DAMP);
    momentum = values.get(MOMENTUM);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.GRADIENT, Oracle.LAYER, Oracle.LAYER_CURVATURE);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(VELOCITY);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] v = slots.get(VELOCITY);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    Layer last = f.layer(f.layers() - 1);
    boolean solved =
        last.samples() * last.outputs() <= theta.length
            ? bySamples(f, last, theta, g, context)
            : byParameters(f, last, theta, g, context);
    if (!solved) {
      // The system has overflowed; a step that is not finite is one that nobody keeps.
      Arrays.fill(theta, Double.NaN);
      return;
    }
    double rate = context.learningRate() / (1 - IntegerPower.of(momentum, slots.nextStep()));
    for (int i = 0; i < theta.length; i++) {
      v[i] = momentum * v[i] + (1 - momentum) * g[i];
      theta[i] -= rate * v[i];
    }
  }

  /** Turns g into the direction; system of n c. */
  private boolean bySamples(
      Objective f, Layer last, double[] theta, double[] g, StepContext context) {
    int n = last.samples();
    int c = last.outputs();
    int size = n * c;
    Workspace workspace = context.workspace();
    ComputeBackend compute = context.compute();
    double[] gram = workspace.atLeast("gram", n * n);
    double[] turned = workspace.atLeast("turned", size * size);
    double[] kernel = workspace.atLeast("kernel", size * size); // J J'
    double[] along = workspace.atLeast("along", size); // J g
    Arrays.fill(kernel, 0, size * size, 0);
    Arrays.fill(along, 0, size, 0);
    for (int l = 0; l < f.layers(); l++) {
      Layer layer = layer(f, l, last);
      int in = layer.inputs();
      int out = layer.outputs();
      double[] x = inputs(layer, theta, workspace);
      double[] d = jacobians(layer, theta, c, workspace);
      compute.gemm(Transpose.NO, Transpose.YES, n, n, in, 1, x, 0, x, 0, 0, gram, 0);
      compute.gemm(Transpose.NO, Transpose.YES, size, size, out, 1, d, 0, d, 0, 0, turned, 0);
      double[] moved = workspace.atLeast("moved", n * out);
      Transpose stored = layer.inputsAreRows() ? Transpose.NO : Transpose.YES;
      compute.gemm(Transpose.NO, stored, n, out, in, 1, x, 0, g, layer.offset(), 0, moved, 0);
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
      curvature(last, theta, s, q, workspace);
      int row = s * c;
      compute.gemv(Transpose.NO, c, c, 1, q, 0, along, row, 0, y, row);
      compute.gemm(
          Transpose.NO,
          Transpose.NO,
          c,
          size,
          c,
          1,
          q,
          0,
          kernel,
          row * size,
          0,
          system,
          row * size);
    }
    for (int i = 0; i < size; i++) {
      system[i * size + i] += n * damp;
    }
    LuSolver solver = workspace.object("egn-lu", LuSolver.class, LuSolver::new);
    if (!Vectors.allFinite(system, size * size) || !solver.factor(size, system, false)) {
      return false;
    }
    solver.solve(y);
    double[] x = workspace.atLeast("x", n * last.inputs()); // still those of the last layer
    double[] d = workspace.atLeast("d", size * c);
    for (int l = f.layers() - 1; l >= 0; l--) {
      Layer layer = layer(f, l, last);
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

  private static Layer layer(Objective f, int index, Layer last) {
    return index + 1 == f.layers() ? last : f.layer(index);
  }

  /** {@code g -= J'y} in a layer's parameters. */
  private static void subtractBack(
      Layer layer, double[] x, double[] d, int c, double[] y, double[] g, StepContext context) {
    int n = layer.samples();
    int in = layer.inputs();
    int out = layer.outputs();
    ComputeBackend compute = context.compute();
    double[] back = context.workspace().atLeast("moved", n * out);
    for (int s = 0; s < n; s++) {
      compute.gemv(Transpose.YES, c, out, 1, d, s * c * out, y, s * c, 0, back, s * out);
    }
    int at = layer.offset();
    if (layer.inputsAreRows()) {
      compute.gemm(Transpose.YES, Transpose.NO, in, out, n, -1, x, 0, back, 0, 1, g, at);
    } else {
      compute.gemm(Transpose.YES, Transpose.NO, out, in, n, -1, back, 0, x, 0, 1, g, at);
    }
  }

  /** Turns g into the direction; system of d. */
  private boolean byParameters(
      Objective f, Layer last, double[] theta, double[] g, StepContext context) {
    int n = last.samples();
    int c = last.outputs();
    int d = g.length;
    Workspace workspace = context.workspace();
    ComputeBackend compute = context.compute();
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
        rowsOfJ(layer(f, l, last), theta, s, c, d, rows, workspace);
      }
      curvature(last, theta, s, q, workspace);
      compute.gemm(Transpose.NO, Transpose.NO, c, d, c, 1.0 / n, q, 0, rows, 0, 0, bent, 0);
      compute.gemm(Transpose.YES, Transpose.NO, d, d, c, 1, rows, 0, bent, 0, 1, system, 0);
    }
    if (!compute.cholesky(d, system, system)) {
      return false;
    }
    compute.solveTriangular(Transpose.NO, d, system, 1, g);
    compute.solveTriangular(Transpose.YES, d, system, 1, g);
    return true;
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

  /** The loss's curvature in the model's outputs, column by column. */
  private static void curvature(
      Layer last, double[] theta, int sample, double[] q, Workspace workspace) {
    int c = last.outputs();
    double[] unit = workspace.atLeast("unit", c);
    double[] bent = workspace.atLeast("bent", c);
    for (int l = 0; l < c; l++) {
      Arrays.fill(unit, 0, c, 0);
      unit[l] = 1;
      last.outputCurvature(theta, sample, unit, bent);
      for (int k = 0; k < c; k++) {
        q[k * c + l] = bent[k];
      }
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

  /** The system mixes all coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.ComputeBackend.Transpose;
import io.millrace.core.linalg.LuSolver;
import io.millrace.core.linalg.Vectors;
import io.millrace.core.optim.Hyper;
import io.millrace.core.optim.HyperValues;
import io.millrace.core.optim.IntegerPower;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Range;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.Source;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * EGN: exact Gauss-Newton steps through a system of the mini-batch's size. Korbit, Adeoye,
 * Bemporad, Zanon, "Exact Gauss-Newton Optimization for Training Deep Neural Networks",
 * arXiv:2405.14402, Algorithm 1, for a model that is one {@link Layer}. With J the outputs'
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
 * system; with c outputs {@code (n c)^3 + n^2 d / c} flops, or {@code d^3 / 3 + n d^2}. Immutable.
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
    slots.elementwise("v");
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] v = slots.get("v");
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    Layer layer = f.layer();
    boolean solved =
        layer.samples() * layer.outputs() <= theta.length
            ? bySamples(layer, theta, g, context)
            : byParameters(layer, theta, g, context);
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
  private boolean bySamples(Layer layer, double[] theta, double[] g, StepContext context) {
    int n = layer.samples();
    int c = layer.outputs();
    int in = layer.inputs();
    int size = n * c;
    Workspace workspace = context.workspace();
    double[] x = inputs(layer, workspace);
    double[] along = workspace.atLeast("along", c);
    double[] bent = workspace.atLeast("bent", c);
    double[] y = workspace.atLeast("y", size);
    double[] gram = workspace.atLeast("gram", n * n);
    double[] system = workspace.atLeast("system", size * size);
    context.compute().gemm(Transpose.NO, Transpose.YES, n, n, in, 1, x, 0, x, 0, 0, gram, 0);
    for (int s = 0; s < n; s++) {
      for (int k = 0; k < c; k++) {
        along[k] = 0;
        for (int j = 0; j < in; j++) {
          along[k] += x[s * in + j] * g[at(layer, j, k)];
        }
      }
      layer.outputCurvature(theta, s, along, bent);
      System.arraycopy(bent, 0, y, s * c, c);
      for (int l = 0; l < c; l++) {
        Arrays.fill(along, 0, c, 0);
        along[l] = 1;
        layer.outputCurvature(theta, s, along, bent);
        for (int k = 0; k < c; k++) {
          for (int other = 0; other < n; other++) {
            boolean diagonal = s == other && k == l;
            system[(s * c + k) * size + other * c + l] =
                bent[k] * gram[s * n + other] + (diagonal ? n * damp : 0);
          }
        }
      }
    }
    LuSolver solver = workspace.object("egn-lu", LuSolver.class, LuSolver::new);
    if (!Vectors.allFinite(system, size * size) || !solver.factor(size, system, false)) {
      return false;
    }
    solver.solve(y);
    for (int s = 0; s < n; s++) {
      for (int k = 0; k < c; k++) {
        for (int j = 0; j < in; j++) {
          g[at(layer, j, k)] -= x[s * in + j] * y[s * c + k];
        }
      }
    }
    for (int i = 0; i < g.length; i++) {
      g[i] /= damp;
    }
    return true;
  }

  /** Turns g into the direction; system of d. */
  private boolean byParameters(Layer layer, double[] theta, double[] g, StepContext context) {
    int n = layer.samples();
    int c = layer.outputs();
    int in = layer.inputs();
    int d = g.length;
    Workspace workspace = context.workspace();
    double[] x = inputs(layer, workspace);
    double[] along = workspace.atLeast("along", c);
    double[] bent = workspace.atLeast("bent", c);
    double[] system = workspace.atLeast("system", d * d);
    Arrays.fill(system, 0, d * d, 0);
    for (int i = 0; i < d; i++) {
      system[i * d + i] = damp;
    }
    for (int s = 0; s < n; s++) {
      for (int l = 0; l < c; l++) {
        Arrays.fill(along, 0, c, 0);
        along[l] = 1;
        layer.outputCurvature(theta, s, along, bent);
        for (int k = 0; k < c; k++) {
          double share = bent[k] / n;
          for (int i = 0; i < in; i++) {
            double xi = share * x[s * in + i];
            for (int j = 0; j < in; j++) {
              system[at(layer, i, k) * d + at(layer, j, l)] += xi * x[s * in + j];
            }
          }
        }
      }
    }
    if (!context.compute().cholesky(d, system, system)) {
      return false;
    }
    context.compute().solveTriangular(Transpose.NO, d, system, 1, g);
    context.compute().solveTriangular(Transpose.YES, d, system, 1, g);
    return true;
  }

  private static int at(Layer layer, int input, int output) {
    return layer.inputsAreRows()
        ? input * layer.outputs() + output
        : output * layer.inputs() + input;
  }

  private static double[] inputs(Layer layer, Workspace workspace) {
    int in = layer.inputs();
    double[] x = workspace.atLeast("x", layer.samples() * in);
    double[] row = workspace.atLeast("row", in);
    for (int s = 0; s < layer.samples(); s++) {
      layer.input(s, row);
      System.arraycopy(row, 0, x, s * in, in);
    }
    return x;
  }

  /** The system mixes all coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

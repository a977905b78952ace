package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * PSGD of Newton type with a dense triangular preconditioner. Li, "Preconditioned Stochastic
 * Gradient Descent", arXiv:1512.04202, and Pooladzandi, Li, "Curvature-Informed SGD via General
 * Purpose Lie-Group Preconditioners", arXiv:2402.04553; order and constants as in the author's code
 * (lixilinx/psgd_torch, update_precond_dense_eq). P = Q'Q is fitted so that P h is like v.
 *
 * <pre>
 * v      of independent normals, h = H v
 * a      = Q h,  b = Q'^-1 v,  l = a'a + b'b
 * L     &lt;- max(betaL L + (1 - betaL) l, l)
 * Q     &lt;- Q - (lr-precond / L) triu(a a' - b b') Q
 * theta &lt;- theta - lr Q'Q g
 * </pre>
 *
 * <p>Deviations from the code: no damping noise on h; where h is zero the fit is left out, because
 * there Q would grow without bound. Memory {@code d^2}, one gradient and one Hessian-vector
 * product, about {@code 8 d^2} flops per step. Immutable.
 */
public final class PsgdDenseNewton implements Optimizer {
  static final Hyper LR_PRECOND =
      new Hyper("lr-precond", 0.1, Range.halfOpen(0, 1), "learning rate of the preconditioner");
  static final Hyper BETAL =
      new Hyper("betal", 0.9, Range.halfOpen(0, 1), "decay of the preconditioner's smoothness");
  static final Hyper INIT_SCALE =
      new Hyper(
          "init-scale", 1, Range.positive(), "first preconditioner, as a multiple of the identity");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "psgd_dense_newton",
          1,
          new Source(
              "Li, Preconditioned Stochastic Gradient Descent, arXiv:1512.04202; Pooladzandi, Li,"
                  + " arXiv:2402.04553",
              Source.Confidence.CODE),
          0.1,
          List.of(LR_PRECOND, BETAL, INIT_SCALE),
          PsgdDenseNewton::new);

  private static final String FACTOR = "q";
  private static final String SMOOTHNESS = "l";

  private final double lrPrecond;
  private final double betal;
  private final double initScale;

  PsgdDenseNewton(HyperValues values) {
    lrPrecond = values.get(LR_PRECOND);
    betal = values.get(BETAL);
    initScale = values.get(INIT_SCALE);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.GRADIENT, Oracle.HESSIAN_VECTOR);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.block(FACTOR, (long) layout.size() * layout.size());
    slots.block(SMOOTHNESS, 1);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    double[] q = slots.get(FACTOR);
    for (int i = 0; i < theta.length; i++) {
      q[i * theta.length + i] = initScale;
    }
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    int d = theta.length;
    double[] q = slots.get(FACTOR);
    Workspace workspace = context.workspace();
    Kernels compute = context.compute();
    double[] g = workspace.array("g", d);
    double[] v = workspace.array("v", d);
    double[] h = workspace.array("h", d);
    double[] a = workspace.array("a", d);
    Draws draws = context.draws().fork(Purpose.PERTURBATION);
    for (int i = 0; i < d; i++) {
      v[i] = draws.normal(i);
    }
    f.gradient(theta, g);
    f.hessianVector(theta, v, h);
    if (compute.norm(d, h, 0) > 0) {
      compute.gemv(1, compute.left(q, d, d), h, 0, 0, a, 0);
      fit(q, slots.get(SMOOTHNESS), a, v, d, workspace);
    }
    compute.gemv(1, compute.left(q, d, d), g, 0, 0, a, 0);
    compute.gemv(-context.learningRate(), compute.left(q, d, d).transposed(), a, 0, 1, theta, 0);
  }

  /**
   * One step of the fit, row by row of Q as it lies in memory.
   *
   * @param v overwritten by b
   */
  private void fit(
      double[] q, double[] smoothness, double[] a, double[] v, int d, Workspace workspace) {
    double size = 0;
    for (int i = 0; i < d; i++) {
      double b = v[i] / q[i * d + i];
      v[i] = b;
      size += a[i] * a[i] + b * b;
      for (int j = i + 1; j < d; j++) {
        v[j] -= q[i * d + j] * b;
      }
    }
    smoothness[0] = Math.max(betal * smoothness[0] + (1 - betal) * size, size);
    double rate = lrPrecond / smoothness[0];
    // (triu(a a' - b b') Q)_ij = a_i (sum of a_k Q_kj, i <= k <= j) - the same of b. Row by row
    // from the bottom, the sums of each column grow by one element.
    double[] sumA = workspace.array("sum-a", d);
    double[] sumB = workspace.array("sum-b", d);
    Arrays.fill(sumA, 0);
    Arrays.fill(sumB, 0);
    for (int i = d - 1; i >= 0; i--) {
      double ai = a[i];
      double bi = v[i];
      int row = i * d;
      for (int j = i; j < d; j++) {
        double old = q[row + j];
        double upToA = sumA[j] + ai * old;
        double upToB = sumB[j] + bi * old;
        sumA[j] = upToA;
        sumB[j] = upToB;
        q[row + j] = old - rate * (ai * upToA - bi * upToB);
      }
    }
  }

  /** The preconditioner mixes all coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}

package io.millrace.core.solver;

import io.millrace.core.compute.Vectors;
import java.util.Arrays;

/**
 * Conjugate gradients, preconditioned by symmetric successive over-relaxation. Axelsson, "A
 * Generalized SSOR Method", BIT 12, 1972; as Khodak, Chow, Balcan, Talwalkar, "Learning to Relax:
 * Setting Solver Parameters Across a Sequence of Linear System Instances", arXiv:2310.02246, run
 * it: the factor with the upper triangle is solved first.
 *
 * <pre>
 * M = (D + omega L)' D^{-1} (D + omega L) / (omega (2 - omega))
 * the first k with ||r_k|| &lt;= tolerance ||b||; r_k by its recurrence
 * </pre>
 *
 * <p>Residuals are in units of b. About 40 n flops per iteration.
 */
public final class SsorCg implements RelaxedSolver {
  private double[] r = {};
  private double[] z = {};
  private double[] p = {};
  private double[] q = {};
  private double residual;
  private double previous;

  @Override
  public int solve(
      GridStencil a, double[] b, double[] x, double omega, double tolerance, int maxIterations) {
    int n = a.size();
    if (r.length != n) {
      r = new double[n];
      z = new double[n];
      p = new double[n];
      q = new double[n];
    }
    a.residual(b, x, r);
    double unit = Vectors.norm(b, 0, n);
    if (unit == 0) {
      // A zero right-hand side is no unit, and its solution is known.
      Arrays.fill(x, 0, n, 0);
      residual = 0;
      previous = 0;
      return 0;
    }
    residual = Vectors.norm(r, 0, n) / unit;
    previous = residual;
    double rz = 0;
    int k = 0;
    while (k < maxIterations && residual > tolerance) {
      precondition(a, omega);
      double next = Vectors.dot(r, 0, z, 0, n);
      double beta = k == 0 ? 0 : next / rz;
      rz = next;
      for (int i = 0; i < n; i++) {
        p[i] = z[i] + beta * p[i];
      }
      a.multiply(p, q);
      double alpha = rz / Vectors.dot(p, 0, q, 0, n);
      for (int i = 0; i < n; i++) {
        x[i] += alpha * p[i];
        r[i] -= alpha * q[i];
      }
      previous = residual;
      residual = Vectors.norm(r, 0, n) / unit;
      k++;
    }
    return k;
  }

  /** {@code z = M^{-1} r}; D + omega L is omega times what the stencil solves. */
  private void precondition(GridStencil a, double omega) {
    a.solveUpper(omega, r, z);
    double scale = a.diagonal() * (2 - omega) / omega;
    for (int i = 0; i < z.length; i++) {
      z[i] *= scale;
    }
    a.solveLower(omega, z, z);
  }

  @Override
  public double residual() {
    return residual;
  }

  @Override
  public double previousResidual() {
    return previous;
  }
}

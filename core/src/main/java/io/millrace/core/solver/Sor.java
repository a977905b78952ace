package io.millrace.core.solver;

import io.millrace.core.compute.Vectors;

/**
 * Successive over-relaxation. Young, "Iterative Methods for Solving Partial Difference Equations of
 * Elliptic Type", 1954; as Khodak, Chow, Balcan, Talwalkar, "Learning to Relax: Setting Solver
 * Parameters Across a Sequence of Linear System Instances", arXiv:2310.02246, run it.
 *
 * <pre>
 * x += (D / omega + L)^{-1} (b - A x),   the first k with ||r_k|| &lt; tolerance ||r_0||
 * </pre>
 *
 * <p>Residuals are in units of that of the start. About 20 n flops per iteration.
 */
public final class Sor implements RelaxedSolver {
  private double[] r = {};
  private double[] step = {};
  private double residual;
  private double previous;

  @Override
  public int solve(
      GridStencil a, double[] b, double[] x, double omega, double tolerance, int maxIterations) {
    int n = a.size();
    if (r.length != n) {
      r = new double[n];
      step = new double[n];
    }
    a.residual(b, x, r);
    double start = Vectors.norm(r, 0, n);
    residual = start == 0 ? 0 : 1;
    previous = residual;
    int k = 0;
    // A start without a residual is the solution; there is nothing to compare later ones with.
    while (start > 0 && k < maxIterations && !(residual < tolerance)) {
      a.solveLower(omega, r, step);
      for (int i = 0; i < n; i++) {
        x[i] += step[i];
      }
      a.residual(b, x, r);
      previous = residual;
      residual = Vectors.norm(r, 0, n) / start;
      k++;
    }
    return k;
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

package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.coder.CdLasso;

/**
 * Exact block of BCD-PR over the non-negative orthant for a least-squares loss: minimises
 *
 * <pre>
 * 0.5 tr(X G X') - tr(X R') + (prox/2) ||X - X_old||^2      over X >= 0, X[rows][K]
 * </pre>
 *
 * <p>Rows do not meet in it, each is a non-negative least squares problem of K unknowns with Gram
 * matrix {@code G + prox I} and right side {@code r + prox x_old}: cyclic coordinate descent from
 * x_old. Immutable.
 */
final class ProximalBlock {
  private final int atoms;
  private final CdLasso coder;

  /**
   * For K unknowns per row.
   *
   * @param tolerance largest change of an entry in the last pass, relative to the row's size
   */
  ProximalBlock(int atoms, double tolerance, int maxSweeps) {
    this.atoms = atoms;
    coder = new CdLasso(0, 0, true, tolerance, maxSweeps);
  }

  /**
   * Solves in place. Element (r, j) of X and R lies at {@code r * rowStride + j * atomStride}.
   *
   * @param gram [K x K], not modified
   * @param r right side, not modified
   * @param prox at least 0
   * @param x X_old, overwritten by X
   * @return rows that the limit of sweeps ended before the tolerance was met
   */
  int solve(
      int rows,
      int rowStride,
      int atomStride,
      double[] gram,
      double[] r,
      double prox,
      double[] x,
      Workspace workspace) {
    double[] shifted = workspace.array("proximal.gram", atoms * atoms);
    System.arraycopy(gram, 0, shifted, 0, shifted.length);
    double steepest = 0;
    for (int j = 0; j < atoms; j++) {
      shifted[j * atoms + j] += prox;
      steepest = Math.max(steepest, shifted[j * atoms + j]);
    }
    if (!(steepest > 0)) {
      return 0;
    }
    int unconverged = 0;
    Gram view = workspace.object("proximal.view", Gram.class, Gram::new).aim(atoms, shifted);
    double[] c = workspace.array("proximal.c", atoms);
    double[] a = workspace.array("proximal.a", atoms);
    for (int i = 0; i < rows; i++) {
      double largest = 0;
      for (int j = 0; j < atoms; j++) {
        int at = i * rowStride + j * atomStride;
        a[j] = x[at];
        c[j] = r[at] + prox * x[at];
        largest = Math.max(largest, Math.abs(c[j]));
      }
      // A power of two as unit, so that the tolerance is relative and no digit is lost.
      int unit = Math.getExponent(largest / steepest);
      if (largest == 0 || unit > Double.MAX_EXPONENT - 1) {
        unit = 0;
      }
      for (int j = 0; j < atoms; j++) {
        a[j] = Math.scalb(a[j], -unit);
        c[j] = Math.scalb(c[j], -unit);
      }
      unconverged += coder.solve(view, c, 0, 1, a, 0, workspace) < 0 ? 1 : 0;
      for (int j = 0; j < atoms; j++) {
        x[i * rowStride + j * atomStride] = Math.scalb(a[j], unit);
      }
    }
    return unconverged;
  }
}

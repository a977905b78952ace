package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.Gram;
import java.util.Arrays;

/**
 * Block coordinate descent with proximal regularisation (BCD-PR) for non-negative CP dictionaries:
 * signals {@code X_i ~ U' diag(w_i) V}, all factors non-negative, under
 *
 * <pre>
 * F = 0.5 sum_i ||X_i - sum_j w_ij u_j v_j'||^2
 * </pre>
 *
 * <p>The blocks U, V and W, each an exact minimisation of F plus {@code (prox/2) ||block -
 * old||^2}. F then never increases, and the squared moves of all blocks sum to at most {@code 2
 * (F_0 - inf F) / prox}. Of the signals U and V need the statistics {@code A = sum w w'}, {@code B
 * = sum x w'} alone. Arrays are atom-major, see {@link CpShape}; codes W are [n x K]. Immutable.
 *
 * <p>Jobs use it through {@link CpDictionary}; public because golden files list the blocks one by
 * one.
 */
public final class CpLeastSquares {
  private final CpShape shape;
  private final ComputeBackend backend;
  private final ProximalBlock block;

  /**
   * For signals of {@code rows x columns}.
   *
   * @param tolerance of the block solves, relative
   * @param maxSweeps limit of the block solves
   */
  public CpLeastSquares(
      int rows, int columns, int atoms, double tolerance, int maxSweeps, ComputeBackend backend) {
    shape = new CpShape(rows, columns, atoms);
    this.backend = backend;
    block = new ProximalBlock(atoms, tolerance, maxSweeps);
  }

  /**
   * {@code A = beta A + scale sum w_i a_i a_i'}, {@code B = beta B + scale sum w_i x_i a_i'}.
   *
   * @param weights [n]
   * @param codes [n x K]
   * @param a [K x K]
   * @param b [K x m]
   */
  public void accumulate(
      double beta,
      double scale,
      double[] x,
      double[] weights,
      double[] codes,
      int n,
      double[] a,
      double[] b,
      Workspace workspace) {
    int k = shape.atoms();
    int m = shape.dimension();
    double[] weighted = workspace.atLeast("cp.weighted", n * k);
    Kernels kernels = workspace.kernels(backend);
    for (int i = 0; i < n; i++) {
      for (int j = i * k; j < (i + 1) * k; j++) {
        weighted[j] = weights[i] * codes[j];
      }
    }
    kernels.gemm(
        scale,
        kernels.left(weighted, n, k).transposed(),
        kernels.right(codes, n, k),
        beta,
        kernels.into(a, k, k));
    kernels.gemm(
        scale,
        kernels.left(weighted, n, k).transposed(),
        kernels.right(x, n, m),
        beta,
        kernels.into(b, k, m));
  }

  /**
   * The block of one factor.
   *
   * @param first whether U, else V
   * @param factor U or V, modified in place
   * @param other V or U
   * @return rows of the block that its limit ended before its tolerance was met
   */
  public int updateFactor(
      boolean first,
      double[] a,
      double[] b,
      double prox,
      double[] factor,
      double[] other,
      Workspace workspace) {
    int k = shape.atoms();
    int length = shape.length(first);
    double[] gram = workspace.array("cp.gram", k * k);
    double[] right = workspace.array(first ? "cp.right1" : "cp.right2", k * length);
    gramOf(other, shape.length(!first), gram, workspace.kernels(backend));
    for (int i = 0; i < gram.length; i++) {
      gram[i] *= a[i];
    }
    shape.contract(b, first, other, right);
    return block.solve(length, 1, length, gram, right, prox, factor, workspace);
  }

  private void gramOf(double[] factor, int length, double[] gram, Kernels kernels) {
    int k = shape.atoms();
    kernels.gemm(
        1,
        kernels.left(factor, k, length),
        kernels.right(factor, k, length).transposed(),
        0,
        kernels.into(gram, k, k));
  }

  /**
   * The block of the codes.
   *
   * @param codes [n x K], modified in place
   * @param prox 0: plain non-negative least squares, for which the codes are only the start
   * @param objectives [n], overwritten by each signal's part of F; null: not asked for
   * @return codes that the limit ended before the tolerance was met
   */
  public int updateCodes(
      double[] x,
      int n,
      double[] u,
      double[] v,
      double prox,
      double[] codes,
      double[] objectives,
      Workspace workspace) {
    int k = shape.atoms();
    int m = shape.dimension();
    double[] d = workspace.array("cp.atoms", k * m);
    double[] gram = workspace.array("cp.gram", k * k);
    double[] c = workspace.atLeast("cp.c", n * k);
    shape.atoms(u, v, d);
    Kernels kernels = workspace.kernels(backend);
    gramOf(d, m, gram, kernels);
    kernels.gemm(
        1, kernels.left(x, n, m), kernels.right(d, k, m).transposed(), 0, kernels.into(c, n, k));
    int unconverged = block.solve(n, k, 1, gram, c, prox, codes, workspace);
    if (objectives == null) {
      return unconverged;
    }
    Gram view = workspace.object("cp.view", Gram.class, Gram::new).aim(k, gram);
    for (int i = 0; i < n; i++) {
      double xx = kernels.dot(m, x, i * m, x, i * m);
      objectives[i] = 0.5 * CodeMeasures.residual(view, c, i * k, xx, codes, i * k);
    }
    return unconverged;
  }

  /** Codes of signals by non-negative least squares, from zero; arguments as in updateCodes. */
  int encode(
      double[] x,
      int n,
      double[] u,
      double[] v,
      double[] codes,
      double[] objectives,
      Workspace workspace) {
    Arrays.fill(codes, 0, n * shape.atoms(), 0);
    return updateCodes(x, n, u, v, 0, codes, objectives, workspace);
  }
}

package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.Lbfgs;

/**
 * Dual of a factor U (or V) under n histograms with fixed codes, {@code p_i = sum_j w_ij u_j v_j'}:
 *
 * <pre>
 * min over g_1 .. g_n of  sum_i H_qi*(g_i) + sum_j R*(z_j),   z_j = -(sum_i w_ij g_i) v_j
 * </pre>
 *
 * <p>Of the duals the factors see the sums {@code sum_i w_ij g_i} alone, a matrix per atom. Aimed
 * anew for every block. Not thread-safe.
 */
final class FactorDual implements Lbfgs.Function {
  private final CpShape shape;
  private final Kernels kernels;
  private final double[] sums;
  private final double[] d;
  private EntropicTransport transport;
  private SimplexBlock simplex;
  private Workspace workspace;
  private int n;
  private double[] q;
  private double[] codes;
  private boolean first;
  private double[] other;
  private double[] logOld = {};
  private double[] factor = {};

  FactorDual(CpShape shape, Kernels kernels) {
    this.shape = shape;
    this.kernels = kernels;
    sums = new double[shape.atoms() * shape.dimension()];
    d = new double[shape.atoms() * shape.dimension()];
  }

  CpShape shape() {
    return shape;
  }

  /**
   * Aims at a block.
   *
   * @param q [n x m], a row's sum is its weight; kept
   * @param codes [n x K], a row's sum is its weight; kept
   * @param first whether the block is U, else V
   * @param old the block before; read here alone
   * @param other V, or U; kept
   */
  FactorDual aim(
      EntropicTransport transport,
      SimplexBlock simplex,
      double[] q,
      double[] codes,
      int n,
      boolean first,
      double[] old,
      double[] other,
      Workspace workspace) {
    this.transport = transport;
    this.simplex = simplex;
    this.workspace = workspace;
    this.q = q;
    this.codes = codes;
    this.n = n;
    this.first = first;
    this.other = other;
    int length = shape.atoms() * shape.length(first);
    if (factor.length < length) {
      factor = new double[length];
      logOld = new double[length];
    }
    SimplexBlock.logarithms(old, length, logOld);
    return this;
  }

  @Override
  public double evaluate(double[] g, double[] gradient) {
    int k = shape.atoms();
    int m = shape.dimension();
    double value = 0;
    for (int i = 0; i < n; i++) {
      value += transport.conjugate(q, g, i * m, gradient, workspace);
    }
    kernels.gemm(
        -1,
        kernels.left(codes, n, k).transposed(),
        kernels.right(g, n, m),
        0,
        kernels.into(sums, k, m));
    shape.contract(sums, first, other, factor);
    value += simplex.solve(factor, k, shape.length(first), logOld);
    if (first) {
      shape.atoms(factor, other, d);
    } else {
      shape.atoms(other, factor, d);
    }
    kernels.gemm(
        -1, kernels.left(codes, n, k), kernels.right(d, k, m), 1, kernels.into(gradient, n, m));
    return value;
  }

  /** The primal point of the g last evaluated [K x d1] or [K x d2]. */
  double[] factor() {
    return factor;
  }

  /** {@code prox KL(block, old)} of the g last evaluated. */
  double proximity() {
    return simplex.proximity(factor, shape.atoms() * shape.length(first), logOld);
  }
}

package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.Lbfgs;

/**
 * Dual of the code of one histogram, {@code min over g of H_q*(g) + R*(-D g)}; minus its least
 * value is that of {@code H_q(D'w) + R(w)} over the simplex. Aimed anew for every histogram. Not
 * thread-safe.
 */
final class CodeDual implements Lbfgs.Function {
  private EntropicTransport transport;
  private SimplexBlock simplex;
  private Kernels kernels;
  private Workspace workspace;
  private int atoms;
  private int dimension;
  private double[] q;
  private double[] d;
  private double[] code = {};

  /**
   * Aims at a histogram.
   *
   * @param q [m], sums to 1; kept
   * @param d [K x m], atoms sum to 1; kept
   */
  CodeDual aim(
      CpShape shape,
      EntropicTransport transport,
      SimplexBlock simplex,
      double[] q,
      double[] d,
      Kernels kernels,
      Workspace workspace) {
    this.transport = transport;
    this.simplex = simplex;
    this.kernels = kernels;
    this.workspace = workspace;
    this.q = q;
    this.d = d;
    atoms = shape.atoms();
    dimension = shape.dimension();
    code = code.length == atoms ? code : new double[atoms];
    return this;
  }

  @Override
  public double evaluate(double[] g, double[] gradient) {
    double value = transport.conjugate(q, g, 0, gradient, workspace);
    kernels.gemv(-1, kernels.left(d, atoms, dimension), g, 0, 0, code, 0);
    value += simplex.solve(code, 1, atoms, code);
    kernels.gemv(-1, kernels.left(d, atoms, dimension).transposed(), code, 0, 1, gradient, 0);
    return value;
  }

  /** The primal point of the g last evaluated [K]. */
  double[] code() {
    return code;
  }
}

package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.Lbfgs;

/**
 * Blocks of BCD-PR for Wasserstein CP dictionaries: codes and factors on simplices, each block
 * solved in its smooth dual by L-BFGS until the gradient, which is what the marginals miss, is
 * small. Immutable.
 */
final class TransportBlocks {
  /** Pairs that L-BFGS keeps. */
  private static final int MEMORY = 10;

  private final CpShape shape;
  private final EntropicTransport transport;
  private final SimplexBlock codes;
  private final SimplexBlock factors;
  private final int maxIterations;
  private final double tolerance;
  private final ComputeBackend backend;

  /**
   * Blocks.
   *
   * @param codes regularizer of codes, without proximal term
   * @param factors regularizer of atoms' factors
   * @param tolerance norm of the dual gradient
   */
  TransportBlocks(
      CpShape shape,
      EntropicTransport transport,
      SimplexBlock codes,
      SimplexBlock factors,
      int maxIterations,
      double tolerance,
      ComputeBackend backend) {
    this.shape = shape;
    this.transport = transport;
    this.codes = codes;
    this.factors = factors;
    this.maxIterations = maxIterations;
    this.tolerance = tolerance;
    this.backend = backend;
  }

  /** What solves have cost and missed. Not thread-safe. */
  static final class Effort {
    int iterations;
    double gradientNorm;

    void reset() {
      iterations = 0;
      gradientNorm = 0;
    }

    private void add(int more, double left) {
      iterations += more;
      gradientNorm = Math.max(gradientNorm, left);
    }
  }

  /**
   * Codes one histogram.
   *
   * @param q [m], sums to 1
   * @param d [K x m]
   * @param g [m], start and result of the dual
   * @param code [K] from {@code codeOffset}, overwritten
   * @return value of the objective
   */
  double code(
      double[] q,
      double[] d,
      double[] g,
      double[] code,
      int codeOffset,
      Effort effort,
      Workspace w) {
    CodeDual dual =
        w.object("transport.code", CodeDual.class, CodeDual::new)
            .aim(shape, transport, codes, q, d, w.kernels(backend), w);
    Lbfgs lbfgs = lbfgs(w);
    int iterations = lbfgs.minimize(dual, shape.dimension(), g, maxIterations, tolerance);
    // The line search may have looked past the point it settled for.
    dual.evaluate(g, w.atLeast("transport.unused", shape.dimension()));
    System.arraycopy(dual.code(), 0, code, codeOffset, shape.atoms());
    effort.add(iterations, lbfgs.gradientNorm());
    return -lbfgs.value();
  }

  /**
   * Replaces a factor by its block's solution.
   *
   * @param q [n x m], rows sum to weights
   * @param w [n x K], rows sum to the same weights
   * @param g [n x m], start and result of the duals
   * @param first whether the factor is U
   * @return value of the objective, the proximal term not counted
   */
  double factor(
      double[] q,
      double[] w,
      int n,
      double[] g,
      boolean first,
      double[] factor,
      double[] other,
      Effort effort,
      Workspace workspace) {
    FactorDual dual =
        dual(workspace).aim(transport, factors, q, w, n, first, factor, other, workspace);
    Lbfgs lbfgs = lbfgs(workspace);
    int length = n * shape.dimension();
    int iterations = lbfgs.minimize(dual, length, g, maxIterations, tolerance);
    dual.evaluate(g, workspace.atLeast("transport.unused", length));
    System.arraycopy(dual.factor(), 0, factor, 0, shape.atoms() * shape.length(first));
    effort.add(iterations, lbfgs.gradientNorm());
    return -lbfgs.value() - dual.proximity();
  }

  private static Lbfgs lbfgs(Workspace workspace) {
    return workspace.object("transport.lbfgs", Lbfgs.class, () -> new Lbfgs(MEMORY));
  }

  private FactorDual dual(Workspace workspace) {
    Duals duals = workspace.object("transport.factor", Duals.class, Duals::new);
    if (duals.last == null || !duals.last.shape().equals(shape)) {
      duals.last = new FactorDual(shape, workspace.kernels(backend));
    }
    return duals.last;
  }

  /** Holds the dual of the shape last asked for. */
  private static final class Duals {
    private FactorDual last;
  }
}

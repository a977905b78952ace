package io.millrace.core.solver;

/**
 * What is known beforehand of the iterations of {@link Sor} on a consistently ordered matrix.
 * Young, "Iterative Solution of Large Linear Systems", 1971; the bound as in Khodak, Chow, Balcan,
 * Talwalkar, "Learning to Relax: Setting Solver Parameters Across a Sequence of Linear System
 * Instances", arXiv:2310.02246.
 *
 * @param beta spectral radius of the Jacobi iteration, in [0, 1)
 */
public record YoungBound(double beta) {
  /** The omega with the least spectral radius, in [1, 2). */
  public double best() {
    double s = beta / (1 + Math.sqrt(1 - beta * beta));
    return 1 + s * s;
  }

  /**
   * Spectral radius of the SOR iteration.
   *
   * @param omega in (0, 2)
   */
  public double radius(double omega) {
    if (omega >= best()) {
      return omega - 1;
    }
    double root = omega * beta + Math.sqrt(omega * omega * beta * beta - 4 * (omega - 1));
    return root * root / 4;
  }

  /**
   * Iterations to a relative residual, as if each multiplied it by one factor.
   *
   * @param tolerance in (0, 1)
   * @param tau how far the first iterations are from their asymptotic rate: 0 not at all, towards 1
   *     without end
   */
  public double iterations(double omega, double tau, double tolerance) {
    double rho = radius(omega);
    return 1 + StrictMath.log(tolerance) / StrictMath.log(rho + tau * (1 - rho));
  }
}

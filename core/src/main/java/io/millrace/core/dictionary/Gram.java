package io.millrace.core.dictionary;

/**
 * The Gram matrix of a dictionary as coders see it: a view of an array, aimed anew instead of made
 * anew. Atom-major dictionaries {@code D[K][m]} have {@code G = D D'}. Not thread-safe.
 */
public final class Gram {
  private int atoms;
  private double[] values = {};
  private double curvature = -1;

  /**
   * Aims the view at a matrix, which must not change until it is aimed again.
   *
   * @param ofAtoms K
   * @param matrix [K x K], symmetric, row-major; kept until the next call
   * @return this
   */
  public Gram aim(int ofAtoms, double[] matrix) {
    atoms = ofAtoms;
    values = matrix;
    curvature = -1;
    return this;
  }

  /** K. */
  public int atoms() {
    return atoms;
  }

  /** [K x K] row-major; not to be modified. */
  public double[] values() {
    return values;
  }

  /** {@code <d_i, d_j>}. */
  public double at(int i, int j) {
    return values[i * atoms + j];
  }

  /**
   * A bound from above of the largest eigenvalue (Gershgorin: the largest absolute row sum), a
   * Lipschitz constant of the gradient of {@code 0.5 ||x - D a||^2}. Computed once per {@link
   * #aim}.
   */
  public double lipschitz() {
    if (curvature < 0) {
      double largest = 0;
      for (int i = 0; i < atoms; i++) {
        double sum = 0;
        for (int j = 0; j < atoms; j++) {
          sum += Math.abs(values[i * atoms + j]);
        }
        largest = Math.max(largest, sum);
      }
      curvature = largest;
    }
    return curvature;
  }
}

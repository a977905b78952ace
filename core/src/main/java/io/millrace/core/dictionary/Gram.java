package io.millrace.core.dictionary;

import io.millrace.core.compute.Vectors;

/**
 * The Gram matrix of a dictionary as coders see it: a view of an array, aimed anew instead of made
 * anew. Atom-major dictionaries {@code D[K][m]} have {@code G = D D'}. Not thread-safe.
 */
public final class Gram {
  /** What sums over rows may have lost. */
  private static final double ROUNDING = 1e-12;

  private int atoms;
  private double[] values = {};
  private double curvature = -1;
  private double[] power = {};
  private double[] square = {};
  private double[][] rows = {};
  private long[] copied = {};
  private int[] support = {};
  private long aims;

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
    aims++;
    if (rows.length != ofAtoms) {
      rows = new double[ofAtoms][ofAtoms];
      copied = new long[ofAtoms];
      support = new int[ofAtoms];
    }
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

  /**
   * A row as an array of its own, because loops are faster on it (see {@link
   * io.millrace.core.compute.Vectors#addRows}). It is copied on first use after {@link #aim}.
   *
   * @return [K], not to be modified
   */
  public double[] row(int j) {
    double[] row = rows[j];
    if (copied[j] != aims) {
      System.arraycopy(values, j * atoms, row, 0, atoms);
      copied[j] = aims;
    }
    return row;
  }

  /** Scratch for the support of a code, [K]. */
  int[] support() {
    return support;
  }

  /** {@code <d_i, d_j>}. */
  public double at(int i, int j) {
    return values[i * atoms + j];
  }

  /**
   * A bound from above of the largest eigenvalue, a Lipschitz constant of the gradient of {@code
   * 0.5 ||x - D a||^2}: {@code ||G^8||_F^(1/8)}, between the eigenvalue and {@code m^(1/16)} times
   * it, where signals have length m. 3 K^3 flop, once per {@link #aim}.
   */
  public double lipschitz() {
    if (curvature < 0) {
      curvature = bound();
    }
    return curvature;
  }

  private double bound() {
    int n = atoms * atoms;
    double size = 0;
    for (int i = 0; i < n; i++) {
      size = Math.max(size, Math.abs(values[i]));
    }
    if (size == 0) {
      return 0;
    }
    if (power.length < n) {
      power = new double[n];
      square = new double[n];
    }
    // Scaled to an eigenvalue of at most 1, so that powers stay in range.
    double scale = size * atoms;
    for (int i = 0; i < n; i++) {
      power[i] = values[i] / scale;
    }
    for (int doubling = 0; doubling < 3; doubling++) {
      for (int i = 0; i < atoms; i++) {
        for (int j = 0; j <= i; j++) {
          double sum = Vectors.dot(power, i * atoms, power, j * atoms, atoms);
          square[i * atoms + j] = sum;
          square[j * atoms + i] = sum;
        }
      }
      double[] swap = power;
      power = square;
      square = swap;
    }
    double norm = Math.sqrt(Vectors.dot(power, 0, power, 0, n));
    return scale * Math.sqrt(Math.sqrt(Math.sqrt(norm))) * (1 + ROUNDING);
  }
}

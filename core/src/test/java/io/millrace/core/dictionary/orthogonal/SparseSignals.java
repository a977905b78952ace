package io.millrace.core.dictionary.orthogonal;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Vectors;
import io.millrace.core.linalg.PolarFactor;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;

/** Signals {@code y = A x}, x Bernoulli-Gaussian, of a random dictionary A of N atoms. */
final class SparseSignals {
  private static final int GAUSS = 100;

  final int size;

  /** Atom-major, of unit norm. */
  final double[] truth;

  private final double theta;
  private final PhiloxDraws draws;
  private long batches;

  private SparseSignals(int size, double theta, long seed, boolean orthogonal) {
    this.size = size;
    this.theta = theta;
    draws = new PhiloxDraws(seed, "signals");
    truth = new double[size * size];
    double[] normal = new double[size * size];
    for (int i = 0; i < normal.length; i++) {
      normal[i] = draws.fork(Purpose.INITIALIZATION).normal(i);
    }
    PolarFactor polar = new PolarFactor(size);
    polar.decompose(normal);
    polar.orthogonal(ScalarBackend.INSTANCE.kernels(), truth);
    if (!orthogonal) {
      for (int i = 0; i < normal.length; i++) {
        truth[i] += 0.6 * normal[i] / Math.sqrt(size);
      }
    }
    unitNorm(truth, size);
  }

  static SparseSignals orthogonal(int size, double theta, long seed) {
    return new SparseSignals(size, theta, seed, true);
  }

  static SparseSignals complete(int size, double theta, long seed) {
    return new SparseSignals(size, theta, seed, false);
  }

  /** Divides every atom by its norm. */
  static double[] unitNorm(double[] atoms, int m) {
    for (int at = 0; at < atoms.length; at += m) {
      double norm = Vectors.norm(atoms, at, m);
      for (int i = at; i < at + m; i++) {
        atoms[i] /= norm;
      }
    }
    return atoms;
  }

  /** The next batch [n x N]. */
  double[] next(int n) {
    draws.at(++batches);
    double[] x = new double[n * size];
    for (int i = 0; i < x.length; i++) {
      boolean on = draws.fork(Purpose.SCHEDULE).coin(i, theta);
      x[i] = on ? draws.fork(GAUSS).normal(i) : 0;
    }
    double[] y = new double[n * size];
    Kernels kernels = ScalarBackend.INSTANCE.kernels();
    kernels.gemm(
        1, kernels.left(x, n, size), kernels.right(truth, size, size), 0, kernels.into(y, n, size));
    return y;
  }
}

package io.millrace.bench.optimizer;

import io.millrace.bench.CpuClock;
import io.millrace.core.compute.ComputeBackend;

/**
 * The reference kernels with a clock around matrix products (matrix times matrix or vector) and
 * around decompositions (Cholesky, triangular solves, eigenvectors, inverse roots, QR). Dot
 * products and norms count as the rest of a step. Not thread-safe.
 */
final class TimedBackend implements ComputeBackend {
  private final ComputeBackend kernels;
  private long products;
  private long decompositions;
  private int calls;

  TimedBackend(ComputeBackend kernels) {
    this.kernels = kernels;
  }

  /** CPU nanoseconds in products. */
  long products() {
    return products;
  }

  /** CPU nanoseconds in decompositions. */
  long decompositions() {
    return decompositions;
  }

  /** Number of both. */
  int calls() {
    return calls;
  }

  void reset() {
    products = 0;
    decompositions = 0;
    calls = 0;
  }

  private void product(long start) {
    products += CpuClock.nanos() - start;
    calls++;
  }

  private void decomposition(long start) {
    decompositions += CpuClock.nanos() - start;
    calls++;
  }

  @Override
  public String id() {
    return kernels.id();
  }

  @Override
  public boolean reproducible() {
    return kernels.reproducible();
  }

  @Override
  public double dot(int n, double[] a, int aOffset, double[] b, int bOffset) {
    return kernels.dot(n, a, aOffset, b, bOffset);
  }

  @Override
  public double norm(int n, double[] a, int aOffset) {
    return kernels.norm(n, a, aOffset);
  }

  @Override
  public void gemv(
      Transpose transpose,
      int rows,
      int cols,
      double alpha,
      double[] a,
      int aOffset,
      double[] x,
      int xOffset,
      double beta,
      double[] y,
      int yOffset) {
    long start = CpuClock.nanos();
    kernels.gemv(transpose, rows, cols, alpha, a, aOffset, x, xOffset, beta, y, yOffset);
    product(start);
  }

  @Override
  public void gemm(
      Transpose transposeA,
      Transpose transposeB,
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      double[] b,
      int bOffset,
      double beta,
      double[] c,
      int cOffset) {
    long start = CpuClock.nanos();
    kernels.gemm(transposeA, transposeB, m, n, k, alpha, a, aOffset, b, bOffset, beta, c, cOffset);
    product(start);
  }

  @Override
  public boolean cholesky(int n, double[] a, double[] l) {
    long start = CpuClock.nanos();
    boolean positive = kernels.cholesky(n, a, l);
    decomposition(start);
    return positive;
  }

  @Override
  public void solveTriangular(Transpose transpose, int n, double[] l, int columns, double[] b) {
    long start = CpuClock.nanos();
    kernels.solveTriangular(transpose, n, l, columns, b);
    decomposition(start);
  }

  @Override
  public void eigenSymmetric(int n, double[] a, double[] values, double[] vectors) {
    long start = CpuClock.nanos();
    kernels.eigenSymmetric(n, a, values, vectors);
    decomposition(start);
  }

  @Override
  public void inverseRoot(int n, double[] a, double p, double ridge, double[] out) {
    long start = CpuClock.nanos();
    kernels.inverseRoot(n, a, p, ridge, out);
    decomposition(start);
  }

  @Override
  public void qr(int m, int n, double[] a, double[] q, double[] r) {
    long start = CpuClock.nanos();
    kernels.qr(m, n, a, q, r);
    decomposition(start);
  }
}

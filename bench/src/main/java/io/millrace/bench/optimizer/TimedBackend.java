package io.millrace.bench.optimizer;

import io.millrace.bench.CpuClock;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.ForwardingKernels;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Matrix;

/**
 * The reference kernels with a clock around matrix products (matrix times matrix or vector) and
 * around decompositions (Cholesky, triangular solves, eigenvectors, inverse roots, QR). Dot
 * products and norms count as the rest of a step. Not thread-safe.
 */
final class TimedBackend implements ComputeBackend {
  private final ComputeBackend backend;
  private long products;
  private long decompositions;
  private int calls;

  TimedBackend(ComputeBackend backend) {
    this.backend = backend;
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

  @Override
  public String id() {
    return backend.id();
  }

  @Override
  public boolean reproducible() {
    return backend.reproducible();
  }

  @Override
  public Kernels kernels() {
    return new Timed(backend.kernels());
  }

  private void product(long start) {
    products += CpuClock.nanos() - start;
    calls++;
  }

  private void decomposition(long start) {
    decompositions += CpuClock.nanos() - start;
    calls++;
  }

  private final class Timed extends ForwardingKernels {
    Timed(Kernels kernels) {
      super(kernels);
    }

    @Override
    public void gemv(
        double alpha, Matrix a, double[] x, int xOffset, double beta, double[] y, int yOffset) {
      long start = CpuClock.nanos();
      super.gemv(alpha, a, x, xOffset, beta, y, yOffset);
      product(start);
    }

    @Override
    public void gemm(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
      long start = CpuClock.nanos();
      super.gemm(alpha, a, b, beta, c);
      product(start);
    }

    @Override
    public boolean cholesky(int n, double[] a, double[] l) {
      long start = CpuClock.nanos();
      boolean positive = super.cholesky(n, a, l);
      decomposition(start);
      return positive;
    }

    @Override
    public void solveTriangular(Transpose transpose, int n, double[] l, int columns, double[] b) {
      long start = CpuClock.nanos();
      super.solveTriangular(transpose, n, l, columns, b);
      decomposition(start);
    }

    @Override
    public void eigenSymmetric(int n, double[] a, double[] values, double[] vectors) {
      long start = CpuClock.nanos();
      super.eigenSymmetric(n, a, values, vectors);
      decomposition(start);
    }

    @Override
    public void inverseRoot(int n, double[] a, double p, double ridge, double[] out) {
      long start = CpuClock.nanos();
      super.inverseRoot(n, a, p, ridge, out);
      decomposition(start);
    }

    @Override
    public void qr(int m, int n, double[] a, double[] q, double[] r) {
      long start = CpuClock.nanos();
      super.qr(m, n, a, q, r);
      decomposition(start);
    }
  }
}

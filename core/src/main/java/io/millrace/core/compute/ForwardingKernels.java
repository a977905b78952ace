package io.millrace.core.compute;

/** Forwards every call to other kernels. Subclasses override what they watch. Not thread-safe. */
public abstract class ForwardingKernels extends Kernels {
  private final Kernels kernels;

  protected ForwardingKernels(Kernels kernels) {
    this.kernels = kernels;
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
      double alpha, Matrix a, double[] x, int xOffset, double beta, double[] y, int yOffset) {
    kernels.gemv(alpha, a, x, xOffset, beta, y, yOffset);
  }

  @Override
  public void gemm(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    kernels.gemm(alpha, a, b, beta, c);
  }

  @Override
  public boolean cholesky(int n, double[] a, double[] l) {
    return kernels.cholesky(n, a, l);
  }

  @Override
  public void solveTriangular(Transpose transpose, int n, double[] l, int columns, double[] b) {
    kernels.solveTriangular(transpose, n, l, columns, b);
  }

  @Override
  public void eigenSymmetric(int n, double[] a, double[] values, double[] vectors) {
    kernels.eigenSymmetric(n, a, values, vectors);
  }

  @Override
  public void inverseRoot(int n, double[] a, double p, double ridge, double[] out) {
    kernels.inverseRoot(n, a, p, ridge, out);
  }

  @Override
  public void qr(int m, int n, double[] a, double[] q, double[] r) {
    kernels.qr(m, n, a, q, r);
  }
}

package io.millrace.compute.cuda;

import com.sun.jna.Pointer;
import io.millrace.core.compute.ForwardingKernels;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Matrix;

/**
 * Kernels whose large products of matrices are computed on a device, with the same bits; everything
 * else, decompositions among it, by the kernels it is made with. A product moves both factors and
 * the result, which only pays where there is much to multiply. Grows to the largest product. Not
 * thread-safe.
 */
public final class DeviceProducts extends ForwardingKernels implements AutoCloseable {
  private static final int TILE = 64;
  private static final int THREADS = 256;

  private final Kernels host;
  private final long from;
  private final Device.Kernel product;
  private final Pointer stream;
  private final DeviceBuffer a = DeviceBuffer.staged();
  private final DeviceBuffer b = DeviceBuffer.staged();
  private final DeviceBuffer c = DeviceBuffer.staged();

  /**
   * Kernels of a device.
   *
   * @param host that do the rest
   * @param from multiplications of a product that is worth its way, at least 1
   */
  public DeviceProducts(Device device, Kernels host, long from) {
    super(host);
    this.host = host;
    this.from = from;
    product = device.kernel("products", "product");
    stream = device.stream();
  }

  @Override
  public void gemm(double alpha, Matrix left, Matrix right, double beta, Matrix into) {
    int m = into.rows();
    int n = into.cols();
    int k = left.cols();
    if ((long) m * n * k < from) {
      host.gemm(alpha, left, right, beta, into);
      return;
    }
    requireFit(left, right, into);
    send(a, left);
    send(b, right);
    long bytes = 8L * m * n;
    c.reserve(bytes);
    if (beta != 0) {
      c.host().write(0, into.values(), into.offset(), m * n);
      c.send(bytes, stream);
    }
    product
        .begin()
        .with(m)
        .with(n)
        .with(k)
        .with(alpha)
        .with(a)
        .with(left.rowStride())
        .with(left.colStride())
        .with(b)
        .with(right.rowStride())
        .with(right.colStride())
        .with(beta)
        .with(c)
        .launch((n + TILE - 1) / TILE, (m + TILE - 1) / TILE, THREADS, 0, stream);
    c.fetch(bytes, stream);
    CudaException.check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
    c.host().read(0, into.values(), into.offset(), m * n);
  }

  private void send(DeviceBuffer to, Matrix of) {
    int elements = of.rows() * of.cols();
    to.reserve(8L * elements).host().write(0, of.values(), of.offset(), elements);
    to.send(8L * elements, stream);
  }

  @Override
  public void close() {
    a.close();
    b.close();
    c.close();
    Driver.cuStreamDestroy_v2(stream);
  }
}

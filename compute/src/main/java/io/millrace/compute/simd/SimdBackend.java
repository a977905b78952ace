package io.millrace.compute.simd;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;

/** Vector instructions of one core, and the bits of the scalar backend. */
final class SimdBackend implements ComputeBackend {
  static final SimdBackend INSTANCE = new SimdBackend();

  private SimdBackend() {}

  @Override
  public String id() {
    return SimdProvider.ID;
  }

  @Override
  public String arithmetic() {
    return ScalarBackend.INSTANCE.arithmetic();
  }

  @Override
  public boolean reproducible() {
    return true;
  }

  @Override
  public Kernels kernels() {
    return new SimdKernels(ScalarBackend.INSTANCE.kernels());
  }
}

package io.millrace.core.compute;

/**
 * The reference: plain loops in a fixed order of summation, decompositions by EJML. Always there,
 * one thread, the same bits everywhere.
 */
public final class ScalarBackend implements ComputeBackend {
  public static final ScalarBackend INSTANCE = new ScalarBackend();

  private ScalarBackend() {}

  @Override
  public String id() {
    return "scalar";
  }

  @Override
  public boolean reproducible() {
    return true;
  }

  @Override
  public Kernels kernels() {
    return new ScalarKernels();
  }
}

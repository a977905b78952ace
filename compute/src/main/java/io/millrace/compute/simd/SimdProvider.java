package io.millrace.compute.simd;

import io.millrace.core.compute.Backends;
import io.millrace.core.compute.ComputeBackend;

/** Offers the backend {@code simd}. */
public final class SimdProvider implements Backends.Provider {
  static final String ID = "simd";

  private static final String MODULE = "jdk.incubator.vector";

  /** For {@link java.util.ServiceLoader}. */
  public SimdProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public int rank() {
    return 1;
  }

  @Override
  public String unavailableBecause() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "this JVM has no module "
          + MODULE
          + "; start it with --add-modules=ALL-SYSTEM, on an image that has the module";
    }
    int bits = SimdKernels.preferredBits();
    return bits < SimdKernels.LEAST_BITS
        ? "vectors of this machine have "
            + bits
            + " bits, and "
            + SimdKernels.LEAST_BITS
            + " are needed"
        : "";
  }

  @Override
  public ComputeBackend backend() {
    return SimdBackend.INSTANCE;
  }
}

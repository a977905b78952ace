package io.millrace.compute.cuda;

import io.millrace.core.compute.Backends;
import io.millrace.core.compute.ComputeBackend;

/**
 * Offers the backend {@code cuda} where there is a device. It is taken where it is named, and not
 * by {@code auto}: from what size on a device pays has not been measured.
 */
public final class CudaProvider implements Backends.Provider {
  static final String ID = "cuda";

  /** For {@link java.util.ServiceLoader}. */
  public CudaProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public int rank() {
    return Backends.ONLY_BY_NAME;
  }

  @Override
  public String unavailableBecause() {
    return Device.unavailableBecause(0);
  }

  @Override
  public ComputeBackend backend() {
    return CudaBackend.INSTANCE;
  }

  @Override
  public boolean hasDevices() {
    return true;
  }

  @Override
  public ComputeBackend backend(int device) {
    return CudaBackend.on(device);
  }
}

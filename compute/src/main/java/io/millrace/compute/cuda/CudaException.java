package io.millrace.compute.cuda;

import com.sun.jna.ptr.PointerByReference;

/**
 * The device, or its driver, did not do what it was asked to. After an error of a kernel the
 * context is of no more use: whoever catches this goes on without the device.
 */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The device has no more memory; nothing else is the matter with it. */
  static final int OUT_OF_MEMORY = 2;

  private final int code;

  private CudaException(String call, int code) {
    super(call + ": error " + code + ", " + name(code));
    this.code = code;
  }

  /** Whether the device is as good as before, and only has no room for what was asked. */
  public boolean outOfMemory() {
    return code == OUT_OF_MEMORY;
  }

  /** Throws if a call has returned an error. */
  static void check(String call, int code) {
    if (code != 0) {
      throw new CudaException(call, code);
    }
  }

  private static String name(int code) {
    PointerByReference name = new PointerByReference();
    return Driver.cuGetErrorName(code, name) == 0
        ? name.getValue().getString(0)
        : "which this driver has no name for";
  }
}

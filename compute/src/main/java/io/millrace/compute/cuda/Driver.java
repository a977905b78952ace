package io.millrace.compute.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * Functions of CUDA's driver library, by their own names and arguments (CUDA Driver API; a name
 * with {@code _v2} is the one that a C program gets for the name without). The driver alone is
 * needed, of any version from 11.0 on: no toolkit and no runtime library. Each returns 0 or an
 * error that {@link CudaException} names.
 *
 * <p>A call takes about 0.1 microseconds. Thread-safe, as the library is; a thread works in the
 * context that it has made current.
 */
final class Driver {
  /** Name or path of the library: another one than the driver's for tests. */
  static final String LIBRARY = "millrace.cuda.library";

  private static String loaded;

  private Driver() {}

  /**
   * Loads the library, once for the process.
   *
   * @throws UnsatisfiedLinkError where there is none
   */
  static synchronized void load() {
    if (loaded == null) {
      String name = System.getProperty(LIBRARY, "libcuda.so.1");
      Native.register(Driver.class, NativeLibrary.getInstance(name));
      loaded = name;
    }
  }

  static native int cuInit(int flags);

  static native int cuDeviceGetCount(IntByReference count);

  static native int cuDeviceGet(IntByReference device, int ordinal);

  static native int cuDeviceGetName(byte[] name, int length, int device);

  static native int cuDeviceGetAttribute(IntByReference value, int attribute, int device);

  static native int cuDevicePrimaryCtxRetain(PointerByReference context, int device);

  static native int cuDevicePrimaryCtxRelease_v2(int device);

  static native int cuCtxSetCurrent(Pointer context);

  static native int cuMemGetInfo_v2(LongByReference free, LongByReference total);

  static native int cuMemAlloc_v2(LongByReference address, long bytes);

  static native int cuMemFree_v2(long address);

  static native int cuMemHostAlloc(PointerByReference address, long bytes, int flags);

  static native int cuMemFreeHost(Pointer address);

  static native int cuMemcpyHtoDAsync_v2(long to, Pointer from, long bytes, Pointer stream);

  static native int cuMemcpyDtoHAsync_v2(Pointer to, long from, long bytes, Pointer stream);

  static native int cuMemcpyDtoDAsync_v2(long to, long from, long bytes, Pointer stream);

  static native int cuStreamCreate(PointerByReference stream, int flags);

  static native int cuStreamDestroy_v2(Pointer stream);

  static native int cuStreamSynchronize(Pointer stream);

  static native int cuModuleLoadData(PointerByReference module, byte[] image);

  static native int cuModuleUnload(Pointer module);

  static native int cuModuleGetFunction(PointerByReference function, Pointer module, String name);

  static native int cuLaunchKernel(
      Pointer function,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      Pointer stream,
      Pointer arguments,
      Pointer extra);

  static native int cuEventCreate(PointerByReference event, int flags);

  static native int cuEventRecord(Pointer event, Pointer stream);

  static native int cuEventSynchronize(Pointer event);

  static native int cuEventElapsedTime(FloatByReference milliseconds, Pointer start, Pointer end);

  static native int cuGetErrorName(int error, PointerByReference name);
}

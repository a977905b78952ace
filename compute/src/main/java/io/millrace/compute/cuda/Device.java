package io.millrace.compute.cuda;

import static io.millrace.compute.cuda.CudaException.check;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A device, in its primary context, which all users of a process share. Kernels come from the PTX
 * that is kept beside this class; a driver compiles it for its device when it is first loaded.
 * Thread-safe; each thread {@link #enter}s before its first call.
 */
public final class Device implements AutoCloseable {
  private static final int NAME_BYTES = 256;
  private static final long MOST_COPIED = 1L << 28;
  private static final int COPIES = 10;
  private static final int MULTIPROCESSORS = 16;
  private static final int COMPUTE_MAJOR = 75;
  private static final int COMPUTE_MINOR = 76;

  /** Least compute capability that the kernels are compiled for. */
  private static final int LEAST_MAJOR = 7;

  private static final int LEAST_MINOR = 5;

  private final int device;
  private final Pointer context;
  private final String name;
  private final int multiprocessors;
  private final int major;
  private final int minor;
  private final Map<String, Pointer> modules = new HashMap<>();
  private Clock clock;

  private Device(int device) {
    this.device = device;
    PointerByReference handle = new PointerByReference();
    check("cuDevicePrimaryCtxRetain", Driver.cuDevicePrimaryCtxRetain(handle, device));
    context = handle.getValue();
    byte[] text = new byte[NAME_BYTES];
    check("cuDeviceGetName", Driver.cuDeviceGetName(text, text.length, device));
    name = Native.toString(text);
    multiprocessors = attribute(MULTIPROCESSORS);
    major = attribute(COMPUTE_MAJOR);
    minor = attribute(COMPUTE_MINOR);
  }

  /**
   * Why there is no device of that number here; empty where there is one. Says so of a machine
   * without a driver as well as of one whose driver finds nothing.
   */
  public static String unavailableBecause(int ordinal) {
    try {
      Driver.load();
    } catch (LinkageError e) { // no driver, or JNA could not unpack its own library
      return "no driver: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
    try {
      check("cuInit", Driver.cuInit(0));
      IntByReference count = new IntByReference();
      check("cuDeviceGetCount", Driver.cuDeviceGetCount(count));
      if (ordinal < 0 || ordinal >= count.getValue()) {
        return "device " + ordinal + " of " + count.getValue();
      }
      try (Device found = new Device(ordinal)) {
        boolean old =
            found.major < LEAST_MAJOR || found.major == LEAST_MAJOR && found.minor < LEAST_MINOR;
        return old
            ? String.format(
                Locale.ROOT,
                "%s has compute capability %d.%d, %d.%d is needed",
                found.name,
                found.major,
                found.minor,
                LEAST_MAJOR,
                LEAST_MINOR)
            : "";
      }
    } catch (CudaException e) {
      return e.getMessage();
    }
  }

  /**
   * Opens a device.
   *
   * @throws CudaException where the driver does not give it
   * @throws UnsatisfiedLinkError where there is no driver
   */
  public static Device open(int ordinal) {
    Driver.load();
    check("cuInit", Driver.cuInit(0));
    IntByReference handle = new IntByReference();
    check("cuDeviceGet", Driver.cuDeviceGet(handle, ordinal));
    return new Device(handle.getValue()).enter();
  }

  private int attribute(int which) {
    IntByReference value = new IntByReference();
    check("cuDeviceGetAttribute", Driver.cuDeviceGetAttribute(value, which, device));
    return value.getValue();
  }

  /** Makes the device that of the calling thread. */
  public Device enter() {
    check("cuCtxSetCurrent", Driver.cuCtxSetCurrent(context));
    return this;
  }

  /** As the driver names it. */
  public String name() {
    return name;
  }

  /** Its multiprocessors. */
  public int multiprocessors() {
    return multiprocessors;
  }

  /** Bytes of its memory that nobody has. */
  public long freeBytes() {
    LongByReference free = new LongByReference();
    LongByReference total = new LongByReference();
    check("cuMemGetInfo", Driver.cuMemGetInfo_v2(free, total));
    return free.getValue();
  }

  /**
   * From now on the time of kernels alone is measured, of those that are asked for later. Each
   * launch must have been waited for before the next one.
   */
  public void timeKernels() {
    clock = new Clock();
  }

  /** Microseconds of the kernels since it was last asked; all of them must have been waited for. */
  public double kernelMicros() {
    return clock.take();
  }

  /** Bytes read and written a second by a copy within the device's memory. */
  public double copyBytesPerSecond() {
    long bytes = Math.min(MOST_COPIED, freeBytes() / 4);
    Pointer stream = stream();
    try (DeviceBuffer from = DeviceBuffer.scratch();
        DeviceBuffer to = DeviceBuffer.scratch()) {
      from.reserve(bytes);
      to.reserve(bytes);
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < COPIES; i++) {
        long start = System.nanoTime();
        check(
            "cuMemcpyDtoD",
            Driver.cuMemcpyDtoDAsync_v2(to.address(), from.address(), bytes, stream));
        check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
      return 2 * bytes / best;
    } finally {
      check("cuStreamDestroy", Driver.cuStreamDestroy_v2(stream));
    }
  }

  /** A queue of work: what is put in is done in order. */
  Pointer stream() {
    PointerByReference stream = new PointerByReference();
    // 1: does not wait for the stream that others of the process may use by default
    check("cuStreamCreate", Driver.cuStreamCreate(stream, 1));
    return stream.getValue();
  }

  /**
   * A kernel.
   *
   * @param file of its source, without an ending
   */
  Kernel kernel(String file, String kernel) {
    return new Kernel(kernel, function(file, kernel), clock);
  }

  private synchronized Pointer function(String file, String kernel) {
    Pointer module = modules.computeIfAbsent(file, Device::load);
    PointerByReference function = new PointerByReference();
    check("cuModuleGetFunction", Driver.cuModuleGetFunction(function, module, kernel));
    return function.getValue();
  }

  private static Pointer load(String file) {
    byte[] text;
    try (InputStream in = Device.class.getResourceAsStream(file + ".ptx")) {
      if (in == null) {
        throw new IllegalStateException("no kernels '" + file + "' beside " + Device.class);
      }
      byte[] read = in.readAllBytes();
      text = Arrays.copyOf(read, read.length + 1); // a C string
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return load(text);
  }

  /** Loads PTX that ends with a zero. */
  static Pointer load(byte[] ptx) {
    PointerByReference module = new PointerByReference();
    check("cuModuleLoadData", Driver.cuModuleLoadData(module, ptx));
    return module.getValue();
  }

  /** Unloads its kernels and lets the context go. */
  @Override
  public synchronized void close() {
    for (Pointer module : modules.values()) {
      check("cuModuleUnload", Driver.cuModuleUnload(module));
    }
    modules.clear();
    check("cuDevicePrimaryCtxRelease", Driver.cuDevicePrimaryCtxRelease_v2(device));
  }

  /** The device's own clock, around a launch. Not thread-safe. */
  private static final class Clock {
    private final Pointer start = event();
    private final Pointer stop = event();
    private boolean running;
    private double micros;

    private static Pointer event() {
      PointerByReference event = new PointerByReference();
      check("cuEventCreate", Driver.cuEventCreate(event, 0));
      return event.getValue();
    }

    void start(Pointer stream) {
      add();
      check("cuEventRecord", Driver.cuEventRecord(start, stream));
    }

    void stop(Pointer stream) {
      check("cuEventRecord", Driver.cuEventRecord(stop, stream));
      running = true;
    }

    private void add() {
      if (running) {
        FloatByReference millis = new FloatByReference();
        check("cuEventSynchronize", Driver.cuEventSynchronize(stop));
        check("cuEventElapsedTime", Driver.cuEventElapsedTime(millis, start, stop));
        micros += 1e3 * millis.getValue();
        running = false;
      }
    }

    double take() {
      add();
      double taken = micros;
      micros = 0;
      return taken;
    }
  }

  /** A kernel with room for its arguments. Not thread-safe. */
  static final class Kernel {
    private static final int MOST_ARGUMENTS = 32;

    private final String name;
    private final Pointer function;
    private final Clock clock;
    private final Memory values = new Memory(MOST_ARGUMENTS * 8L);
    private final Memory pointers = new Memory(MOST_ARGUMENTS * 8L);
    private int count;

    Kernel(String name, Pointer function, Clock clock) {
      this.name = name;
      this.function = function;
      this.clock = clock;
      for (int i = 0; i < MOST_ARGUMENTS; i++) {
        pointers.setPointer(8L * i, values.share(8L * i, 8));
      }
    }

    /** Begins a list of arguments. */
    Kernel begin() {
      count = 0;
      return this;
    }

    Kernel with(DeviceBuffer buffer) {
      return with(buffer.address());
    }

    Kernel with(long value) {
      values.setLong(8L * count++, value);
      return this;
    }

    Kernel with(int value) {
      values.setInt(8L * count++, value);
      return this;
    }

    Kernel with(double value) {
      values.setDouble(8L * count++, value);
      return this;
    }

    /** Puts the kernel into a queue. */
    void launch(int gridX, int gridY, int block, int sharedBytes, Pointer stream) {
      if (clock != null) {
        clock.start(stream);
      }
      check(
          name,
          Driver.cuLaunchKernel(
              function, gridX, gridY, 1, block, 1, 1, sharedBytes, stream, pointers, null));
      if (clock != null) {
        clock.stop(stream);
      }
    }
  }
}

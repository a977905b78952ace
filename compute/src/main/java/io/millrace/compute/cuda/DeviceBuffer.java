package io.millrace.compute.cuda;

import static io.millrace.compute.cuda.CudaException.check;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * Memory of the device, and as much of the host, pinned, through which it is filled and read. Grows
 * by doubling; what was in it is then lost. Host memory belongs to the device from {@link #send} or
 * {@link #fetch} until the stream has been waited for. Not thread-safe.
 */
final class DeviceBuffer implements AutoCloseable {
  private final boolean staged;
  private long address;
  private Pointer host;
  private long capacity;

  private DeviceBuffer(boolean staged) {
    this.staged = staged;
  }

  /** One that the host fills or reads. */
  static DeviceBuffer staged() {
    return new DeviceBuffer(true);
  }

  /** One that only kernels see. */
  static DeviceBuffer scratch() {
    return new DeviceBuffer(false);
  }

  /**
   * Makes room for at least so many bytes.
   *
   * @throws CudaException where the device has none, or the {@link DeviceBudget}; nothing is held
   *     then
   */
  DeviceBuffer reserve(long bytes) {
    if (bytes <= capacity) {
      return this;
    }
    long wanted = Math.max(bytes, 2 * capacity);
    close();
    if (!DeviceBudget.take(wanted)) {
      check(
          wanted + " bytes beside " + DeviceBudget.held() + " of " + DeviceBudget.limit(),
          CudaException.OUT_OF_MEMORY);
    }
    LongByReference at = new LongByReference();
    int given = Driver.cuMemAlloc_v2(at, wanted);
    if (given != 0) {
      DeviceBudget.give(wanted);
    }
    check("cuMemAlloc of " + wanted + " bytes", given);
    address = at.getValue();
    capacity = wanted;
    if (staged) {
      PointerByReference pinned = new PointerByReference();
      int code = Driver.cuMemHostAlloc(pinned, wanted, 0);
      if (code != 0) {
        close();
      }
      check("cuMemHostAlloc of " + wanted + " bytes", code);
      host = pinned.getValue();
    }
    return this;
  }

  /** Bytes that it has on the device. */
  long bytes() {
    return capacity;
  }

  /** Where it lies on the device. */
  long address() {
    return address;
  }

  /** The host's side of it. */
  Pointer host() {
    return host;
  }

  /** Puts a copy of the host's first bytes into a queue. */
  void send(long bytes, Pointer stream) {
    if (bytes > 0) {
      check("cuMemcpyHtoD", Driver.cuMemcpyHtoDAsync_v2(address, host, bytes, stream));
    }
  }

  /** Puts a copy of the device's first bytes into a queue. */
  void fetch(long bytes, Pointer stream) {
    if (bytes > 0) {
      check("cuMemcpyDtoH", Driver.cuMemcpyDtoHAsync_v2(host, address, bytes, stream));
    }
  }

  @Override
  public void close() {
    if (capacity > 0) {
      DeviceBudget.give(capacity);
      capacity = 0;
      // The device may be lost: then both fail, and the process ends with what it holds.
      Driver.cuMemFree_v2(address);
      if (host != null) {
        Driver.cuMemFreeHost(host);
        host = null;
      }
    }
  }
}

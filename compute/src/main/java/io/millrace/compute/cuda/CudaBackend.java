package io.millrace.compute.cuda;

import io.millrace.core.compute.Backends;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.ForwardingKernels;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Matrix;
import io.millrace.core.compute.PerceptronGradients;
import io.millrace.core.compute.ScalarBackend;
import java.lang.ref.Cleaner;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Large products of matrices on a device, with the bits of the scalar backend, and everything else
 * where it was. Whatever goes wrong with the device, the same call is done again by the host and
 * the learner goes on with the same bits: out of memory for that one product, anything else for as
 * long as the kernels live. Thread-safe.
 */
final class CudaBackend implements ComputeBackend {
  /** On the first device that the driver shows. */
  static final CudaBackend INSTANCE = new CudaBackend(CudaProvider.ID, 0, "");

  /**
   * Multiplications from which on a product goes to the device: 0.1 ms of a core, where launch,
   * copies and waiting are estimated at 0.03 ms. Not measured.
   */
  static final long LEAST_PRODUCT = 1 << 19;

  private static final Logger LOG = LoggerFactory.getLogger(CudaBackend.class);
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Map<Integer, CudaBackend> GIVEN = new ConcurrentHashMap<>();

  private final AtomicLong launches = new AtomicLong();
  private final AtomicLong bytesMoved = new AtomicLong();
  private final AtomicLong micros = new AtomicLong();
  private final AtomicLong fallbacks = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong batchKeys = new AtomicLong();
  private final AtomicLong batchMicros = new AtomicLong();
  private final AtomicLong inFlight = new AtomicLong();
  private final String id;
  private final int ordinal;

  /** Why there is no such device; empty: there is. */
  private final String absent;

  private Device device;

  private CudaBackend(String id, int ordinal, String absent) {
    this.id = id;
    this.ordinal = ordinal;
    this.absent = absent;
  }

  /**
   * On a device that a task has been given, one for the process. Where it is not there, the host
   * does its work.
   */
  static CudaBackend on(int ordinal) {
    return GIVEN.computeIfAbsent(
        ordinal,
        number -> {
          String id = Backends.on(CudaProvider.ID, number);
          String absent = Device.unavailableBecause(number);
          if (!absent.isEmpty()) {
            LOG.warn(
                "GPU {} has been given to this task manager and cannot be used: {}; the host does"
                    + " its work, with the same bits",
                number,
                absent);
          }
          return new CudaBackend(id, number, absent);
        });
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String arithmetic() {
    return ScalarBackend.INSTANCE.arithmetic();
  }

  @Override
  public boolean reproducible() {
    return true;
  }

  /**
   * Calls that the device has done, bytes that went there and came back, microseconds that learners
   * have waited for it, and how often the host has stepped in: for a product where there was no
   * room, for all of a learner's where the device is lost or not there. Of the calls, those for
   * many keys, the keys of all of them, microseconds waited for them, and how many are under way.
   * Bytes that all users of the process hold on devices.
   */
  @Override
  public Map<String, LongSupplier> figures() {
    return Map.of(
        "launches", launches::get,
        "bytesMoved", bytesMoved::get,
        "waitedMicros", micros::get,
        "fallbacks", fallbacks::get,
        "batches", batches::get,
        "batchKeys", batchKeys::get,
        "batchMicros", batchMicros::get,
        "batchesInFlight", inFlight::get,
        "bytesHeld", DeviceBudget::held);
  }

  synchronized Device device() {
    if (device == null) {
      device = Device.open(ordinal);
      LOG.info("GPU {} is '{}'", ordinal, device.name());
    }
    return device;
  }

  /** The host has stepped in. */
  void fellBack() {
    fallbacks.incrementAndGet();
  }

  /** Work for many keys goes to the device. */
  void takesOff() {
    inFlight.incrementAndGet();
  }

  /** It is back, done or not. */
  void lands() {
    inFlight.decrementAndGet();
  }

  /**
   * It has been done.
   *
   * @param start of {@link System#nanoTime}
   */
  void shared(int keys, long bytes, long start) {
    long took = (System.nanoTime() - start) / 1000;
    launches.incrementAndGet();
    batches.incrementAndGet();
    batchKeys.addAndGet(keys);
    batchMicros.addAndGet(took);
    micros.addAndGet(took);
    bytesMoved.addAndGet(bytes);
  }

  @Override
  public boolean gathers() {
    return absent.isEmpty();
  }

  @Override
  public void limit(long bytes) {
    DeviceBudget.limit(bytes);
  }

  @Override
  public PerceptronGradients perceptrons(
      int width, int[] units, String loss, int size, int keys, int rows) {
    if (!absent.isEmpty() || !MlpGradients.knows(loss)) {
      return null;
    }
    DeviceGradients gradients = new DeviceGradients(this, width, units, loss, size, keys, rows);
    CLEANER.register(gradients, gradients.holder());
    return gradients;
  }

  @Override
  public Kernels kernels() {
    if (!absent.isEmpty()) {
      fallbacks.incrementAndGet();
      return ScalarBackend.INSTANCE.kernels();
    }
    CudaKernels kernels = new CudaKernels();
    CLEANER.register(kernels, kernels.holder);
    return kernels;
  }

  /** What a set of kernels holds on the device; freed when nobody has the kernels any more. */
  private final class Holder implements Runnable {
    private DeviceProducts products;

    @Override
    public void run() {
      if (products != null) {
        device().enter();
        products.close();
      }
    }
  }

  /** Kernels of one workspace. Not thread-safe. */
  private final class CudaKernels extends ForwardingKernels {
    private final Kernels host;
    private final Holder holder = new Holder();
    private boolean lost;

    CudaKernels() {
      this(ScalarBackend.INSTANCE.kernels());
    }

    private CudaKernels(Kernels host) {
      super(host);
      this.host = host;
    }

    @Override
    public void gemm(double alpha, Matrix left, Matrix right, double beta, Matrix into) {
      boolean large = (long) into.rows() * into.cols() * left.cols() >= LEAST_PRODUCT;
      if (!large || lost || !onDevice(alpha, left, right, beta, into)) {
        host.gemm(alpha, left, right, beta, into);
      }
    }

    /** False where the device did not do it; nothing has been written then. */
    private boolean onDevice(double alpha, Matrix left, Matrix right, double beta, Matrix into) {
      try {
        Device own = device().enter();
        if (holder.products == null) {
          holder.products = new DeviceProducts(own, host, LEAST_PRODUCT);
        }
        long start = System.nanoTime();
        holder.products.gemm(alpha, left, right, beta, into);
        micros.addAndGet((System.nanoTime() - start) / 1000);
        launches.incrementAndGet();
        long elements = (long) left.rows() * left.cols() + (long) right.rows() * right.cols();
        long results = (long) into.rows() * into.cols();
        bytesMoved.addAndGet(8 * (elements + (beta == 0 ? 1 : 2) * results));
        return true;
      } catch (CudaException e) {
        lost = !e.outOfMemory();
        long count = fallbacks.incrementAndGet();
        LOG.warn(
            "product {} x {} goes to the host{}, with the same bits; {} so far",
            left,
            right,
            lost ? " and so does every later one" : "",
            count,
            e);
        return false;
      }
    }
  }
}

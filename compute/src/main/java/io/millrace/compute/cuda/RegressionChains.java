package io.millrace.compute.cuda;

import com.sun.jna.Pointer;
import io.millrace.core.rng.Purpose;

/**
 * Many chains of Langevin dynamics (Welling, Teh, ICML 2011) on one client's Bayesian linear
 * regression: the bits of the core's sampler with estimator {@code mini-batch}, diffusion {@code
 * sgld}, a Gaussian prior and no correction, for any number of steps in one launch. The rows stay
 * on the device; mini-batches and noise are drawn there, from the same counters. Not thread-safe.
 */
public final class RegressionChains implements AutoCloseable {
  private static final int WARPS = 4;
  private static final int LANES = 32;

  /** Shared memory that every block may have without asking. */
  private static final int MOST_SHARED_BYTES = 48 << 10;

  /**
   * How a chain moves.
   *
   * @param variance of a label, positive
   * @param precision of the prior, at least 0
   * @param share of visits that the client has, in (0, 1]
   * @param miniBatch rows of a step, at least 1
   * @param stepSize positive
   * @param temperature at least 0
   */
  public record Law(
      double variance,
      double precision,
      double share,
      int miniBatch,
      double stepSize,
      double temperature) {}

  private final int size;
  private final int rows;
  private final Law law;
  private final int most;
  private final int sharedBytes;
  private final Device.Kernel kernel;
  private final Pointer stream;
  private final DeviceBuffer x = DeviceBuffer.staged();
  private final DeviceBuffer y = DeviceBuffer.staged();
  private final DeviceBuffer theta = DeviceBuffer.staged();
  private final DeviceBuffer keys = DeviceBuffer.staged();
  private final DeviceBuffer steps = DeviceBuffer.staged();

  /**
   * A client's rows, sent to the device.
   *
   * @param size d, at least 1
   * @param x [rows x d]
   * @param y [rows], at least one
   * @param most chains of a launch
   * @throws CudaException where the device has no room; nothing is held then
   */
  public RegressionChains(Device device, int size, double[] x, double[] y, Law law, int most) {
    this.size = size;
    this.rows = y.length;
    this.law = law;
    this.most = most;
    int perWarp = 8 * (size + law.miniBatch() + (law.miniBatch() + 1) / 2);
    sharedBytes = WARPS * perWarp;
    if (sharedBytes > MOST_SHARED_BYTES) {
      throw new IllegalStateException(
          "a chain of "
              + size
              + " parameters and mini-batches of "
              + law.miniBatch()
              + " takes "
              + perWarp
              + " bytes of a block's shared memory, at most "
              + MOST_SHARED_BYTES / WARPS
              + " are there");
    }
    kernel = device.kernel("langevin", "langevin_regression");
    stream = device.stream();
    try {
      this.x.reserve(8L * x.length).host().write(0, x, 0, x.length);
      this.y.reserve(8L * rows).host().write(0, y, 0, rows);
      theta.reserve(8L * most * size);
      keys.reserve(8L * most);
      steps.reserve(8L * most);
      this.x.send(8L * x.length, stream);
      this.y.send(8L * rows, stream);
      CudaException.check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
    } catch (CudaException e) {
      close();
      throw e;
    }
  }

  /**
   * Moves chains by some steps each.
   *
   * @param chains at most as many as a launch takes
   * @param streams [chains] keys of their random streams, {@code Philox.key}
   * @param firstSteps [chains] numbers of their next steps
   * @param points [chains x d], moved
   */
  public void advance(int chains, long[] streams, long[] firstSteps, int count, double[] points) {
    if (chains > most) {
      throw new IllegalStateException(chains + " chains, a launch takes at most " + most);
    }
    if (chains == 0 || count == 0) {
      return;
    }
    keys.host().write(0, streams, 0, chains);
    steps.host().write(0, firstSteps, 0, chains);
    theta.host().write(0, points, 0, chains * size);
    keys.send(8L * chains, stream);
    steps.send(8L * chains, stream);
    theta.send(8L * chains * size, stream);
    kernel
        .begin()
        .with(chains)
        .with(size)
        .with(rows)
        .with(law.miniBatch())
        .with(x)
        .with(y)
        .with(law.variance())
        .with(law.precision())
        .with(law.share())
        .with(law.stepSize())
        .with(law.temperature())
        .with(count)
        .with(keys)
        .with(steps)
        .with(Purpose.NOISE)
        .with(Purpose.MINI_BATCH)
        .with(theta)
        .launch((chains + WARPS - 1) / WARPS, 1, WARPS * LANES, sharedBytes, stream);
    theta.fetch(8L * chains * size, stream);
    CudaException.check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
    theta.host().read(0, points, 0, chains * size);
  }

  @Override
  public void close() {
    x.close();
    y.close();
    theta.close();
    keys.close();
    steps.close();
    Driver.cuStreamDestroy_v2(stream);
  }
}

package io.millrace.compute.cuda;

import io.millrace.core.compute.PerceptronGradients;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gradients of perceptrons on a device, as long as it is there: whatever goes wrong with it, the
 * caller computes them, with the same bits. Where the memory for as many keys as were asked for is
 * not to be had, fewer share a launch. Not thread-safe.
 */
final class DeviceGradients implements PerceptronGradients {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceGradients.class);

  /** What is held on the device; freed when nobody has the gradients any more. */
  static final class Holder implements Runnable {
    private final CudaBackend backend;
    private MlpGradients gradients;

    Holder(CudaBackend backend) {
      this.backend = backend;
    }

    @Override
    public void run() {
      if (gradients != null) {
        backend.device().enter();
        gradients.close();
      }
    }
  }

  private final CudaBackend backend;
  private final Holder holder;
  private final int width;
  private final int[] units;
  private final String loss;
  private final int size;
  private final int keys;
  private final int rows;

  /** Whether the device does nothing any more. */
  private boolean given;

  DeviceGradients(
      CudaBackend backend, int width, int[] units, String loss, int size, int keys, int rows) {
    this.backend = backend;
    this.holder = new Holder(backend);
    this.width = width;
    this.units = units.clone();
    this.loss = loss;
    this.size = size;
    this.keys = keys;
    this.rows = rows;
  }

  Holder holder() {
    return holder;
  }

  @Override
  public void begin() {
    if (holder.gradients == null && !given) {
      reserve();
    }
    if (holder.gradients != null) {
      holder.gradients.begin();
    }
  }

  /** Makes room for as many keys as there is memory for. */
  private void reserve() {
    CudaException failure = null;
    for (int n = keys; n >= 1 && holder.gradients == null; n /= 2) {
      int all = (int) Math.min(Integer.MAX_VALUE, (long) n * rows);
      try {
        holder.gradients =
            new MlpGradients(backend.device().enter(), width, units, loss, size, n, all);
        LOG.info("steps of up to {} keys share a launch, of {} asked for", n, keys);
      } catch (CudaException e) {
        failure = e;
        if (!e.outOfMemory()) {
          break;
        }
      }
    }
    if (holder.gradients == null) {
      giveUp(failure);
    }
  }

  private void giveUp(CudaException failure) {
    given = true;
    backend.fellBack();
    LOG.warn(
        "steps of perceptrons are taken by the host from here on, with the same bits", failure);
  }

  @Override
  public boolean takes(int itsRows) {
    return !given && holder.gradients.takes(itsRows);
  }

  @Override
  public int add(double[] parameters) {
    return holder.gradients.add(parameters);
  }

  @Override
  public void row(double[] values, int from, double y, double w) {
    holder.gradients.row(values, from, y, w);
  }

  @Override
  public boolean compute() {
    long start = System.nanoTime();
    backend.takesOff();
    try {
      backend.device().enter();
      holder.gradients.compute();
      backend.shared(holder.gradients.keys(), holder.gradients.bytesMoved(), start);
      return true;
    } catch (CudaException e) {
      giveUp(e);
      return false;
    } finally {
      backend.lands();
    }
  }

  @Override
  public void gradient(int slot, double[] out) {
    holder.gradients.gradient(slot, out);
  }

  @Override
  public int badRow(int slot) {
    return holder.gradients.badRow(slot);
  }
}

package io.millrace.compute.cuda;

import com.sun.jna.Pointer;
import io.millrace.core.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of multi-layer perceptrons of one shape, of many keys in one launch: for each key its
 * own parameters and its own mini-batch, and the bits that the core's objective of that model
 * computes on the scalar backend. Hidden units are rectified; rows are dense.
 *
 * <pre>
 * gradients.begin();
 * int slot = gradients.add(theta);      // for each key ..
 * gradients.row(values, from, y, w);    // .. and each row of its mini-batch
 * gradients.compute();
 * gradients.gradient(slot, out);
 * </pre>
 *
 * <p>How many keys share a launch changes no bit. Memory on the device: two vectors of parameters a
 * key, and three times the units of all layers a row. Steady state allocates nothing. Not
 * thread-safe.
 */
public final class MlpGradients implements AutoCloseable {
  /** Losses of the outputs, by the ids of the core. */
  private static final List<String> LOSSES = List.of("squared", "logistic", "softmax");

  private static final int THREADS = 256;

  private final int width;
  private final int[] units;
  private final int allUnits;
  private final int size;
  private final int loss;
  private final Device.Kernel kernel;
  private final Pointer stream;
  private final List<DeviceBuffer> buffers = new ArrayList<>();
  private final DeviceBuffer shape = buffer(DeviceBuffer.staged());
  private final DeviceBuffer theta = buffer(DeviceBuffer.staged());
  private final DeviceBuffer starts = buffer(DeviceBuffer.staged());
  private final DeviceBuffer x = buffer(DeviceBuffer.staged());
  private final DeviceBuffer label = buffer(DeviceBuffer.staged());
  private final DeviceBuffer weight = buffer(DeviceBuffer.staged());
  private final DeviceBuffer scratch = buffer(DeviceBuffer.scratch());
  private final DeviceBuffer gradient = buffer(DeviceBuffer.staged());
  private final DeviceBuffer bad = buffer(DeviceBuffer.staged());
  private final int most;
  private final int mostRows;
  private int keys;
  private int rows;

  /**
   * A kernel for one shape.
   *
   * @param width features of a row
   * @param units of each layer, at least one; the loss's outputs last
   * @param loss id of the loss
   * @param size parameters of a key: those of all layers, and padding behind them
   * @param most keys of a launch
   * @param mostRows rows of a launch, of all keys together
   * @throws ConfigException for a loss that there is no kernel for
   * @throws CudaException where the device has no room; nothing is held then
   */
  public MlpGradients(
      Device device, int width, int[] units, String loss, int size, int most, int mostRows) {
    this.width = width;
    this.units = units.clone();
    this.loss = LOSSES.indexOf(loss);
    if (this.loss < 0) {
      throw new ConfigException(
          "model.loss = '" + loss + "' has no kernel; those that have one: " + LOSSES);
    }
    int all = 0;
    int parameters = 0;
    int inputs = width;
    for (int u : units) {
      all += u;
      parameters += (inputs + 1) * u;
      inputs = u;
    }
    if (size < parameters) {
      throw new IllegalStateException(size + " parameters, the layers have " + parameters);
    }
    allUnits = all;
    this.size = size;
    this.most = most;
    this.mostRows = mostRows;
    kernel = device.kernel("mlp", "mlp_gradient");
    stream = device.stream();
    try {
      reserve();
    } catch (CudaException e) {
      close();
      throw e;
    }
    shape.host().write(0, this.units, 0, units.length);
    shape.send(4L * units.length, stream);
  }

  private DeviceBuffer buffer(DeviceBuffer buffer) {
    buffers.add(buffer);
    return buffer;
  }

  private void reserve() {
    shape.reserve(4L * units.length);
    theta.reserve(8L * most * size);
    gradient.reserve(8L * most * size);
    starts.reserve(4L * (most + 1));
    bad.reserve(4L * most);
    x.reserve(8L * mostRows * width);
    label.reserve(8L * mostRows);
    weight.reserve(8L * mostRows);
    scratch.reserve(24L * mostRows * allUnits);
  }

  /** Whether there is a kernel for a loss. */
  static boolean knows(String loss) {
    return LOSSES.contains(loss);
  }

  /** Keys of the batch. */
  int keys() {
    return keys;
  }

  /** Bytes that a batch like this one moves to the device and back. */
  long bytesMoved() {
    return 16L * keys * size + 8L * rows * (width + 2) + 8L * keys + 4;
  }

  /** Bytes that it holds on the device. */
  public long bytes() {
    return buffers.stream().mapToLong(DeviceBuffer::bytes).sum();
  }

  /** Forgets the keys of the batch before. */
  public void begin() {
    keys = 0;
    rows = 0;
  }

  /** Whether a key with so many rows still fits into the batch. */
  public boolean takes(int itsRows) {
    return keys < most && rows + itsRows <= mostRows;
  }

  /**
   * Adds a key.
   *
   * @param parameters [size], not kept
   * @return its number in the batch
   */
  public int add(double[] parameters) {
    if (keys == most) {
      throw new IllegalStateException("a batch has at most " + most + " keys");
    }
    theta.host().write(8L * keys * size, parameters, 0, size);
    starts.host().setInt(4L * keys, rows);
    return keys++;
  }

  /**
   * Adds a row to the key added last.
   *
   * @param values its features from {@code from} on
   */
  public void row(double[] values, int from, double y, double w) {
    if (rows == mostRows || keys == 0) {
      throw new IllegalStateException(
          rows + " rows of " + keys + " keys; a batch has at most " + mostRows + " rows");
    }
    x.host().write(8L * rows * width, values, from, width);
    label.host().setDouble(8L * rows, y);
    weight.host().setDouble(8L * rows, w);
    rows++;
  }

  /**
   * Computes the gradients of the batch, and waits for them.
   *
   * @throws CudaException where the device is lost
   */
  public void compute() {
    if (keys == 0) {
      return;
    }
    starts.host().setInt(4L * keys, rows);
    theta.send(8L * keys * size, stream);
    starts.send(4L * (keys + 1), stream);
    x.send(8L * rows * width, stream);
    label.send(8L * rows, stream);
    weight.send(8L * rows, stream);
    kernel
        .begin()
        .with(shape)
        .with(units.length)
        .with(width)
        .with(loss)
        .with(size)
        .with(theta)
        .with(starts)
        .with(x)
        .with(label)
        .with(weight)
        .with(scratch)
        .with(gradient)
        .with(bad)
        .launch(keys, 1, THREADS, 0, stream);
    gradient.fetch(8L * keys * size, stream);
    bad.fetch(4L * keys, stream);
    CudaException.check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
  }

  /**
   * The gradient of a key.
   *
   * @param out [size], overwritten
   */
  public void gradient(int slot, double[] out) {
    gradient.host().read(8L * slot * size, out, 0, size);
  }

  /** The first row of a key whose derivative, or its square, is not finite; -1: none. */
  public int badRow(int slot) {
    int next = slot + 1 == keys ? rows : starts.host().getInt(4L * (slot + 1));
    int found = bad.host().getInt(4L * slot);
    return found == next - starts.host().getInt(4L * slot) ? -1 : found;
  }

  @Override
  public void close() {
    buffers.forEach(DeviceBuffer::close);
    Driver.cuStreamDestroy_v2(stream);
  }
}

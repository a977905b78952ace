package io.millrace.compute.cuda;

import com.sun.jna.Pointer;
import io.millrace.core.compute.Vectors;

/**
 * Successive over-relaxation of many five-point systems of one size in one launch, a block for
 * each, with the iterates, numbers of iterations and residuals of the core's {@code Sor}. A system
 * whose residual left the range of doubles when squared is the host's: {@link #solve} says so. Not
 * thread-safe.
 */
public final class RelaxedSystems implements AutoCloseable {
  private static final int THREADS = 256;

  /** Of sums of squares: below it digits are lost, as {@link Vectors#norm} has it. */
  private static final double LEAST_SQUARES = Double.MIN_NORMAL / 0x1p-53;

  private final int side;
  private final double coupling;
  private final int most;
  private final Device.Kernel kernel;
  private final Pointer stream;
  private final DeviceBuffer diagonal = DeviceBuffer.staged();
  private final DeviceBuffer omega = DeviceBuffer.staged();
  private final DeviceBuffer tolerance = DeviceBuffer.staged();
  private final DeviceBuffer b = DeviceBuffer.staged();
  private final DeviceBuffer x = DeviceBuffer.staged();
  private final DeviceBuffer r = DeviceBuffer.scratch();
  private final DeviceBuffer y = DeviceBuffer.scratch();
  private final DeviceBuffer iterations = DeviceBuffer.staged();
  private final DeviceBuffer norms = DeviceBuffer.staged();
  private int systems;

  /**
   * Room for systems.
   *
   * @param side unknowns along a side of the grid, at least 1
   * @param coupling of neighbours, at least 0
   * @param most systems of a launch
   * @throws CudaException where the device has no room; nothing is held then
   */
  public RelaxedSystems(Device device, int side, double coupling, int most) {
    this.side = side;
    this.coupling = coupling;
    this.most = most;
    kernel = device.kernel("sor", "sor");
    stream = device.stream();
    try {
      long n = (long) side * side;
      diagonal.reserve(8L * most);
      omega.reserve(8L * most);
      tolerance.reserve(8L * most);
      b.reserve(8 * n * most);
      x.reserve(8 * n * most);
      r.reserve(8 * n * most);
      y.reserve(8 * n * most);
      iterations.reserve(4L * most);
      norms.reserve(24L * most);
    } catch (CudaException e) {
      close();
      throw e;
    }
  }

  /** Forgets the systems before. */
  public void begin() {
    systems = 0;
  }

  /**
   * Adds a system.
   *
   * @param itsDiagonal above 0
   * @param itsOmega in (0, 2)
   * @param right [n]
   * @param start [n]
   * @return its number
   */
  public int add(
      double itsDiagonal, double itsOmega, double itsTolerance, double[] right, double[] start) {
    if (systems == most) {
      throw new IllegalStateException("a launch takes at most " + most + " systems");
    }
    int n = side * side;
    diagonal.host().setDouble(8L * systems, itsDiagonal);
    omega.host().setDouble(8L * systems, itsOmega);
    tolerance.host().setDouble(8L * systems, itsTolerance);
    b.host().write(8L * systems * n, right, 0, n);
    x.host().write(8L * systems * n, start, 0, n);
    return systems++;
  }

  /**
   * Solves what was added, and waits.
   *
   * @param mostIterations the iteration after which a system ends in any case
   */
  public void solve(int mostIterations) {
    if (systems == 0) {
      return;
    }
    long n = (long) side * side;
    diagonal.send(8L * systems, stream);
    omega.send(8L * systems, stream);
    tolerance.send(8L * systems, stream);
    b.send(8 * n * systems, stream);
    x.send(8 * n * systems, stream);
    kernel
        .begin()
        .with(side)
        .with(coupling)
        .with(diagonal)
        .with(omega)
        .with(tolerance)
        .with(mostIterations)
        .with(b)
        .with(x)
        .with(r)
        .with(y)
        .with(iterations)
        .with(norms)
        .launch(systems, 1, THREADS, 0, stream);
    x.fetch(8 * n * systems, stream);
    iterations.fetch(4L * systems, stream);
    norms.fetch(24L * systems, stream);
    CudaException.check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
  }

  /**
   * Whether the norms of a system were found; else it is to be solved by the host, from its start.
   */
  public boolean solved(int system) {
    double start = squares(system, 0);
    return start == 0
        || inRange(start) && inRange(squares(system, 1)) && inRange(squares(system, 2));
  }

  private static boolean inRange(double squares) {
    return squares > LEAST_SQUARES && squares < Double.POSITIVE_INFINITY;
  }

  private double squares(int system, int which) {
    return norms.host().getDouble(24L * system + 8L * which);
  }

  /** Iterations that a system took. */
  public int iterations(int system) {
    return iterations.host().getInt(4L * system);
  }

  /** The norm of its last residual over that of the start. */
  public double residual(int system) {
    return part(system, 1);
  }

  /** {@link #residual} one iteration earlier. */
  public double previousResidual(int system) {
    return iterations(system) < 2 ? part(system, 0) : part(system, 2);
  }

  private double part(int system, int which) {
    double start = squares(system, 0);
    if (start == 0) {
      return 0;
    }
    boolean first = which == 0 || iterations(system) == 0;
    return first ? 1 : Math.sqrt(squares(system, which)) / Math.sqrt(start);
  }

  /** Its last iterate, [n]. */
  public void read(int system, double[] out) {
    int n = side * side;
    x.host().read(8L * system * n, out, 0, n);
  }

  @Override
  public void close() {
    for (DeviceBuffer buffer :
        new DeviceBuffer[] {diagonal, omega, tolerance, b, x, r, y, iterations, norms}) {
      buffer.close();
    }
    Driver.cuStreamDestroy_v2(stream);
  }
}

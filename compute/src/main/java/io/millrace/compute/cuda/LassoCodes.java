package io.millrace.compute.cuda;

import com.sun.jna.Pointer;

/**
 * Sparse codes of many signals in one launch, a warp for each: cyclic coordinate descent with an
 * active set, with the bits and the sweeps of the core's coder {@code cd-lasso}. A signal with more
 * non-zeros than were allowed for is the host's: its sweeps are 0. Not thread-safe.
 */
public final class LassoCodes implements AutoCloseable {
  private static final int MOST_WARPS = 4;
  private static final int LANES = 32;

  /** Shared memory that every block may have without asking. */
  private static final int MOST_SHARED_BYTES = 48 << 10;

  /**
   * What is minimised, and how far.
   *
   * @param lambda at least 0
   * @param lambda2 at least 0
   * @param nonNegative whether codes have no negative entries
   * @param tolerance of changes and of the duality gap, at least 0
   * @param maxSweeps full passes, at least 1
   */
  public record Problem(
      double lambda, double lambda2, boolean nonNegative, double tolerance, int maxSweeps) {}

  private final int atoms;
  private final int mostNonZeros;
  private final Problem problem;
  private final int mostSignals;
  private final int warps;
  private final int warpBytes;
  private final Device.Kernel kernel;
  private final Pointer stream;
  private final DeviceBuffer gram = DeviceBuffer.staged();
  private final DeviceBuffer correlations = DeviceBuffer.staged();
  private final DeviceBuffer squares = DeviceBuffer.staged();
  private final DeviceBuffer codes = DeviceBuffer.staged();
  private final DeviceBuffer scratch = DeviceBuffer.scratch();
  private final DeviceBuffer sweeps = DeviceBuffer.staged();

  /**
   * Room for codes.
   *
   * @param atoms K
   * @param mostNonZeros of a code that is found on the device
   * @param mostSignals of a launch
   * @throws CudaException where the device has no room; nothing is held then
   */
  public LassoCodes(Device device, int atoms, int mostNonZeros, Problem problem, int mostSignals) {
    this.atoms = atoms;
    this.mostNonZeros = mostNonZeros;
    this.problem = problem;
    this.mostSignals = mostSignals;
    int whole = atoms + 2 * mostNonZeros;
    warpBytes = 8 * (2 * atoms + 6 * mostNonZeros + (whole + 1) / 2);
    warps = Math.min(MOST_WARPS, MOST_SHARED_BYTES / warpBytes);
    if (warps == 0) {
      throw new IllegalStateException(
          atoms
              + " atoms with "
              + mostNonZeros
              + " non-zeros take "
              + warpBytes
              + " bytes of a block's shared memory, at most "
              + MOST_SHARED_BYTES
              + " are there");
    }
    kernel = device.kernel("lasso", "lasso_codes");
    stream = device.stream();
    try {
      gram.reserve(8L * atoms * atoms);
      correlations.reserve(8L * mostSignals * atoms);
      squares.reserve(8L * mostSignals);
      codes.reserve(8L * mostSignals * atoms);
      scratch.reserve(16L * mostSignals * mostNonZeros * mostNonZeros);
      sweeps.reserve(4L * mostSignals);
    } catch (CudaException e) {
      close();
      throw e;
    }
  }

  /**
   * Sends the Gram matrix of the dictionary that signals are coded with from now on.
   *
   * @param matrix [K x K], symmetric
   */
  public void dictionary(double[] matrix) {
    gram.host().write(0, matrix, 0, atoms * atoms);
    gram.send(8L * atoms * atoms, stream);
    CudaException.check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
  }

  /**
   * Codes signals.
   *
   * @param n signals, at most as many as a launch takes
   * @param c [n x K] correlations of signals and atoms
   * @param xx [n] squared norms of the signals
   * @param a [n x K] codes to begin with, overwritten
   * @param took [n] full passes; minus the most there may be where they did not suffice; 0 where
   *     the host has to code the signal
   */
  public void encode(int n, double[] c, double[] xx, double[] a, int[] took) {
    if (n > mostSignals) {
      throw new IllegalStateException(n + " signals, a launch takes at most " + mostSignals);
    }
    if (n == 0) {
      return;
    }
    correlations.host().write(0, c, 0, n * atoms);
    squares.host().write(0, xx, 0, n);
    codes.host().write(0, a, 0, n * atoms);
    correlations.send(8L * n * atoms, stream);
    squares.send(8L * n, stream);
    codes.send(8L * n * atoms, stream);
    kernel
        .begin()
        .with(n)
        .with(atoms)
        .with(mostNonZeros)
        .with(problem.lambda())
        .with(problem.lambda2())
        .with(problem.nonNegative() ? 1 : 0)
        .with(problem.tolerance())
        .with(problem.maxSweeps())
        .with(gram)
        .with(correlations)
        .with(squares)
        .with(codes)
        .with(scratch)
        .with(sweeps)
        .launch((n + warps - 1) / warps, 1, warps * LANES, warps * warpBytes, stream);
    codes.fetch(8L * n * atoms, stream);
    sweeps.fetch(4L * n, stream);
    CudaException.check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
    codes.host().read(0, a, 0, n * atoms);
    sweeps.host().read(0, took, 0, n);
  }

  @Override
  public void close() {
    for (DeviceBuffer buffer :
        new DeviceBuffer[] {gram, correlations, squares, codes, scratch, sweeps}) {
      buffer.close();
    }
    Driver.cuStreamDestroy_v2(stream);
  }
}

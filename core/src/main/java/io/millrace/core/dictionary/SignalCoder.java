package io.millrace.core.dictionary;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import java.util.Arrays;

/**
 * Codes batches of signals under a dictionary: first the correlations of all signals, as one matrix
 * product, then each signal by the {@link SparseCoder}. Immutable.
 */
public final class SignalCoder {
  /** Codes of a batch whose gap is looked at, about. */
  private static final int GAPS = 8;

  private final int dimension;
  private final int atoms;
  private final SparseCoder coder;
  private final ComputeBackend backend;

  /**
   * A coder of signals.
   *
   * @param dimension m
   * @param atoms K
   */
  public SignalCoder(int dimension, int atoms, SparseCoder coder, ComputeBackend backend) {
    this.dimension = dimension;
    this.atoms = atoms;
    this.coder = coder;
    this.backend = backend;
  }

  /**
   * The Gram matrix.
   *
   * @param d [K x m]
   * @param gram [K x K], overwritten
   */
  public void gram(double[] d, double[] gram, Workspace workspace) {
    Kernels kernels = workspace.kernels(backend);
    kernels.gemm(
        1,
        kernels.left(d, atoms, dimension),
        kernels.right(d, atoms, dimension).transposed(),
        0,
        kernels.into(gram, atoms, atoms));
  }

  /**
   * Codes signals, each from zero.
   *
   * @param x [n x m], not modified
   * @param d [K x m]
   * @param gram [K x K]
   * @param c correlations of signals and atoms, [n x K], overwritten
   * @param codes [n x K], overwritten
   * @param objectives [n], overwritten
   * @return codes that the coder's limit ended before its tolerance was met
   */
  public int encode(
      double[] x,
      int n,
      double[] d,
      double[] gram,
      double[] c,
      double[] codes,
      double[] objectives,
      Workspace workspace) {
    Kernels kernels = workspace.kernels(backend);
    kernels.gemm(
        1,
        kernels.left(x, n, dimension),
        kernels.right(d, atoms, dimension).transposed(),
        0,
        kernels.into(c, n, atoms));
    Arrays.fill(codes, 0, n * atoms, 0);
    Gram view = workspace.object("signal-coder.gram", Gram.class, Gram::new).aim(atoms, gram);
    int unconverged = 0;
    for (int r = 0; r < n; r++) {
      int at = r * atoms;
      double xx = Vectors.dot(x, r * dimension, x, r * dimension, dimension);
      unconverged += coder.encode(view, c, at, xx, codes, at, workspace) < 0 ? 1 : 0;
      objectives[r] = CodeMeasures.objective(coder, view, c, at, xx, codes, at);
    }
    return unconverged;
  }

  /**
   * The largest {@link SparseCoder#gap} among a few codes of a batch. They are spread evenly over
   * it; all of them would cost too much, because a gap costs as much as a sweep.
   *
   * @param x [n x m], not modified
   * @param n at least 1
   * @param gram [K x K]
   * @param c [n x K], from {@link #encode}, not modified
   * @param codes [n x K], from {@link #encode}, not modified
   */
  public double gap(
      double[] x, int n, double[] gram, double[] c, double[] codes, Workspace workspace) {
    Gram view = workspace.object("signal-coder.gram", Gram.class, Gram::new).aim(atoms, gram);
    double largest = 0;
    int stride = Math.max(1, n / GAPS);
    for (int r = 0; r < n; r += stride) {
      int at = r * atoms;
      double xx = Vectors.dot(x, r * dimension, x, r * dimension, dimension);
      largest = Math.max(largest, coder.gap(view, c, at, xx, codes, at, workspace));
    }
    return largest;
  }
}

package io.millrace.core.bandit.linear;

import io.millrace.core.bandit.Blocks;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Kernels.Transpose;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;

/**
 * Ridge regressions of k numbers, one or several with the same k:
 *
 * <pre>
 * A = ridge I + sum x x',   b = sum y x,   theta = A^-1 b
 * </pre>
 *
 * <p>A^-1 is kept by the formula of Sherman and Morrison, {@code 3 k^2} flops per row, and computed
 * anew from A after every {@value #REFRESH} rows, so that rounding does not add up. Memory {@code 2
 * k^2 + k + 1} numbers per model. Immutable: the numbers are in blocks of the state.
 */
public final class RidgeModels {
  /** Block of the matrices A, [models x k x k]. */
  static final String GRAM = "gram";

  /** Block of their inverses. */
  static final String INVERSE = "inverse";

  /** Block of the vectors b, [models x k]. */
  static final String MOMENT = "moment";

  /** Block of rows taken since the inverse was computed anew, [models]. */
  static final String SINCE = "rows-since-inversion";

  private static final int REFRESH = 1000;

  private final int k;
  private final double ridge;

  /**
   * Models of k numbers.
   *
   * @param ridge above 0
   */
  public RidgeModels(int k, double ridge) {
    this.k = k;
    this.ridge = ridge;
  }

  /** Declares the blocks of one model for every arm. */
  static Blocks perArm(Blocks blocks, long k) {
    return blocks
        .perArm(GRAM, k * k, Blocks.Start.OWN)
        .perArm(INVERSE, k * k, Blocks.Start.OWN)
        .perArm(MOMENT, k, Blocks.Start.SHARE)
        .perArm(SINCE, 1, Blocks.Start.OWN);
  }

  /** Declares the blocks of one model for all arms. */
  public static Blocks shared(Blocks blocks, long k) {
    return blocks.once(GRAM, k * k).once(INVERSE, k * k).once(MOMENT, k).once(SINCE, 1);
  }

  /** Puts a model, of which b is set, to its start: {@code A = ridge I}. */
  public void initialize(LearnerState state, int model) {
    int at = model * k * k;
    double[] a = state.block(GRAM);
    double[] inverse = state.block(INVERSE);
    Arrays.fill(a, at, at + k * k, 0);
    Arrays.fill(inverse, at, at + k * k, 0);
    for (int i = 0; i < k; i++) {
      a[at + i * (k + 1)] = ridge;
      inverse[at + i * (k + 1)] = 1 / ridge;
    }
    state.block(SINCE)[model] = 0;
  }

  /** Puts a model's A to {@code ridge I + share (A' - ridge I)}, A' that of another one. */
  void initialize(LearnerState state, int model, int from, double share, Workspace workspace) {
    initialize(state, model);
    double[] a = state.block(GRAM);
    for (int i = 0; i < k * k; i++) {
      double start = a[model * k * k + i];
      a[model * k * k + i] = start + share * (a[from * k * k + i] - start);
    }
    invert(state, model, workspace);
  }

  /**
   * {@code v = A^-1 x}.
   *
   * @param x [k] from {@code xAt}
   * @param v [k], overwritten
   */
  public void solve(LearnerState state, int model, double[] x, int xAt, double[] v) {
    double[] inverse = state.block(INVERSE);
    int at = model * k * k;
    for (int i = 0; i < k; i++) {
      double sum = 0;
      for (int j = 0; j < k; j++) {
        sum += inverse[at + i * k + j] * x[xAt + j];
      }
      v[i] = sum;
    }
  }

  /**
   * For rows {@code x = w (outer) c} with one c: the matrix M and vector q with {@code x' A^-1 x =
   * w' M w} and {@code theta . x = q . w}. Of the first model.
   *
   * @param n length of w; that of c is k / n
   * @param c [k / n], not modified
   * @param matrix [n x n], overwritten
   * @param q [n], overwritten
   */
  public void contract(
      LearnerState state, int n, double[] c, double[] matrix, double[] q, Workspace workspace) {
    double[] inverse = state.block(INVERSE);
    double[] half = workspace.array("ridge.half", k * n);
    int m = k / n;
    for (int r = 0; r < k; r++) {
      for (int j = 0; j < n; j++) {
        half[r * n + j] = dot(inverse, r * k + j * m, c, 0, m);
      }
    }
    double[] b = state.block(MOMENT);
    Arrays.fill(matrix, 0, n * n, 0);
    Arrays.fill(q, 0, n, 0);
    for (int r = 0; r < k; r++) {
      double weight = c[r % m];
      for (int j = 0; j < n; j++) {
        matrix[r / m * n + j] += weight * half[r * n + j];
        q[j] += b[r] * half[r * n + j];
      }
    }
  }

  /** {@code theta . x}, where v is {@link #solve} of x. */
  public double predict(LearnerState state, int model, double[] v) {
    return dot(state.block(MOMENT), model * k, v, 0, k);
  }

  /** {@code sqrt(x' A^-1 x)}, where v is {@link #solve} of x. */
  public double deviation(double[] x, int xAt, double[] v) {
    return Math.sqrt(Math.max(0, dot(x, xAt, v, 0, k))); // Rounding may leave less than 0.
  }

  private static double dot(double[] p, int pAt, double[] q, int qAt, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += p[pAt + i] * q[qAt + i];
    }
    return sum;
  }

  /**
   * Takes one row.
   *
   * @param x [k], not modified
   * @return false where a number would not have been finite; nothing has changed then
   */
  public boolean take(LearnerState state, int model, double[] x, double y, Workspace workspace) {
    double[] v = workspace.array("ridge.v", k);
    solve(state, model, x, 0, v);
    double scale = 1 + dot(x, 0, v, 0, k);
    double[] b = state.block(MOMENT);
    double[] a = state.block(GRAM);
    if (!(scale >= 1) || !finite(a, b, model, x, y, scale)) {
      return false;
    }
    double[] inverse = state.block(INVERSE);
    int at = model * k * k;
    for (int i = 0; i < k; i++) {
      double vi = v[i] / scale;
      for (int j = 0; j < k; j++) {
        a[at + i * k + j] += x[i] * x[j];
        inverse[at + i * k + j] -= vi * v[j];
      }
      b[model * k + i] += y * x[i];
    }
    double[] since = state.block(SINCE);
    if (++since[model] >= REFRESH) {
      invert(state, model, workspace);
    }
    return true;
  }

  /** Whether A, b and the factor of the update stay finite. */
  private boolean finite(double[] a, double[] b, int model, double[] x, double y, double scale) {
    boolean finite = Double.isFinite(scale);
    for (int i = 0; i < k; i++) {
      // Off the diagonal A is at most the mean of two of its diagonal.
      finite &= Double.isFinite(a[model * k * k + i * (k + 1)] + x[i] * x[i]);
      finite &= Double.isFinite(b[model * k + i] + y * x[i]);
    }
    return finite;
  }

  /** Computes the inverse anew; keeps the present one where A has lost its rank to rounding. */
  private void invert(LearnerState state, int model, Workspace workspace) {
    state.block(SINCE)[model] = 0;
    double[] factor = workspace.array("ridge.factor", k * k);
    double[] column = workspace.array("ridge.column", k);
    double[] fresh = workspace.array("ridge.inverse", k * k);
    Kernels kernels = workspace.kernels(ScalarBackend.INSTANCE);
    System.arraycopy(state.block(GRAM), model * k * k, factor, 0, k * k);
    if (!kernels.cholesky(k, factor, factor)) {
      return;
    }
    for (int j = 0; j < k; j++) {
      Arrays.fill(column, 0);
      column[j] = 1;
      kernels.solveTriangular(Transpose.NO, k, factor, 1, column);
      kernels.solveTriangular(Transpose.YES, k, factor, 1, column);
      System.arraycopy(column, 0, fresh, j * k, k);
    }
    if (Vectors.allFinite(fresh, k * k)) {
      System.arraycopy(fresh, 0, state.block(INVERSE), model * k * k, k * k);
    }
  }

  /** Writes A as {@code gram} and b as {@code moment}, of the first model. */
  public void publish(LearnerState state, ModelWriter out) {
    out.exact(GRAM, new int[] {k, k}, state.block(GRAM));
    out.exact(MOMENT, new int[] {k}, state.block(MOMENT));
  }
}

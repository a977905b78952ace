package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.Forgetting;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.dictionary.Outliers;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.List;

/**
 * Online non-negative CP dictionary: signals are matrices, atoms outer products {@code u_j v_j'},
 * so K atoms of d1 x d2 numbers take K (d1 + d2) to keep. Block coordinate descent with proximal
 * regularisation on the surrogate that the codes so far define.
 *
 * <p>Kwon, Lyu, "Complexity of Block Coordinate Descent with Proximal Regularization and Its
 * Application to Wasserstein CP-dictionary Learning", ICML 2023; its abstract was read. Statistics
 * as of Strohmeier, Lyu, Needell, "Online Nonnegative CP-dictionary Learning for Markovian Data",
 * JMLR 23 (2022), from memory. Round t with n signals, blocks by {@link CpLeastSquares}:
 *
 * <pre>
 * a_i = argmin over a &gt;= 0 of 0.5 ||x_i - D a||^2,   D_j = u_j v_j'
 * A   = beta_t A + (1/n) sum w_i a_i a_i',   B = beta_t B + (1/n) sum w_i x_i a_i'
 * U   = argmin over U &gt;= 0 of 0.5 tr(D'D A) - tr(D'B) + (p/2) ||U - U_old||^2,   then V
 * </pre>
 *
 * <p>with p = prox times the mean of the diagonal of the block's Hessian, so that it is the same
 * share of it whatever the unit of the signals. An atom that has become zero, or that no code has
 * used for a quarter of the memory, would stay so: it starts anew from the row and column sums of a
 * signal of the batch, its statistics cleared. A warm start takes the factors with the weight that
 * they had, see {@code usage} in {@link #publish}.
 *
 * <p>Deviations from the papers: none known beyond that, {@link Outliers} and the bounded memory of
 * {@code power}. Memory {@code K (d1 + d2) + K^2 + K m}; per signal 4 m K flops and the code, per
 * batch and sweep {@code 2 m K + 2 (d1 + d2) K^2} and the row solves. Immutable.
 */
public final class CpDictionary extends CpMethod {
  private static final Hyper PROX =
      new Hyper(
          "prox",
          1e-3,
          Range.nonNegative(),
          "weight of half a block's squared move, in parts of the mean curvature of the block");

  private static final Hyper SWEEPS =
      new Hyper("sweeps", 1, Range.integers(1, 1000), "sweeps over U and V per batch");

  private static final Hyper TOLERANCE =
      new Hyper("tolerance", 1e-8, Range.nonNegative(), "of the block solves, relative");

  private static final Hyper MAX_SWEEPS =
      new Hyper(
          "max-sweeps",
          1000,
          Range.integers(1, 1e9),
          "limit of sweeps of a block solve; a sweep gives every entry one chance to change. The"
              + " figure 'unconvergedCodes' counts the codes that it ended");

  public static final MethodSpec SPEC =
      new MethodSpec(
          "cp",
          new Source(
              "Kwon, Lyu, Complexity of Block Coordinate Descent with Proximal Regularization and"
                  + " Its Application to Wasserstein CP-dictionary Learning, ICML 2023",
              Source.Confidence.MEMORY),
          false,
          true,
          List.of(Forgetting.CHOICE),
          dimension ->
              List.of(
                  CpShape.hyper(dimension),
                  Forgetting.RHO,
                  Forgetting.MEMORY,
                  PROX,
                  SWEEPS,
                  TOLERANCE,
                  MAX_SWEEPS),
          CpDictionary::new);

  private static final int A = OWN;
  private static final int B = OWN + 1;
  private static final int ROUND = OWN + 2;
  private static final int IDLE = OWN + 3;

  /** Where in the round block the size of signals is kept, behind the rounds. */
  private static final int SIZE = 1;

  private static final int NUMBERS = SIZE + Outliers.NUMBERS;

  /** An atom may be idle for this part of the memory. */
  private static final double PATIENCE = 0.25;

  private static final String USAGE = "usage";
  private static final String ROUND_TENSOR = "round";

  /** Figures of the last step, behind the mean objective. */
  private enum Figure {
    NON_ZEROS,
    REPLACED_ATOMS,
    LARGEST_MOVE,
    UNCONVERGED_CODES,
    OUTLIERS
  }

  private final Forgetting forgetting;
  private final double rho;
  private final double memory;
  private final double prox;
  private final int sweeps;
  private final CpLeastSquares blocks;

  private CpDictionary(MethodSettings s) {
    super(
        SPEC.id(),
        CpShape.of(s),
        Figure.values(),
        own ->
            own.block("a", s.atoms() * s.atoms())
                .block("b", s.atoms() * s.dimension())
                .block("round", NUMBERS)
                .block("idle", s.atoms()));
    HyperValues v = s.values();
    rho = v.get(Forgetting.RHO);
    forgetting = Forgetting.of(s.word(Forgetting.CHOICE), rho);
    memory = v.get(Forgetting.MEMORY) * atoms;
    prox = v.get(PROX);
    sweeps = (int) v.get(SWEEPS);
    blocks =
        new CpLeastSquares(
            shape.rows(),
            shape.columns(),
            atoms,
            v.get(TOLERANCE),
            (int) v.get(MAX_SWEEPS),
            s.backend());
  }

  /** Random factors of unit norm. */
  @Override
  public void initialize(LearnerState state, Draws draws) {
    Draws start = draws.fork(Purpose.INITIALIZATION);
    double[] u = state.block(U);
    double[] v = state.block(V);
    for (int j = 0; j < atoms; j++) {
      begin(start, j, u, v, j);
    }
    setObjective(state, Double.NaN);
  }

  /** Puts an atom to random factors of unit norm, by the {@code stretch}-th stretch of draws. */
  private void begin(Draws draws, long stretch, double[] u, double[] v, int atom) {
    long from = stretch * (shape.rows() + shape.columns());
    begin(draws, from, u, atom * shape.rows(), shape.rows());
    begin(draws, from + shape.rows(), v, atom * shape.columns(), shape.columns());
  }

  private void begin(Draws draws, long from, double[] factor, int at, int length) {
    for (int i = 0; i < length; i++) {
      factor[at + i] = 1 - draws.uniform(from + i);
    }
    double norm = Vectors.norm(factor, at, length);
    for (int i = at; i < at + length; i++) {
      factor[i] /= norm;
    }
  }

  @Override
  public void encode(
      double[] x,
      int n,
      LearnerState state,
      double[] codes,
      double[] objectives,
      Workspace workspace) {
    blocks.encode(x, n, state.block(U), state.block(V), codes, objectives, workspace);
  }

  @Override
  public boolean step(
      double[] x, double[] weights, int n, LearnerState state, Draws draws, Workspace workspace) {
    double[] u = copy(state, U, "cp.u", workspace);
    double[] v = copy(state, V, "cp.v", workspace);
    double[] a = copy(state, A, "cp.a", workspace);
    double[] b = copy(state, B, "cp.b", workspace);
    double[] round = copy(state, ROUND, "cp.round", workspace);
    double[] idle = copy(state, IDLE, "cp.idle", workspace);
    double[] codes = workspace.atLeast("cp.codes", n * atoms);
    double[] objectives = workspace.atLeast("cp.objectives", n);
    double[] sizes = workspace.atLeast("cp.sizes", n);
    double[] counted = workspace.atLeast("cp.counted", n);
    int unconverged = blocks.encode(x, n, u, v, codes, objectives, workspace);
    double t = round[0] + 1;
    double beta = forgetting.keep((long) t, n, rho, memory);
    for (int i = 0; i < n; i++) {
      sizes[i] = Vectors.dot(x, i * dimension, x, i * dimension, dimension);
    }
    int outliers = Outliers.weigh(sizes, weights, n, beta, round, SIZE, counted, workspace);
    blocks.accumulate(beta, 1.0 / n, x, counted, codes, n, a, b, workspace);
    if (!finite(a) || !finite(b) || !finite(round)) {
      return false;
    }
    for (int s = 0; s < sweeps; s++) {
      blocks.updateFactor(true, a, b, prox * curvature(a, v), u, v, workspace);
      blocks.updateFactor(false, a, b, prox * curvature(a, u), v, u, workspace);
    }
    idle(codes, n, idle);
    int replaced = replaceUnused(x, n, u, v, a, b, idle, draws.fork(Purpose.ATOMS));
    if (!finite(u) || !finite(v)) {
      return false;
    }
    double sum = 0;
    int nonZeros = 0;
    for (int i = 0; i < n; i++) {
      sum += objectives[i];
    }
    if (!Double.isFinite(sum)) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      for (int j = i * atoms; j < (i + 1) * atoms; j++) {
        nonZeros += codes[j] == 0 ? 0 : 1;
      }
    }
    setObjective(state, sum / n);
    set(state, Figure.NON_ZEROS, (double) nonZeros / n);
    set(state, Figure.REPLACED_ATOMS, replaced);
    set(state, Figure.LARGEST_MOVE, largestMove(state, u, v, workspace));
    set(state, Figure.UNCONVERGED_CODES, unconverged);
    set(state, Figure.OUTLIERS, outliers);
    commit(u, state, U);
    commit(v, state, V);
    commit(a, state, A);
    commit(b, state, B);
    round[0] = t;
    commit(round, state, ROUND);
    commit(idle, state, IDLE);
    return true;
  }

  /** Mean of the diagonal of a block's Hessian, {@code A_jj ||other_j||^2}. */
  private double curvature(double[] a, double[] other) {
    int length = other.length / atoms;
    double sum = 0;
    for (int j = 0; j < atoms; j++) {
      sum += a[j * atoms + j] * Vectors.dot(other, j * length, other, j * length, length);
    }
    return sum / atoms;
  }

  private void idle(double[] codes, int n, double[] idle) {
    for (int j = 0; j < atoms; j++) {
      boolean used = false;
      for (int r = 0; r < n && !used; r++) {
        used = codes[r * atoms + j] != 0;
      }
      idle[j] = used ? 0 : idle[j] + n;
    }
  }

  /** Row and column sums of a signal as factors of unit norm; false where it is zero. */
  private boolean take(double[] x, int signal, double[] u, double[] v, int atom) {
    int rows = shape.rows();
    int columns = shape.columns();
    double[] marginals = new double[rows + columns];
    for (int i = 0; i < dimension; i++) {
      double value = Math.max(x[signal * dimension + i], 0);
      marginals[i / columns] += value;
      marginals[rows + i % columns] += value;
    }
    double first = Vectors.norm(marginals, 0, rows);
    double second = Vectors.norm(marginals, rows, columns);
    if (!(first > 0 && second > 0)) {
      return false;
    }
    for (int i = 0; i < rows; i++) {
      u[atom * rows + i] = marginals[i] / first;
    }
    for (int i = 0; i < columns; i++) {
      v[atom * columns + i] = marginals[rows + i] / second;
    }
    return true;
  }

  /** A tenth of the atoms at most, but at least one, start anew for being idle. */
  private int replaceUnused(
      double[] x,
      int n,
      double[] u,
      double[] v,
      double[] a,
      double[] b,
      double[] idle,
      Draws draws) {
    double patience = memory > 0 ? PATIENCE * memory : Double.POSITIVE_INFINITY;
    int limit = Math.max(1, atoms / 10);
    int replaced = 0;
    for (int j = 0; j < atoms; j++) {
      boolean gone = zero(u, j, shape.rows()) || zero(v, j, shape.columns());
      if (gone || idle[j] >= patience && replaced < limit) {
        if (!take(x, draws.index(replaced, n), u, v, j)) {
          begin(draws.fork(Purpose.INITIALIZATION), replaced, u, v, j);
        }
        replaced++;
        idle[j] = 0;
        for (int k = 0; k < atoms; k++) {
          a[j * atoms + k] = 0;
          a[k * atoms + j] = 0;
        }
        Arrays.fill(b, j * dimension, (j + 1) * dimension, 0);
      }
    }
    return replaced;
  }

  /**
   * Beside the factors, for a warm start {@code usage} [K], the diagonal of A, and {@code round}
   * [3]: rounds, and the usual size of signals with its weight.
   */
  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    super.publish(state, out, workspace);
    double[] usage = new double[atoms];
    for (int j = 0; j < atoms; j++) {
      usage[j] = state.block(A)[j * atoms + j];
    }
    out.tensor(USAGE, new int[] {atoms}, usage);
    out.tensor(ROUND_TENSOR, new int[] {NUMBERS}, state.block(ROUND));
  }

  /** Takes the factors with the weight they had: {@code A = diag(usage), B = A D}. */
  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    super.warmStart(state, from);
    if (!from.tensors().containsKey(USAGE)) {
      return;
    }
    double[] usage = notNegative(from, USAGE, atoms);
    double[] round = notNegative(from, ROUND_TENSOR, NUMBERS);
    double[] b = state.block(B);
    shape.atoms(state.block(U), state.block(V), b);
    for (int j = 0; j < atoms; j++) {
      state.block(A)[j * atoms + j] = usage[j];
      for (int i = j * dimension; i < (j + 1) * dimension; i++) {
        b[i] *= usage[j];
      }
    }
    commit(round, state, ROUND);
    state.block(ROUND)[0] = Math.rint(round[0]);
  }

  private static boolean zero(double[] factor, int atom, int length) {
    for (int i = atom * length; i < (atom + 1) * length; i++) {
      if (factor[i] != 0) {
        return false;
      }
    }
    return true;
  }
}

package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.Forgetting;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.MethodSpec;
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
 * U   = argmin over U &gt;= 0 of 0.5 tr(D'D A) - tr(D'B) + (prox/2) ||U - U_old||^2,   then V
 * </pre>
 *
 * <p>An atom that has become zero would stay so: it starts anew at random, its statistics cleared.
 * Deviations from the papers: none known beyond that. Memory {@code K (d1 + d2) + K^2 + K m}; per
 * signal 4 m K flops and the code, per batch and sweep {@code 2 m K + 2 (d1 + d2) K^2} and the row
 * solves. Immutable.
 */
public final class CpDictionary extends CpMethod {
  private static final Hyper PROX =
      new Hyper("prox", 0.01, Range.nonNegative(), "weight of half a block's squared move");

  private static final Hyper SWEEPS =
      new Hyper("sweeps", 1, Range.integers(1, 1000), "sweeps over U and V per batch");

  private static final Hyper TOLERANCE =
      new Hyper("tolerance", 1e-8, Range.nonNegative(), "of the block solves, relative");

  private static final Hyper MAX_SWEEPS =
      new Hyper("max-sweeps", 1000, Range.integers(1, 1e9), "limit of a block solve");

  public static final MethodSpec SPEC =
      new MethodSpec(
          "cp",
          new Source(
              "Kwon, Lyu, Complexity of Block Coordinate Descent with Proximal Regularization and"
                  + " Its Application to Wasserstein CP-dictionary Learning, ICML 2023",
              Source.Confidence.MEMORY),
          false,
          List.of(Forgetting.CHOICE),
          dimension ->
              List.of(
                  CpShape.hyper(dimension), Forgetting.RHO, PROX, SWEEPS, TOLERANCE, MAX_SWEEPS),
          CpDictionary::new);

  private static final int A = OWN;
  private static final int B = OWN + 1;
  private static final int ROUND = OWN + 2;

  /** Figures of the last step, behind the mean objective. */
  private enum Figure {
    NON_ZEROS,
    REPLACED_ATOMS,
    LARGEST_MOVE
  }

  private final Forgetting forgetting;
  private final double rho;
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
                .block("round", 1));
    HyperValues v = s.values();
    rho = v.get(Forgetting.RHO);
    forgetting = Forgetting.of(s.word(Forgetting.CHOICE), rho);
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
    double[] codes = workspace.atLeast("cp.codes", n * atoms);
    double[] objectives = workspace.atLeast("cp.objectives", n);
    blocks.encode(x, n, u, v, codes, objectives, workspace);
    double t = state.block(ROUND)[0] + 1;
    double beta = forgetting.keep((long) t, n, rho);
    blocks.accumulate(beta, 1.0 / n, x, weights, codes, n, a, b, workspace);
    if (!finite(a) || !finite(b)) {
      return false;
    }
    for (int s = 0; s < sweeps; s++) {
      blocks.updateFactor(true, a, b, prox, u, v, workspace);
      blocks.updateFactor(false, a, b, prox, v, u, workspace);
    }
    int replaced = replaceZeros(u, v, a, b, draws.fork(Purpose.ATOMS));
    if (!finite(u) || !finite(v)) {
      return false;
    }
    double sum = 0;
    int nonZeros = 0;
    for (int i = 0; i < n; i++) {
      sum += objectives[i];
      for (int j = i * atoms; j < (i + 1) * atoms; j++) {
        nonZeros += codes[j] == 0 ? 0 : 1;
      }
    }
    setObjective(state, sum / n);
    set(state, Figure.NON_ZEROS, (double) nonZeros / n);
    set(state, Figure.REPLACED_ATOMS, replaced);
    set(state, Figure.LARGEST_MOVE, largestMove(state, u, v, workspace));
    commit(u, state, U);
    commit(v, state, V);
    commit(a, state, A);
    commit(b, state, B);
    state.block(ROUND)[0] = t;
    return true;
  }

  private int replaceZeros(double[] u, double[] v, double[] a, double[] b, Draws draws) {
    int replaced = 0;
    for (int j = 0; j < atoms; j++) {
      if (zero(u, j, shape.rows()) || zero(v, j, shape.columns())) {
        begin(draws, replaced++, u, v, j);
        for (int k = 0; k < atoms; k++) {
          a[j * atoms + k] = 0;
          a[k * atoms + j] = 0;
        }
        Arrays.fill(b, j * dimension, (j + 1) * dimension, 0);
      }
    }
    return replaced;
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

package io.millrace.core.dictionary.nmf;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.AbstractMethod;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.List;

/**
 * Online non-negative matrix factorisation under the generalised Kullback-Leibler divergence {@code
 * sum x ln(x / p) - x + p}, p = a D, by multiplicative updates: for counts, where squared errors
 * would hear the largest entries only. (Under the squared error it is the online method with
 * non-negative codes and atoms.)
 *
 * <p>Lefevre, Bach, Fevotte, "Online algorithms for nonnegative matrix factorization with the
 * Itakura-Saito divergence", WASPAA 2011; the rule is scikit-learn's MiniBatchNMF with {@code
 * beta_loss = 1}. For a batch X [n x m]:
 *
 * <pre>
 * a_k  = a_k (sum_i d_ki x_i / p_i) / sum_i d_ki          a fixed number of times, from ones
 * A    = rho A + D o (a' (X / P)),   B = rho B + sum a,   D = A / B
 * </pre>
 *
 * <p>Deviations: codes take a fixed number of updates, so that a signal's code does not depend on
 * the rest of its batch. Signals must not be negative: negative numbers count as 0. Memory 2 m K +
 * K; 4 m K flop per signal and update.
 */
public final class KlFactorization extends AbstractMethod {
  private static final Hyper FORGET =
      new Hyper("forget", 0.7, Range.closed(0, 1), "share of the statistics that a batch keeps");

  private static final Hyper UPDATES =
      new Hyper("code-updates", 30, Range.integers(1, 10_000), "updates per code");

  public static final MethodSpec SPEC =
      new MethodSpec(
          "nmf-kl",
          new Source(
              "Lefevre, Bach, Fevotte, Online algorithms for nonnegative matrix factorization with"
                  + " the Itakura-Saito divergence, WASPAA (2011)",
              Source.Confidence.CODE),
          false,
          List.of(),
          dimension -> List.of(FORGET, UPDATES),
          KlFactorization::new);

  /** What a reconstruction or a sum is at least, so that dividing by it is possible. */
  private static final double LEAST = 0x1p-23;

  /** An entry of an atom below this is 0 for good. */
  private static final double GONE = 0x1p-52;

  private static final int DICTIONARY = 0;
  private static final int NUMERATOR = 1;
  private static final int DENOMINATOR = 2;

  /** Figures of the last step, behind the mean objective. */
  private enum Figure {
    NON_ZEROS,
    LARGEST_MOVE
  }

  private final double forget;
  private final int updates;
  private final ComputeBackend backend;

  private KlFactorization(MethodSettings s) {
    super(SPEC.id(), s.dimension(), s.atoms(), Figure.values(), blocks(s));
    forget = s.values().get(FORGET);
    updates = (int) s.values().get(UPDATES);
    backend = s.backend();
  }

  private static StateSchema blocks(MethodSettings s) {
    return new StateSchema.Builder()
        .block("dictionary", s.atoms() * s.dimension())
        .block("numerator", s.atoms() * s.dimension())
        .block("denominator", s.atoms())
        .block(FIGURES_BLOCK, figuresLength(Figure.values()))
        .build();
  }

  @Override
  public void initialize(LearnerState state, Draws draws) {
    double[] d = state.block(DICTIONARY);
    Draws start = draws.fork(Purpose.INITIALIZATION);
    for (int i = 0; i < d.length; i++) {
      d[i] = 1 - start.uniform(i); // above 0: an update never leaves it
    }
    begin(state);
  }

  /** The statistics of a dictionary that nothing is known about. */
  private void begin(LearnerState state) {
    double[] d = state.block(DICTIONARY);
    System.arraycopy(d, 0, state.block(NUMERATOR), 0, d.length);
    Arrays.fill(state.block(DENOMINATOR), 1);
    setObjective(state, Double.NaN);
  }

  @Override
  public void encode(
      double[] x,
      int n,
      LearnerState state,
      double[] codes,
      double[] objectives,
      Workspace workspace) {
    double[] d = state.block(DICTIONARY);
    double[] ratio = workspace.atLeast("nmf-kl.ratio", n * dimension);
    double[] pull = workspace.atLeast("nmf-kl.pull", n * atoms);
    double[] sums = workspace.array("nmf-kl.sums", atoms);
    Kernels kernels = workspace.kernels(backend);
    for (int k = 0; k < atoms; k++) {
      double sum = 0;
      for (int i = k * dimension; i < (k + 1) * dimension; i++) {
        sum += d[i];
      }
      sums[k] = sum > 0 ? sum : LEAST;
    }
    Arrays.fill(codes, 0, n * atoms, 1);
    for (int t = 0; t < updates; t++) {
      ratios(x, n, d, codes, ratio, kernels);
      kernels.gemm(
          1,
          kernels.left(ratio, n, dimension),
          kernels.right(d, atoms, dimension).transposed(),
          0,
          kernels.into(pull, n, atoms));
      for (int r = 0; r < n; r++) {
        for (int k = 0; k < atoms; k++) {
          codes[r * atoms + k] *= pull[r * atoms + k] / sums[k];
        }
      }
    }
    reconstruct(n, d, codes, ratio, kernels);
    for (int r = 0; r < n; r++) {
      objectives[r] = divergence(x, ratio, r * dimension);
    }
  }

  /** X / P elementwise. */
  private void ratios(
      double[] x, int n, double[] d, double[] codes, double[] out, Kernels kernels) {
    reconstruct(n, d, codes, out, kernels);
    for (int i = 0; i < n * dimension; i++) {
      out[i] = Math.max(x[i], 0) / Math.max(out[i], LEAST);
    }
  }

  private void reconstruct(int n, double[] d, double[] codes, double[] out, Kernels kernels) {
    kernels.gemm(
        1,
        kernels.left(codes, n, atoms),
        kernels.right(d, atoms, dimension),
        0,
        kernels.into(out, n, dimension));
  }

  private double divergence(double[] x, double[] p, int from) {
    double sum = 0;
    for (int i = from; i < from + dimension; i++) {
      double v = Math.max(x[i], 0);
      double q = Math.max(p[i], LEAST);
      sum += v > 0 ? v * StrictMath.log(v / q) - v + q : q;
    }
    return sum;
  }

  @Override
  public boolean step(
      double[] x, double[] weights, int n, LearnerState state, Draws draws, Workspace workspace) {
    double[] codes = workspace.atLeast("nmf-kl.codes", n * atoms);
    double[] objectives = workspace.atLeast("nmf-kl.objectives", n);
    encode(x, n, state, codes, objectives, workspace);
    double objective = 0;
    int nonZeros = 0;
    for (int r = 0; r < n; r++) {
      objective += objectives[r] / n;
    }
    double[] d = state.block(DICTIONARY);
    double[] ratio = workspace.atLeast("nmf-kl.ratio", n * dimension);
    Kernels kernels = workspace.kernels(backend);
    ratios(x, n, d, codes, ratio, kernels);
    double[] b = workspace.array("nmf-kl.b", atoms);
    for (int k = 0; k < atoms; k++) {
      b[k] = forget * state.block(DENOMINATOR)[k];
    }
    for (int r = 0; r < n; r++) {
      for (int k = 0; k < atoms; k++) {
        int at = r * atoms + k;
        nonZeros += codes[at] != 0 ? 1 : 0;
        codes[at] *= weights[r];
        b[k] += codes[at];
      }
    }
    double[] a = workspace.array("nmf-kl.a", atoms * dimension);
    kernels.gemm(
        1,
        kernels.left(codes, n, atoms).transposed(),
        kernels.right(ratio, n, dimension),
        0,
        kernels.into(a, atoms, dimension));
    double[] next = workspace.array("nmf-kl.next", atoms * dimension);
    double move = advance(state, a, b, next);
    if (!Vectors.allFinite(a, a.length)
        || !Vectors.allFinite(b, b.length)
        || !Vectors.allFinite(next, next.length)
        || !Double.isFinite(objective)) {
      return false;
    }
    System.arraycopy(a, 0, state.block(NUMERATOR), 0, a.length);
    System.arraycopy(b, 0, state.block(DENOMINATOR), 0, b.length);
    System.arraycopy(next, 0, d, 0, next.length);
    setObjective(state, objective);
    set(state, Figure.NON_ZEROS, (double) nonZeros / n);
    set(state, Figure.LARGEST_MOVE, move);
    return true;
  }

  /**
   * The new atoms.
   *
   * @param a this batch's pull on the atoms, becomes the new numerators
   * @param b new denominators
   * @return largest change of an entry
   */
  private double advance(LearnerState state, double[] a, double[] b, double[] next) {
    double[] d = state.block(DICTIONARY);
    double[] before = state.block(NUMERATOR);
    double largest = 0;
    for (int k = 0; k < atoms; k++) {
      double sum = Math.max(b[k], Double.MIN_NORMAL);
      for (int i = k * dimension; i < (k + 1) * dimension; i++) {
        a[i] = forget * before[i] + d[i] * a[i];
        double v = a[i] / sum;
        next[i] = v < GONE ? 0 : v;
        largest = Math.max(largest, Math.abs(next[i] - d[i]));
      }
    }
    return largest;
  }

  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    out.tensor("dictionary", new int[] {atoms, dimension}, state.block(DICTIONARY));
  }

  /** Takes the atoms, negative entries as 0; the statistics start anew. */
  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    double[] d = from.finiteTensor("dictionary", atoms, dimension);
    double[] own = state.block(DICTIONARY);
    for (int i = 0; i < own.length; i++) {
      own[i] = Math.max(d[i], 0);
    }
    begin(state);
  }

  @Override
  public void reconstruct(LearnerState state, double[] code, int codeOffset, double[] x, int at) {
    combine(state.block(DICTIONARY), code, codeOffset, x, at);
  }
}

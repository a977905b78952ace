package io.millrace.core.dictionary.nmf;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.AbstractMethod;
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
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.List;

/**
 * Online non-negative matrix factorisation under the generalised Kullback-Leibler divergence {@code
 * sum x ln(x / p) - x + p}, p = a D: for counts, where squared errors would hear the largest
 * entries only. (Under the squared error it is the online method with non-negative codes and
 * atoms.)
 *
 * <p>Lefevre, Bach, Fevotte, "Online algorithms for nonnegative matrix factorization with the
 * Itakura-Saito divergence", WASPAA 2011; the rule of the atoms is that of scikit-learn's
 * MiniBatchNMF with {@code beta_loss = 1}. For a batch X [n x m], codes by a {@link KlCoder}:
 *
 * <pre>
 * A = beta_t A + D o (a' diag(w) (X / P)),   B = beta_t B + sum w a,   D = A / B
 * </pre>
 *
 * <p>taken {@code sweeps} times from the same beta_t A and beta_t B, each time with the D and P
 * that the time before has left: one update of a batch alone falls behind where batches are few and
 * large.
 *
 * <p>The dictionary starts with the first K signals that are not zero, scaled to sums of 1 and each
 * mixed with the mean of its batch. An atom's entry is at least {@value #LEAST_ENTRY} times the
 * mean of its atom, or less by a pattern that differs from atom to atom: a factor of 0 would stay
 * 0, and equal ones would stay equal, so that what a source brings anew could never be learned. An
 * atom that no code has used for a quarter of the memory is replaced by a signal of the batch.
 *
 * <p>A warm start takes the atoms with the weight that they had: {@code B = usage, A = B D}.
 *
 * <p>Deviations: beta_t is counted in signals, see {@link Forgetting}; {@link Outliers} weigh less;
 * what was said of sweeps, starts and zeros. Memory 2 m K + 3 K; of a signal with s entries above 0
 * a sweep of its code costs about 8 s K flop.
 */
public final class KlFactorization extends AbstractMethod {
  /** An update of atoms moves them by a factor only, so that what is old holds them back longer. */
  private static final Hyper RHO = Forgetting.RHO.withDefault(6);

  private static final Hyper SWEEPS =
      new Hyper(
          "sweeps",
          3,
          Range.integers(1, 1000),
          "updates of the atoms per batch, the codes of the batch as they are");

  private static final Hyper TOLERANCE =
      new Hyper(
          "tolerance",
          1e-3,
          Range.nonNegative(),
          "a code is done when a sweep has moved no more than this part of the signal's sum");

  private static final Hyper MAX_SWEEPS =
      new Hyper(
          "max-sweeps",
          100,
          Range.integers(1, 1e9),
          "limit of sweeps per signal; a sweep gives every entry one chance to change. The figure"
              + " 'unconvergedCodes' counts the codes that it ended");

  public static final MethodSpec SPEC =
      new MethodSpec(
          "nmf-kl",
          new Source(
              "Lefevre, Bach, Fevotte, Online algorithms for nonnegative matrix factorization with"
                  + " the Itakura-Saito divergence, WASPAA (2011)",
              Source.Confidence.CODE),
          false,
          true,
          List.of(Forgetting.CHOICE, KlCoder.CHOICE),
          dimension -> List.of(RHO, Forgetting.MEMORY, SWEEPS, TOLERANCE, MAX_SWEEPS),
          KlFactorization::new);

  /** Least entry of an atom, in parts of its mean. */
  private static final double LEAST_ENTRY = 1e-9;

  /** Share of a signal that an atom must bear to be in use. */
  private static final double USED = 1e-6;

  /** An atom may be idle for this part of the memory. */
  private static final double PATIENCE = 0.25;

  /** Of an atom that was a signal, the part that is the mean of the signal's batch. */
  private static final double MIXED = 0.5;

  private static final int DICTIONARY = 0;
  private static final int NUMERATOR = 1;
  private static final int DENOMINATOR = 2;
  private static final int ROUND = 3;
  private static final int IDLE = 4;

  /** Numbers in the round block: atoms there are, rounds, size of signals. */
  private static final int FILLED = 0;

  private static final int ROUNDS = 1;
  private static final int SIZE = 2;
  private static final int NUMBERS = SIZE + Outliers.NUMBERS;

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
  private final int sweeps;
  private final KlCoder coder;

  private KlFactorization(MethodSettings s) {
    super(SPEC.id(), s.dimension(), s.atoms(), Figure.values(), blocks(s));
    HyperValues v = s.values();
    rho = v.get(RHO);
    forgetting = Forgetting.of(s.word(Forgetting.CHOICE), rho);
    memory = v.get(Forgetting.MEMORY) * atoms;
    sweeps = (int) v.get(SWEEPS);
    coder =
        new KlCoder(
            dimension,
            atoms,
            s.word(KlCoder.CHOICE).equals(KlCoder.MULTIPLICATIVE),
            v.get(TOLERANCE),
            (int) v.get(MAX_SWEEPS));
  }

  private static StateSchema blocks(MethodSettings s) {
    return new StateSchema.Builder()
        .block("dictionary", s.atoms() * s.dimension())
        .block("numerator", s.atoms() * s.dimension())
        .block("denominator", s.atoms())
        .block("round", NUMBERS)
        .block("idle", s.atoms())
        .block(FIGURES_BLOCK, figuresLength(Figure.values()))
        .build();
  }

  @Override
  public void initialize(LearnerState state, Draws draws) {
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
    coder.encode(x, n, state.block(DICTIONARY), codes, objectives, workspace);
  }

  @Override
  public boolean step(
      double[] x, double[] weights, int n, LearnerState state, Draws draws, Workspace workspace) {
    double[] d = workspace.array("nmf-kl.d", atoms * dimension);
    System.arraycopy(state.block(DICTIONARY), 0, d, 0, d.length);
    int filled = fill(x, n, (int) state.block(ROUND)[FILLED], d, workspace);
    if (filled < atoms) {
      state.block(ROUND)[FILLED] = filled;
      System.arraycopy(d, 0, state.block(DICTIONARY), 0, d.length);
      setObjective(state, Double.NaN);
      return true;
    }
    double[] codes = workspace.atLeast("nmf-kl.codes", n * atoms);
    double[] objectives = workspace.atLeast("nmf-kl.objectives", n);
    int unconverged = coder.encode(x, n, d, codes, objectives, workspace);
    double[] round = workspace.array("nmf-kl.round", NUMBERS);
    System.arraycopy(state.block(ROUND), 0, round, 0, NUMBERS);
    round[FILLED] = atoms;
    round[ROUNDS]++;
    double beta = forgetting.keep((long) round[ROUNDS], n, rho, memory);
    double[] sizes = workspace.atLeast("nmf-kl.sizes", n);
    double[] counted = workspace.atLeast("nmf-kl.counted", n);
    double objective = 0;
    for (int r = 0; r < n; r++) {
      sizes[r] = sum(x, r);
      objective += objectives[r] / n;
    }
    int outliers = Outliers.weigh(sizes, weights, n, beta, round, SIZE, counted, workspace);
    double[] a = workspace.array("nmf-kl.a", atoms * dimension);
    double[] b = workspace.array("nmf-kl.b", atoms);
    double[] next = workspace.array("nmf-kl.next", atoms * dimension);
    double[] from = d;
    for (int sweep = 0; sweep < sweeps; sweep++) {
      Arrays.fill(a, 0);
      Arrays.fill(b, 0);
      coder.pull(x, counted, codes, n, from, a, b, workspace);
      advance(state, beta, from, a, b, next);
      from = workspace.array("nmf-kl.from", atoms * dimension);
      System.arraycopy(next, 0, from, 0, next.length);
    }
    double[] idle = workspace.array("nmf-kl.idle", atoms);
    System.arraycopy(state.block(IDLE), 0, idle, 0, atoms);
    double nonZeros = idle(codes, sizes, n, d, idle, workspace);
    int replaced = replaceIdle(x, n, next, a, b, idle, draws.fork(Purpose.ATOMS), workspace);
    if (!Vectors.allFinite(a, a.length)
        || !Vectors.allFinite(b, b.length)
        || !Vectors.allFinite(next, next.length)
        || !Double.isFinite(objective)) {
      return false;
    }
    setObjective(state, objective);
    set(state, Figure.NON_ZEROS, nonZeros);
    set(state, Figure.REPLACED_ATOMS, replaced);
    set(
        state,
        Figure.LARGEST_MOVE,
        Vectors.largestRowDistance(state.block(DICTIONARY), next, atoms, dimension));
    set(state, Figure.UNCONVERGED_CODES, unconverged);
    set(state, Figure.OUTLIERS, outliers);
    System.arraycopy(a, 0, state.block(NUMERATOR), 0, a.length);
    System.arraycopy(b, 0, state.block(DENOMINATOR), 0, b.length);
    System.arraycopy(next, 0, state.block(DICTIONARY), 0, next.length);
    System.arraycopy(round, 0, state.block(ROUND), 0, NUMBERS);
    System.arraycopy(idle, 0, state.block(IDLE), 0, atoms);
    return true;
  }

  private double sum(double[] x, int r) {
    double sum = 0;
    for (int i = r * dimension; i < (r + 1) * dimension; i++) {
      sum += x[i];
    }
    return sum;
  }

  /** Makes signals atoms until there are enough; how many there are. */
  private int fill(double[] x, int n, int before, double[] d, Workspace workspace) {
    int filled = before;
    for (int r = 0; r < n && filled < atoms; r++) {
      if (take(x, n, r, 1, d, filled, workspace)) {
        filled++;
      }
    }
    return filled;
  }

  /**
   * Makes a signal, mixed with the mean of its batch, an atom.
   *
   * @param size sum of the atom
   * @return false where the signal is zero: the atom is as it was
   */
  private boolean take(
      double[] x, int n, int r, double size, double[] d, int atom, Workspace workspace) {
    double mass = sum(x, r);
    if (!(mass > 0)) {
      return false;
    }
    double[] mean = workspace.array("nmf-kl.mean", dimension);
    Arrays.fill(mean, 0);
    double all = 0;
    for (int s = 0; s < n; s++) {
      for (int i = 0; i < dimension; i++) {
        double v = x[s * dimension + i];
        mean[i] += v;
        all += v;
      }
    }
    int at = atom * dimension;
    for (int i = 0; i < dimension; i++) {
      double own = (1 - MIXED) * x[r * dimension + i] / mass + MIXED * mean[i] / all;
      d[at + i] = size * Math.max(own, least(atom, i) / dimension);
    }
    return true;
  }

  /** The least entry in parts of an atom's mean, a pattern in (0.1, 1] that no two atoms share. */
  private static double least(int atom, int i) {
    double turn = 0.6180339887498949 * (i + 1) * (1 + 0.4142135623730950 * (atom + 1));
    return LEAST_ENTRY * (1 - 0.9 * (turn - Math.floor(turn)));
  }

  /**
   * The new atoms.
   *
   * @param a pull of the batch on the atoms, becomes the new numerators
   * @param b weight of the batch, becomes the new denominators
   */
  private void advance(
      LearnerState state, double beta, double[] d, double[] a, double[] b, double[] next) {
    double[] numerator = state.block(NUMERATOR);
    double[] denominator = state.block(DENOMINATOR);
    for (int k = 0; k < atoms; k++) {
      int from = k * dimension;
      b[k] = beta * denominator[k] + b[k];
      boolean used = b[k] > Double.MIN_NORMAL;
      double size = 0;
      for (int i = from; i < from + dimension; i++) {
        a[i] = beta * numerator[i] + d[i] * a[i];
        next[i] = used ? a[i] / b[k] : d[i];
        size += next[i];
      }
      for (int i = from; i < from + dimension; i++) {
        double least = least(k, i - from) * size / dimension;
        if (next[i] < least) {
          next[i] = least;
          a[i] = least * b[k];
        }
      }
    }
  }

  /** Counts on how many signals each atom was not used; the mean number of those used by one. */
  private double idle(
      double[] codes, double[] sizes, int n, double[] d, double[] idle, Workspace workspace) {
    double[] sums = coder.sums(d, workspace);
    long used = 0;
    for (int k = 0; k < atoms; k++) {
      int uses = 0;
      for (int r = 0; r < n; r++) {
        uses += codes[r * atoms + k] * sums[k] > USED * sizes[r] ? 1 : 0;
      }
      idle[k] = uses > 0 ? 0 : idle[k] + n;
      used += uses;
    }
    return (double) used / n;
  }

  /** A tenth of the atoms at most, but at least one, start anew for being idle. */
  private int replaceIdle(
      double[] x,
      int n,
      double[] next,
      double[] a,
      double[] b,
      double[] idle,
      Draws draws,
      Workspace workspace) {
    double patience = memory > 0 ? PATIENCE * memory : Double.POSITIVE_INFINITY;
    int limit = Math.max(1, atoms / 10);
    int picks = 0;
    int replaced = 0;
    for (int k = 0; k < atoms && picks < limit; k++) {
      if (idle[k] >= patience) {
        double size = 0;
        for (int i = k * dimension; i < (k + 1) * dimension; i++) {
          size += next[i];
        }
        if (take(x, n, draws.index(picks++, n), size, next, k, workspace)) {
          replaced++;
          idle[k] = 0;
          b[k] = 0;
          Arrays.fill(a, k * dimension, (k + 1) * dimension, 0);
        }
      }
    }
    return replaced;
  }

  /**
   * The dictionary; for a warm start {@code usage} [K], the denominators, and {@code round} [3]:
   * rounds, and the usual size of signals with its weight.
   */
  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    out.tensor("dictionary", new int[] {atoms, dimension}, state.block(DICTIONARY));
    out.tensor(USAGE, new int[] {atoms}, state.block(DENOMINATOR));
    double[] round = state.block(ROUND);
    out.tensor(ROUND_TENSOR, new int[] {NUMBERS - 1}, Arrays.copyOfRange(round, 1, NUMBERS));
  }

  /** Takes the atoms with the weight they had, none where the model does not say. */
  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    double[] d = notNegative(from, "dictionary", atoms, dimension);
    double[] own = state.block(DICTIONARY);
    System.arraycopy(d, 0, own, 0, own.length);
    int filled = own.length;
    while (filled > 0 && own[filled - 1] == 0) {
      filled--;
    }
    state.block(ROUND)[FILLED] = (filled + dimension - 1) / dimension;
    setObjective(state, Double.NaN);
    if (!from.tensors().containsKey(USAGE)) {
      return;
    }
    double[] usage = notNegative(from, USAGE, atoms);
    double[] round = notNegative(from, ROUND_TENSOR, NUMBERS - 1);
    System.arraycopy(usage, 0, state.block(DENOMINATOR), 0, atoms);
    for (int i = 0; i < own.length; i++) {
      state.block(NUMERATOR)[i] = own[i] * usage[i / dimension];
    }
    System.arraycopy(round, 0, state.block(ROUND), 1, NUMBERS - 1);
    state.block(ROUND)[ROUNDS] = Math.rint(round[0]);
  }

  @Override
  public void reconstruct(LearnerState state, double[] code, int codeOffset, double[] x, int at) {
    combine(state.block(DICTIONARY), code, codeOffset, x, at);
  }
}

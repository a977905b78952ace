package io.millrace.core.dictionary.online;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.AbstractMethod;
import io.millrace.core.dictionary.Forgetting;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.dictionary.Outliers;
import io.millrace.core.dictionary.SignalCoder;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.List;

/**
 * Online dictionary learning: sparse codes of a batch under the present dictionary, then block
 * coordinate descent on the surrogate that the codes so far define. With non-negative codes and
 * atoms it is online non-negative matrix factorisation.
 *
 * <p>Mairal, Bach, Ponce, Sapiro, "Online Learning for Matrix Factorization and Sparse Coding",
 * JMLR 11 (2010), algorithms 1 and 2. Round t with n signals:
 *
 * <pre>
 * a_i = code(x_i)                               by the {@link SparseCoder}
 * A   = beta_t A + (1/n) sum w_i a_i a_i'       beta_t: {@link Forgetting}
 * B   = beta_t B + (1/n) sum w_i x_i a_i'
 * d_j = P(d_j + (b_j - D a_j) / A_jj)           j = 1 .. K, some sweeps, updates used at once
 * </pre>
 *
 * <p>Unless it is given or random, the dictionary starts with the first K signals that are not
 * zero, scaled to unit norm; the batch that brings the last of them is learned from whole. An atom
 * that no code uses, or none has used for a quarter of the memory, is replaced by a random signal
 * of the batch, so that no source leaves atoms behind that could never take part again.
 *
 * <p>A warm start takes the atoms and how much each was used: {@code A = diag(usage), B = A D}, for
 * which D is the minimiser, with the weight that it had.
 *
 * <p>Deviations from the paper: the replacement of atoms clears their statistics, {@link Outliers}
 * weigh less, the memory of {@code power} is bounded. Memory 2 (m K + K^2); per signal 2 m K flop
 * of correlations, the coder, s (nnz) (nnz + m) of statistics, and per batch s 2 m K^2 of sweeps
 * and m K^2 of the Gram matrix, which is part of the state so that single signals can be coded.
 */
public final class OnlineDictionary extends AbstractMethod {
  private static final Hyper SWEEPS =
      new Hyper("sweeps", 3, Range.integers(1, 1000), "sweeps over the atoms per batch");

  private static final Hyper NON_NEGATIVE =
      new Hyper("nonnegative-atoms", 0, Range.flag(), "1: atoms have no negative entries");

  private static final Hyper GAMMA =
      new Hyper("gamma", 0.5, Range.nonNegative(), "weight of ||d||_1 in the elastic-net ball");

  private static final Hyper REPLACED_SHARE =
      new Hyper(
          "replaced-share",
          0.1,
          Range.closed(0, 1),
          "largest share of the atoms that is replaced per batch because no code uses them; at"
              + " least one atom unless 0");

  private static final Choice START =
      new Choice(
          "start", List.of("samples", "random"), "first signals, or random unit vectors, as atoms");

  public static final MethodSpec SPEC =
      new MethodSpec(
          "online",
          new Source(
              "Mairal, Bach, Ponce, Sapiro, Online Learning for Matrix Factorization and Sparse"
                  + " Coding, JMLR 11 (2010)",
              Source.Confidence.CODE_READ),
          true,
          false,
          List.of(Forgetting.CHOICE, AtomSet.CHOICE, START),
          dimension ->
              List.of(
                  Forgetting.RHO, Forgetting.MEMORY, SWEEPS, NON_NEGATIVE, GAMMA, REPLACED_SHARE),
          OnlineDictionary::new);

  private static final int DICTIONARY = 0;
  private static final int A = 1;
  private static final int B = 2;
  private static final int GRAM = 3;
  private static final int ROUND = 4;
  private static final int IDLE = 5;

  /** Numbers in the round block: atoms there are, rounds, size of signals. */
  private static final int FILLED = 0;

  private static final int ROUNDS = 1;
  private static final int SIZE = 2;
  private static final int NUMBERS = SIZE + Outliers.NUMBERS;

  /** An atom may be idle for this part of the memory. */
  private static final double PATIENCE = 0.25;

  private static final String USAGE = "usage";
  private static final String ROUND_TENSOR = "round";

  /** Figures of the last step, behind the mean objective. */
  private enum Figure {
    NON_ZEROS,
    UNUSED_ATOMS,
    REPLACED_ATOMS,
    LARGEST_MOVE,
    CODE_GAP,
    UNCONVERGED_CODES,
    OUTLIERS
  }

  private final SparseCoder coder;
  private final Forgetting forgetting;
  private final boolean randomStart;
  private final double rho;
  private final double memory;
  private final int sweeps;
  private final int replacedAtMost;
  private final AtomUpdate update;
  private final SignalCoder signals;

  private OnlineDictionary(MethodSettings s) {
    super(SPEC.id(), s.dimension(), s.atoms(), Figure.values(), blocks(s));
    HyperValues v = s.values();
    coder = s.coder();
    randomStart = s.word(START).equals("random");
    rho = v.get(Forgetting.RHO);
    forgetting = Forgetting.of(s.word(Forgetting.CHOICE), rho);
    memory = v.get(Forgetting.MEMORY) * atoms;
    sweeps = (int) v.get(SWEEPS);
    double share = v.get(REPLACED_SHARE);
    replacedAtMost = share == 0 ? 0 : Math.max(1, (int) (share * atoms));
    update =
        new AtomUpdate(
            dimension,
            atoms,
            AtomSet.of(s.word(AtomSet.CHOICE)),
            v.get(GAMMA),
            v.flag(NON_NEGATIVE));
    signals = new SignalCoder(dimension, atoms, coder, s.backend());
  }

  private static StateSchema blocks(MethodSettings s) {
    return new StateSchema.Builder()
        .block("dictionary", s.atoms() * s.dimension())
        .block("a", s.atoms() * s.atoms())
        .block("b", s.atoms() * s.dimension())
        .block("gram", s.atoms() * s.atoms())
        .block("round", NUMBERS)
        .block("idle", s.atoms())
        .block(FIGURES_BLOCK, figuresLength(Figure.values()))
        .build();
  }

  @Override
  public void initialize(LearnerState state, Draws draws) {
    setObjective(state, Double.NaN);
    if (!randomStart) {
      return;
    }
    double[] x = new double[dimension];
    Draws start = draws.fork(Purpose.INITIALIZATION);
    for (int j = 0; j < atoms; j++) {
      for (int i = 0; i < dimension; i++) {
        x[i] = start.normal((long) j * dimension + i);
      }
      update.take(x, 0, state.block(DICTIONARY), j);
    }
    begin(state);
  }

  /**
   * Makes the dictionary in {@code state} the one to go on from. Zeros at its end are filled up.
   */
  private void begin(LearnerState state) {
    double[] d = state.block(DICTIONARY);
    signals.gram(d, state.block(GRAM), new Workspace());
    int filled = d.length;
    while (filled > 0 && d[filled - 1] == 0) {
      filled--;
    }
    state.block(ROUND)[FILLED] = (filled + dimension - 1) / dimension;
  }

  @Override
  public void encode(
      double[] x,
      int n,
      LearnerState state,
      double[] codes,
      double[] objectives,
      Workspace workspace) {
    double[] c = workspace.atLeast("online.c", n * atoms);
    signals.encode(
        x, n, state.block(DICTIONARY), state.block(GRAM), c, codes, objectives, workspace);
  }

  @Override
  public boolean step(
      double[] x, double[] weights, int n, LearnerState state, Draws draws, Workspace workspace) {
    double[] d = workspace.array("online.d", atoms * dimension);
    System.arraycopy(state.block(DICTIONARY), 0, d, 0, d.length);
    double[] gram = state.block(GRAM);
    int filled = (int) state.block(ROUND)[FILLED];
    if (filled < atoms) {
      for (int r = 0; r < n && filled < atoms; r++) {
        if (update.take(x, r * dimension, d, filled)) {
          filled++;
        }
      }
      gram = workspace.array("online.gram", atoms * atoms);
      signals.gram(d, gram, workspace);
    }
    if (filled < atoms) {
      state.block(ROUND)[FILLED] = filled;
      commit(d, state.block(DICTIONARY));
      commit(gram, state.block(GRAM));
      setObjective(state, Double.NaN);
      return true;
    }
    double[] codes = workspace.atLeast("online.codes", n * atoms);
    double[] objectives = workspace.atLeast("online.objectives", n);
    double[] c = workspace.atLeast("online.c", n * atoms);
    int unconverged = signals.encode(x, n, d, gram, c, codes, objectives, workspace);
    double gap = signals.gap(x, n, gram, c, codes, workspace);
    double sum = 0;
    for (int r = 0; r < n; r++) {
      sum += objectives[r];
    }
    if (!Double.isFinite(sum) || !learn(x, weights, codes, n, d, state, draws, workspace)) {
      return false;
    }
    setObjective(state, sum / n);
    set(state, Figure.CODE_GAP, gap);
    set(state, Figure.UNCONVERGED_CODES, unconverged);
    return true;
  }

  /** The step from the codes on, taken on copies and written back when it is finite. */
  private boolean learn(
      double[] x,
      double[] weights,
      double[] codes,
      int n,
      double[] d,
      LearnerState state,
      Draws draws,
      Workspace workspace) {
    double[] a = workspace.array("online.a", atoms * atoms);
    double[] b = workspace.array("online.b", atoms * dimension);
    System.arraycopy(state.block(A), 0, a, 0, a.length);
    System.arraycopy(state.block(B), 0, b, 0, b.length);
    double[] round = workspace.array("online.round", NUMBERS);
    double[] idle = workspace.array("online.idle", atoms);
    System.arraycopy(state.block(ROUND), 0, round, 0, NUMBERS);
    System.arraycopy(state.block(IDLE), 0, idle, 0, atoms);
    long t = (long) round[ROUNDS] + 1;
    double beta = forgetting.keep(t, n, rho, memory);
    double[] counted = workspace.atLeast("online.counted", n);
    double[] sizes = workspace.atLeast("online.sizes", n);
    for (int r = 0; r < n; r++) {
      sizes[r] = Vectors.dot(x, r * dimension, x, r * dimension, dimension);
    }
    int outliers = Outliers.weigh(sizes, weights, n, beta, round, SIZE, counted, workspace);
    long nonZeros = update.accumulate(beta, x, counted, codes, n, a, b, workspace);
    update.idle(codes, n, idle);
    double least = AtomUpdate.UNUSED * round[SIZE];
    double patience = memory > 0 ? PATIENCE * memory : Double.POSITIVE_INFINITY;
    update.sweep(sweeps, d, a, b, least, workspace);
    int unused = update.unused(a, least, idle, patience);
    int replaced =
        unused == 0 || replacedAtMost == 0
            ? 0
            : update.replaceUnused(
                least, idle, patience, replacedAtMost, x, n, d, a, b, draws.fork(Purpose.ATOMS));
    if (!Vectors.allFinite(d, d.length)
        || !Vectors.allFinite(a, a.length)
        || !Vectors.allFinite(b, b.length)) {
      return false;
    }
    set(state, Figure.NON_ZEROS, (double) nonZeros / n);
    set(state, Figure.OUTLIERS, outliers);
    set(state, Figure.UNUSED_ATOMS, unused - replaced);
    set(state, Figure.REPLACED_ATOMS, replaced);
    set(
        state,
        Figure.LARGEST_MOVE,
        Vectors.largestRowDistance(state.block(DICTIONARY), d, atoms, dimension));
    commit(d, state.block(DICTIONARY));
    commit(a, state.block(A));
    commit(b, state.block(B));
    signals.gram(d, state.block(GRAM), workspace);
    round[FILLED] = atoms;
    round[ROUNDS] = t;
    commit(round, state.block(ROUND));
    commit(idle, state.block(IDLE));
    return true;
  }

  private static void commit(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  /**
   * The dictionary; for a warm start {@code usage} [K], the diagonal of A, and {@code round} [3]:
   * rounds, and the usual size of signals with its weight.
   */
  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    out.tensor("dictionary", new int[] {atoms, dimension}, state.block(DICTIONARY));
    double[] usage = new double[atoms];
    for (int j = 0; j < atoms; j++) {
      usage[j] = state.block(A)[j * atoms + j];
    }
    out.tensor(USAGE, new int[] {atoms}, usage);
    double[] round = state.block(ROUND);
    out.tensor(ROUND_TENSOR, new int[] {NUMBERS - 1}, Arrays.copyOfRange(round, 1, NUMBERS));
  }

  /**
   * Takes the atoms, projected onto the constraint set, with the weight they have. Where the model
   * does not say how much they were used they have none, but are not given up before they had their
   * chance.
   */
  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    double[] d = from.finiteTensor("dictionary", atoms, dimension);
    double[] own = state.block(DICTIONARY);
    System.arraycopy(d, 0, own, 0, own.length);
    for (int j = 0; j < atoms; j++) {
      update.project(own, j * dimension);
    }
    begin(state);
    if (!from.tensors().containsKey(USAGE)) {
      Arrays.fill(state.block(IDLE), -PATIENCE * memory);
      return;
    }
    double[] usage = notNegative(from, USAGE, atoms);
    double[] round = notNegative(from, ROUND_TENSOR, NUMBERS - 1);
    for (int j = 0; j < atoms; j++) {
      state.block(A)[j * atoms + j] = usage[j];
      for (int i = j * dimension; i < (j + 1) * dimension; i++) {
        state.block(B)[i] = usage[j] * own[i];
      }
    }
    System.arraycopy(round, 0, state.block(ROUND), 1, NUMBERS - 1);
    state.block(ROUND)[ROUNDS] = Math.rint(round[0]);
  }

  @Override
  public void reconstruct(LearnerState state, double[] code, int codeOffset, double[] x, int at) {
    combine(state.block(DICTIONARY), code, codeOffset, x, at);
  }
}

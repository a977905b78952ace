package io.millrace.core.dictionary.online;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.AbstractMethod;
import io.millrace.core.dictionary.Forgetting;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.MethodSpec;
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
 * that no code uses is replaced by a random signal of the batch.
 *
 * <p>Deviations from the paper: the replacement of atoms clears their statistics. Memory 2 (m K +
 * K^2); per signal 2 m K flop of correlations, the coder, s (nnz) (nnz + m) of statistics, and per
 * batch s 2 m K^2 of sweeps and m K^2 of the Gram matrix, which is part of the state so that single
 * signals can be coded.
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
          List.of(Forgetting.CHOICE, AtomSet.CHOICE, START),
          dimension -> List.of(Forgetting.RHO, SWEEPS, NON_NEGATIVE, GAMMA, REPLACED_SHARE),
          OnlineDictionary::new);

  private static final int DICTIONARY = 0;
  private static final int A = 1;
  private static final int B = 2;
  private static final int GRAM = 3;
  private static final int ROUND = 4;

  /** Figures of the last step, behind the mean objective. */
  private enum Figure {
    NON_ZEROS,
    UNUSED_ATOMS,
    REPLACED_ATOMS,
    LARGEST_MOVE,
    CODE_GAP
  }

  private final SparseCoder coder;
  private final Forgetting forgetting;
  private final boolean randomStart;
  private final double rho;
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
        .block("round", 2)
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

  /** Makes the dictionary in {@code state} the one to go on from. */
  private void begin(LearnerState state) {
    signals.gram(state.block(DICTIONARY), state.block(GRAM), new Workspace());
    state.block(ROUND)[0] = atoms;
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
    int filled = (int) state.block(ROUND)[0];
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
      state.block(ROUND)[0] = filled;
      commit(d, state.block(DICTIONARY));
      commit(gram, state.block(GRAM));
      setObjective(state, Double.NaN);
      return true;
    }
    double[] codes = workspace.atLeast("online.codes", n * atoms);
    double[] objectives = workspace.atLeast("online.objectives", n);
    double[] c = workspace.atLeast("online.c", n * atoms);
    signals.encode(x, n, d, gram, c, codes, objectives, workspace);
    double gap = signals.gap(x, n, gram, c, codes, workspace);
    double sum = 0;
    for (int r = 0; r < n; r++) {
      sum += objectives[r];
    }
    if (!learn(x, weights, codes, n, d, state, draws, workspace)) {
      return false;
    }
    setObjective(state, sum / n);
    set(state, Figure.CODE_GAP, gap);
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
    double[] round = state.block(ROUND);
    long t = (long) round[1] + 1;
    long nonZeros =
        update.accumulate(forgetting.keep(t, n, rho), x, weights, codes, n, a, b, workspace);
    update.sweep(sweeps, d, a, b, workspace);
    int unused = update.unused(a);
    int replaced =
        unused == 0 || replacedAtMost == 0
            ? 0
            : update.replaceUnused(replacedAtMost, x, n, d, a, b, draws.fork(Purpose.ATOMS));
    if (!Vectors.allFinite(d, d.length)
        || !Vectors.allFinite(a, a.length)
        || !Vectors.allFinite(b, b.length)) {
      return false;
    }
    set(state, Figure.NON_ZEROS, (double) nonZeros / n);
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
    round[0] = atoms;
    round[1] = t;
    return true;
  }

  private static void commit(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    out.tensor("dictionary", new int[] {atoms, dimension}, state.block(DICTIONARY));
  }

  /** Takes the atoms, projected onto the constraint set; the statistics start anew. */
  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    double[] d = from.finiteTensor("dictionary", atoms, dimension);
    double[] own = state.block(DICTIONARY);
    System.arraycopy(d, 0, own, 0, own.length);
    for (int j = 0; j < atoms; j++) {
      update.project(own, j * dimension);
    }
    begin(state);
  }

  @Override
  public void reconstruct(LearnerState state, double[] code, int codeOffset, double[] x, int at) {
    combine(state.block(DICTIONARY), code, codeOffset, x, at);
  }
}

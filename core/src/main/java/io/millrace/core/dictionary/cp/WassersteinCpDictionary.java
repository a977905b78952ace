package io.millrace.core.dictionary.cp;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.dictionary.cp.TransportBlocks.Effort;
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
 * Online Wasserstein CP dictionary: signals are histograms on a grid, atoms outer products of
 * histograms on its axes, and a signal is near its reconstruction when little mass has to go little
 * way. Block coordinate descent with proximal regularisation over the last signals.
 *
 * <p>Kwon, Lyu, "Complexity of Block Coordinate Descent with Proximal Regularization and Its
 * Application to Wasserstein CP-dictionary Learning", ICML 2023; its abstract was read. Blocks in
 * the dual as of Rolet, Cuturi, Peyre, "Fast Dictionary Learning with a Smoothed Wasserstein Loss",
 * AISTATS 2016, from memory. A batch of n signals x_i of mass s_i:
 *
 * <pre>
 * w_i = argmin over the simplex of H_qi(D'w) + rho_w sum w ln w,   q_i = x_i / s_i,   D_j = u_j v_j'
 * U   = argmin, u_j in the simplex, of mean over the window of H_q(D'w)
 *         + rho_f sum u ln u + prox KL(U, U_old),   then V
 * </pre>
 *
 * <p>The code is {@code s_i w_i}, so that D'a is of the signal's mass. A signal of no mass has code
 * 0 and is not learned from. The loss is the code's objective counted from its least possible
 * value, {@code <P, M> + gamma KL(P, q x uniform) + rho_w KL(w, uniform)}, which is not negative.
 * {@link EntropicTransport} has H, on the grid with squared distances, each axis of length 1;
 * {@link SimplexBlock} the regularizers and why the proximal term is a relative entropy. The duals
 * of the window's signals are kept to start the next solves from.
 *
 * <p>Deviations from the paper, of which the abstract was read: factors are learned from a window
 * of the last signals and not from all; the proximal term is a relative entropy and not a square;
 * codes have an entropy term of their own; blocks are solved to a tolerance or a number of
 * iterations.
 *
 * <p>Memory {@code K (d1 + d2) + W (2 m + K)} for a window of W signals. A dual gradient costs
 * {@code 4 d1 d2 (d1 + d2) + 4 m K} flops per signal, a solve tens to hundreds of them. Immutable.
 */
public final class WassersteinCpDictionary extends CpMethod {
  private static final Hyper GAMMA =
      new Hyper("gamma", 0.05, Range.positive(), "entropic smoothing of the transport");

  private static final Hyper CODE_ENTROPY =
      new Hyper("code-entropy", 0.02, Range.positive(), "weight of a code's negative entropy");

  private static final Hyper FACTOR_ENTROPY =
      new Hyper(
          "factor-entropy", 0, Range.nonNegative(), "weight of the negative entropy of factors");

  private static final Hyper PROX =
      new Hyper(
          "prox",
          0.05,
          Range.positive(),
          "weight of a factor's relative entropy to the one before");

  private static final Hyper WINDOW =
      Hyper.structural(
          "window", 16, Range.integers(1, 10_000), "signals that factors are learned from");

  private static final Hyper TOLERANCE =
      new Hyper("tolerance", 1e-8, Range.nonNegative(), "norm of the dual gradient to stop at");

  private static final Hyper MAX_ITERATIONS =
      new Hyper("max-iterations", 200, Range.integers(1, 1e9), "limit of a dual solve");

  public static final MethodSpec SPEC =
      new MethodSpec(
          "wasserstein-cp",
          new Source(
              "Kwon, Lyu, Complexity of Block Coordinate Descent with Proximal Regularization and"
                  + " Its Application to Wasserstein CP-dictionary Learning, ICML 2023",
              Source.Confidence.MEMORY),
          false,
          true,
          List.of(),
          dimension ->
              List.of(
                  CpShape.hyper(dimension),
                  GAMMA,
                  CODE_ENTROPY,
                  FACTOR_ENTROPY,
                  PROX,
                  WINDOW,
                  TOLERANCE,
                  MAX_ITERATIONS),
          WassersteinCpDictionary::new);

  /** Distances of an axis take 8 n^2 bytes, and their kernel as many: 64 MiB together. */
  private static final int LONGEST_AXIS = 2048;

  private static final int Q = OWN;
  private static final int CODES = OWN + 1;
  private static final int DUALS = OWN + 2;
  private static final int LEARNED = OWN + 3;

  /** Figures of the last step, behind the mean objective. */
  private enum Figure {
    CODE_ITERATIONS,
    FACTOR_ITERATIONS,
    GRADIENT_NORM,
    LARGEST_MOVE
  }

  private final int window;
  private final double gamma;
  private final double codeEntropy;
  private final TransportBlocks blocks;

  private WassersteinCpDictionary(MethodSettings s) {
    super(SPEC.id(), transportable(CpShape.of(s)), Figure.values(), own -> declare(own, s));
    HyperValues v = s.values();
    window = window(s);
    gamma = v.get(GAMMA);
    codeEntropy = v.get(CODE_ENTROPY);
    ComputeBackend backend = s.backend();
    blocks =
        new TransportBlocks(
            shape,
            new EntropicTransport(
                shape.rows(),
                shape.columns(),
                EntropicTransport.squaredDistances(shape.rows()),
                EntropicTransport.squaredDistances(shape.columns()),
                v.get(GAMMA),
                backend),
            new SimplexBlock(v.get(CODE_ENTROPY), 0),
            new SimplexBlock(v.get(FACTOR_ENTROPY), v.get(PROX)),
            (int) v.get(MAX_ITERATIONS),
            v.get(TOLERANCE),
            backend);
  }

  /** Refuses axes whose distances, one for each pair of points, would not fit into memory. */
  private static CpShape transportable(CpShape shape) {
    if (Math.max(shape.rows(), shape.columns()) > LONGEST_AXIS) {
      throw new ConfigException(
          "dictionary.rows = "
              + shape.rows()
              + " makes signals of "
              + shape.rows()
              + " x "
              + shape.columns()
              + "; method 'wasserstein-cp' takes axes of at most "
              + LONGEST_AXIS
              + " points because it holds the distances of all pairs");
    }
    return shape;
  }

  private static int window(MethodSettings s) {
    return (int) s.values().get(WINDOW);
  }

  private static StateSchema.Builder declare(StateSchema.Builder own, MethodSettings s) {
    return own.block("window-q", (long) window(s) * s.dimension())
        .block("window-codes", (long) window(s) * s.atoms())
        .block("window-duals", (long) window(s) * s.dimension())
        .block("learned", 1);
  }

  /** Factors uniform on the simplex. */
  @Override
  public void initialize(LearnerState state, Draws draws) {
    Draws start = draws.fork(Purpose.INITIALIZATION);
    double[] u = state.block(U);
    begin(start, 0, u, shape.rows());
    begin(start, u.length, state.block(V), shape.columns());
    setObjective(state, Double.NaN);
  }

  private static void begin(Draws draws, long from, double[] factor, int length) {
    for (int at = 0; at < factor.length; at += length) {
      double sum = 0;
      for (int i = at; i < at + length; i++) {
        factor[i] = -Elementary.log(1 - draws.uniform(from + i));
        sum += factor[i];
      }
      for (int i = at; i < at + length; i++) {
        factor[i] /= sum;
      }
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
    double[] d = atoms(state.block(U), state.block(V), workspace);
    double[] q = workspace.array("wasserstein.q", dimension);
    double[] g = workspace.array("wasserstein.g", dimension);
    Effort effort = effort(workspace);
    for (int r = 0; r < n; r++) {
      double mass = histogram(x, r * dimension, q);
      objectives[r] = 0;
      if (mass > 0) {
        Arrays.fill(g, 0);
        objectives[r] = loss(q, blocks.code(q, d, g, codes, r * atoms, effort, workspace));
      }
      scale(codes, r * atoms, atoms, mass);
    }
  }

  /** An objective of a histogram's code, its entropies as relative ones. */
  private double loss(double[] q, double objective) {
    double entropy = 0;
    for (int i = 0; i < dimension; i++) {
      entropy -= q[i] > 0 ? q[i] * Elementary.log(q[i]) : 0;
    }
    double least =
        -gamma * (entropy + Elementary.log(dimension)) - codeEntropy * Elementary.log(atoms);
    return Math.max(objective - least, 0);
  }

  private double[] atoms(double[] u, double[] v, Workspace workspace) {
    double[] d = workspace.array("wasserstein.d", atoms * dimension);
    shape.atoms(u, v, d);
    return d;
  }

  private static Effort effort(Workspace workspace) {
    Effort effort = workspace.object("wasserstein.effort", Effort.class, Effort::new);
    effort.reset();
    return effort;
  }

  /** Writes the histogram of a signal; returns its mass, 0 where nothing is left to divide by. */
  private double histogram(double[] x, int at, double[] q) {
    double mass = 0;
    for (int i = 0; i < dimension; i++) {
      q[i] = Math.max(x[at + i], 0);
      mass += q[i];
    }
    for (int i = 0; mass > 0 && i < dimension; i++) {
      q[i] /= mass;
    }
    return mass;
  }

  /** Multiplies; 0 clears, whatever was there. */
  private static void scale(double[] v, int at, int n, double by) {
    for (int i = at; i < at + n; i++) {
      v[i] = by == 0 ? 0 : v[i] * by;
    }
  }

  @Override
  public boolean step(
      double[] x, double[] weights, int n, LearnerState state, Draws draws, Workspace workspace) {
    double[] u = copy(state, U, "wasserstein.u", workspace);
    double[] v = copy(state, V, "wasserstein.v", workspace);
    double[] q = copy(state, Q, "wasserstein.window-q", workspace);
    double[] codes = copy(state, CODES, "wasserstein.window-codes", workspace);
    double[] duals = copy(state, DUALS, "wasserstein.window-duals", workspace);
    double[] d = atoms(u, v, workspace);
    double[] one = workspace.array("wasserstein.q", dimension);
    double[] g = workspace.array("wasserstein.g", dimension);
    Effort effort = effort(workspace);
    double learned = state.block(LEARNED)[0];
    double sum = 0;
    int coded = 0;
    for (int r = 0; r < n; r++) {
      if (weights[r] > 0 && histogram(x, r * dimension, one) > 0) {
        int slot = (int) (learned % window);
        Arrays.fill(g, 0);
        sum += loss(one, blocks.code(one, d, g, codes, slot * atoms, effort, workspace));
        scale(codes, slot * atoms, atoms, weights[r]);
        scale(one, 0, dimension, weights[r]);
        System.arraycopy(one, 0, q, slot * dimension, dimension);
        System.arraycopy(g, 0, duals, slot * dimension, dimension);
        coded++;
        learned++;
      }
    }
    if (coded == 0) {
      return true;
    }
    int codeIterations = effort.iterations;
    int filled = (int) Math.min(learned, window);
    learnFactors(q, codes, duals, filled, u, v, effort, workspace);
    if (!finite(u) || !finite(v) || !finite(codes) || !finite(duals)) {
      return false;
    }
    setObjective(state, sum / coded);
    set(state, Figure.CODE_ITERATIONS, (double) codeIterations / coded);
    set(state, Figure.FACTOR_ITERATIONS, effort.iterations - codeIterations);
    set(state, Figure.GRADIENT_NORM, effort.gradientNorm);
    set(state, Figure.LARGEST_MOVE, largestMove(state, u, v, workspace));
    commit(u, state, U);
    commit(v, state, V);
    commit(q, state, Q);
    commit(codes, state, CODES);
    commit(duals, state, DUALS);
    state.block(LEARNED)[0] = learned;
    return true;
  }

  /** One proximal step of U, then of V, on the mean over the window. */
  private void learnFactors(
      double[] q,
      double[] codes,
      double[] duals,
      int filled,
      double[] u,
      double[] v,
      Effort effort,
      Workspace workspace) {
    double total = 0;
    for (int i = 0; i < filled * dimension; i++) {
      total += q[i];
    }
    double[] shares = workspace.array("wasserstein.shares", q.length);
    double[] codeShares = workspace.array("wasserstein.code-shares", codes.length);
    for (int i = 0; i < filled * dimension; i++) {
      shares[i] = q[i] / total;
    }
    for (int i = 0; i < filled * atoms; i++) {
      codeShares[i] = codes[i] / total;
    }
    blocks.factor(shares, codeShares, filled, duals, true, u, v, effort, workspace);
    blocks.factor(shares, codeShares, filled, duals, false, v, u, effort, workspace);
  }

  /** Takes the factors, scaled to sums of 1; the window starts anew. */
  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    super.warmStart(state, from);
    normalize(state.block(U), shape.rows());
    normalize(state.block(V), shape.columns());
  }

  /** Sums of 1, which tensors of single precision miss; a factor of zeros becomes uniform. */
  private static void normalize(double[] factor, int length) {
    for (int at = 0; at < factor.length; at += length) {
      double sum = 0;
      for (int i = at; i < at + length; i++) {
        sum += factor[i];
      }
      for (int i = at; i < at + length; i++) {
        factor[i] = sum > 0 ? factor[i] / sum : 1.0 / length;
      }
    }
  }
}

package io.millrace.core.dictionary.orthogonal;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.AbstractMethod;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.linalg.PolarFactor;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.List;

/**
 * Online learning of an orthogonal dictionary, K = m = N: of all D in the spectral ball the one
 * under which codes are spikiest, {@code min -E ||D'y||_3^3}, by stochastic Frank-Wolfe.
 *
 * <p>Xue, Lau, "Online Orthogonal Dictionary Learning Based on Frank-Wolfe Method",
 * arXiv:2103.01484; its abstract was read, constants are from memory. Per batch of n signals, see
 * {@link FrankWolfeStep} and {@link Descent}:
 *
 * <pre>
 * G   = (1 - rho_t) G + rho_t grad,    S = argmin over the ball of &lt;S, G&gt;
 * D   = D + gamma_t (S - D)
 * a   = P y,  entries up to tau set to 0              P: D, or its polar factor U V'
 * </pre>
 *
 * <p>The loss of a code is {@code 0.5 ||y - P'a||^2 + 0.5 tau^2 ||a||_0}. Where no entries are left
 * out this is 0, but for an iterate inside of the ball; then it also says how far the code is from
 * a single spike: {@code 0.5 (||a||_2^2 - ||a||_3^3 / ||a||_2)}, between 0 and half the squared
 * norm. Both are of whitened signals.
 *
 * <p>Under {@code fw} with batches smaller than N and the default c_rho the first averages are
 * singular and D shrinks where they are 0: there {@code c-rho: 1}, which averages from the start,
 * is better. {@code msp} takes a complete polar factor and recovers from single signals too.
 * Signals of a dictionary that is complete but not orthogonal are whitened first, see {@link
 * Whitening}; the published atoms are then {@code W^-1 d_j}. Until there are signals enough for W,
 * batches only add to the moment.
 *
 * <p>Deviations from the paper: schedule {@code msp}. Memory {@code 16 N^2} bytes, {@code 8 N^2}
 * more for the polar output of {@code fw}, {@code 24 N^2} more for whitening. Per batch {@code 8
 * N^2 n} flops and an SVD of about {@code 20 N^3}; the polar output of {@code fw} takes one more.
 */
public final class OrthogonalDictionary extends AbstractMethod {
  private static final Hyper C_RHO =
      new Hyper("c-rho", 4, Range.positive(), "scale of the share of new gradients");

  private static final Hyper TAU =
      new Hyper(
          "tau",
          0,
          Range.nonNegative(),
          "entries of codes up to this size become 0; 3 times the noise's deviation is usual");

  private static final Hyper NON_ZEROS =
      new Hyper("non-zeros", 0, Range.integers(0, Integer.MAX_VALUE), "most per code; 0: no limit");

  private static final Hyper THETA =
      new Hyper(
          "theta",
          1,
          Range.positive(),
          "variance that whitened codes get; the share of non-zeros gives these variance 1");

  private static final Hyper DECAY =
      new Hyper("decay", 0.99, Range.halfOpen(0, 1), "of the second moment, per batch");

  private static final Hyper REFRESH =
      new Hyper("refresh", 10, Range.integers(1, 1e9), "batches between whitening matrices");

  private static final Choice OUTPUT =
      new Choice(
          "output",
          List.of("polar", "iterate"),
          "dictionary that codes and publishes: the orthogonal one nearest to D, or D");

  public static final MethodSpec SPEC =
      new MethodSpec(
          "orthogonal",
          new Source(
              "Xue, Lau, Online Orthogonal Dictionary Learning Based on Frank-Wolfe Method,"
                  + " arXiv:2103.01484",
              Source.Confidence.MEMORY),
          false,
          false,
          List.of(Descent.CHOICE, OUTPUT, Whitening.CHOICE),
          dimension -> List.of(C_RHO, TAU, NON_ZEROS, THETA, DECAY, REFRESH),
          OrthogonalDictionary::new);

  private static final int D = 0;
  private static final int G = 1;
  private static final int ROUND = 2;
  private static final String POLAR = "polar";
  private static final String MOMENT = "moment";
  private static final String ROUND_TENSOR = "round";

  /** Numbers in the round block: steps, signals, weight of the moment, batches since W. */
  private static final int STEPS = 0;

  private static final int SIGNALS = 1;
  private static final int WEIGHT = 2;
  private static final int SINCE = 3;

  /** Figures of the last step, behind the mean objective. */
  private enum Figure {
    NON_ZEROS,
    GAP,
    RANK,
    SPIKINESS,
    LARGEST_MOVE
  }

  private final int size;
  private final ComputeBackend backend;
  private final Descent descent;
  private final double cRho;
  private final HardThreshold threshold;
  private final Whitening whitening;
  private final int refresh;
  private final int output;
  private final int moment;

  private OrthogonalDictionary(MethodSettings s) {
    super(SPEC.id(), s.dimension(), s.atoms(), Figure.values(), blocks(s));
    HyperValues v = s.values();
    size = s.dimension();
    backend = s.backend();
    descent = Descent.of(s.word(Descent.CHOICE));
    cRho = v.get(C_RHO);
    threshold = new HardThreshold(v.get(TAU), (int) v.get(NON_ZEROS));
    refresh = (int) v.get(REFRESH);
    String whiten = s.word(Whitening.CHOICE);
    double beta = whiten.equals("exponential") ? v.get(DECAY) : 1;
    whitening = whiten.equals("none") ? null : new Whitening(size, beta, v.get(THETA));
    output = Math.max(D, schema().indexOf(POLAR));
    moment = schema().indexOf(MOMENT);
  }

  private static StateSchema blocks(MethodSettings s) {
    if (s.atoms() != s.dimension()) {
      throw new ConfigException(
          "dictionary.atoms = "
              + s.atoms()
              + "; must be "
              + s.dimension()
              + ", the length of a signal, because method is 'orthogonal'");
    }
    int square = s.dimension() * s.dimension();
    StateSchema.Builder blocks =
        new StateSchema.Builder()
            .block("d", square)
            .block("g", square)
            .block("round", 4)
            .block(FIGURES_BLOCK, figuresLength(Figure.values()));
    // The D of 'msp' is its own polar factor.
    if (Descent.of(s.word(Descent.CHOICE)) == Descent.FW && s.word(OUTPUT).equals("polar")) {
      blocks.block(POLAR, square);
    }
    if (!s.word(Whitening.CHOICE).equals("none")) {
      blocks.block(MOMENT, square).block("whitener", square).block("unwhitener", square);
    }
    return blocks.build();
  }

  private double[] whitener(LearnerState state) {
    return state.block(moment + 1);
  }

  private double[] unwhitener(LearnerState state) {
    return state.block(moment + 2);
  }

  /** A random orthogonal matrix; W the identity. */
  @Override
  public void initialize(LearnerState state, Draws draws) {
    Draws start = draws.fork(Purpose.INITIALIZATION);
    double[] normal = new double[size * size];
    for (int i = 0; i < normal.length; i++) {
      normal[i] = start.normal(i);
    }
    begin(state, normal);
    for (int i = 0; whitening != null && i < size; i++) {
      whitener(state)[i * size + i] = 1;
      unwhitener(state)[i * size + i] = 1;
    }
    setObjective(state, Double.NaN);
  }

  /** Starts from the orthogonal matrix nearest to {@code near}. */
  private void begin(LearnerState state, double[] near) {
    PolarFactor polar = new PolarFactor(size);
    if (!polar.decompose(near)) {
      throw new StateException("the singular values of the dictionary to start from do not exist");
    }
    polar.orthogonal(backend.kernels(), state.block(D));
    System.arraycopy(state.block(D), 0, state.block(output), 0, size * size);
  }

  @Override
  public void encode(
      double[] x,
      int n,
      LearnerState state,
      double[] codes,
      double[] objectives,
      Workspace workspace) {
    double[] y = x;
    if (whitening != null) {
      y = workspace.atLeast("orthogonal.coded", n * size);
      whitening.apply(x, n, whitener(state), y, workspace.kernels(backend));
    }
    code(y, n, state.block(output), codes, objectives, workspace);
  }

  /**
   * Codes whitened signals.
   *
   * @return non-zeros of all codes
   */
  private long code(
      double[] y, int n, double[] p, double[] codes, double[] objectives, Workspace workspace) {
    double[] rest = workspace.array("orthogonal.rest", size);
    Kernels kernels = workspace.kernels(backend);
    kernels.gemm(
        1,
        kernels.left(y, n, size),
        kernels.right(p, size, size).transposed(),
        0,
        kernels.into(codes, n, size));
    long nonZeros = 0;
    for (int r = 0; r < n; r++) {
      int at = r * size;
      int kept = threshold.apply(codes, at, size);
      System.arraycopy(y, at, rest, 0, size);
      for (int j = 0; j < size; j++) {
        double a = codes[at + j];
        for (int i = 0; a != 0 && i < size; i++) {
          rest[i] -= a * p[j * size + i];
        }
      }
      objectives[r] =
          0.5 * (Vectors.dot(rest, 0, rest, 0, size) + threshold.tau() * threshold.tau() * kept)
              + (threshold.leavesOut() ? 0 : spread(codes, at));
      nonZeros += kept;
    }
    return nonZeros;
  }

  /** {@code 0.5 (||a||_2^2 - ||a||_3^3 / ||a||_2)}. */
  private double spread(double[] a, int at) {
    double norm = Vectors.norm(a, at, size);
    if (norm == 0) {
      return 0;
    }
    double cubes = 0;
    for (int j = at; j < at + size; j++) {
      double v = Math.abs(a[j]) / norm;
      cubes += v * v * v;
    }
    return Math.max(0.5 * norm * norm * (1 - cubes), 0);
  }

  @Override
  public boolean step(
      double[] x, double[] weights, int n, LearnerState state, Draws draws, Workspace workspace) {
    OrthogonalScratch scratch = OrthogonalScratch.of(workspace, size, backend);
    if (whitening == null) {
      return descend(x, weights, n, state, scratch, workspace);
    }
    double[] round = state.block(ROUND);
    double[] y = workspace.atLeast("orthogonal.y", n * size);
    double weight = whitening.weight(round[WEIGHT], weights, n);
    System.arraycopy(state.block(moment), 0, scratch.moment, 0, size * size);
    Kernels kernels = workspace.kernels(backend);
    whitening.accumulate(x, weights, n, scratch.moment, y, kernels);
    if (!Vectors.allFinite(scratch.moment, size * size)) {
      return false;
    }
    boolean ready = round[SINCE] > 0;
    boolean due =
        ready
            ? round[SINCE] > refresh
            : round[SIGNALS] + n >= (double) Whitening.SIGNALS_PER_DIMENSION * size;
    boolean fresh =
        due
            && whitening.refresh(
                scratch.moment, weight, scratch.whitener, scratch.inverse, scratch.mean, kernels);
    if (ready || fresh) {
      whitening.apply(x, n, fresh ? scratch.whitener : whitener(state), y, kernels);
      if (!descend(y, weights, n, state, scratch, workspace)) {
        return false;
      }
    }
    if (fresh) {
      System.arraycopy(scratch.whitener, 0, whitener(state), 0, size * size);
      System.arraycopy(scratch.inverse, 0, unwhitener(state), 0, size * size);
    }
    System.arraycopy(scratch.moment, 0, state.block(moment), 0, size * size);
    round[SIGNALS] += n;
    round[WEIGHT] = weight;
    round[SINCE] = fresh ? 1 : ready ? round[SINCE] + 1 : 0;
    return true;
  }

  /** The step on whitened signals. */
  private boolean descend(
      double[] y,
      double[] weights,
      int n,
      LearnerState state,
      OrthogonalScratch scratch,
      Workspace workspace) {
    double[] d = state.block(D);
    double[] round = state.block(ROUND);
    long t = (long) round[STEPS] + 1;
    FrankWolfeStep step = scratch.step;
    boolean taken =
        step.run(
            y,
            weights,
            n,
            d,
            state.block(G),
            descent.rho(t, cRho),
            descent.gamma(t),
            descent == Descent.MSP);
    if (!taken) {
      return false;
    }
    if (output != D) {
      if (!scratch.polar.decompose(step.next())) {
        return false;
      }
      scratch.polar.orthogonal(workspace.kernels(backend), scratch.output);
    }
    measure(y, n, state, step, workspace);
    System.arraycopy(step.next(), 0, d, 0, d.length);
    System.arraycopy(step.average(), 0, state.block(G), 0, d.length);
    if (output != D) {
      System.arraycopy(scratch.output, 0, state.block(output), 0, d.length);
    }
    round[STEPS] = t;
    return true;
  }

  /** Figures of a step that is about to be committed. */
  private void measure(
      double[] y, int n, LearnerState state, FrankWolfeStep step, Workspace workspace) {
    double[] codes = workspace.atLeast("orthogonal.codes", n * size);
    double[] objectives = workspace.atLeast("orthogonal.objectives", n);
    long nonZeros = code(y, n, state.block(output), codes, objectives, workspace);
    double sum = 0;
    for (int r = 0; r < n; r++) {
      sum += objectives[r];
    }
    setObjective(state, sum / n);
    set(state, Figure.NON_ZEROS, (double) nonZeros / n);
    set(state, Figure.GAP, step.gap());
    set(state, Figure.RANK, step.rank());
    set(state, Figure.SPIKINESS, -step.objective());
    set(
        state,
        Figure.LARGEST_MOVE,
        Vectors.largestRowDistance(state.block(D), step.next(), size, size));
  }

  /**
   * {@code dictionary}, and the {@code whitener} W that signals are multiplied by for coding; for a
   * warm start {@code round} [3]: steps, {@code -<G, D> / N}, and the weight of the second moment.
   */
  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    int[] shape = {size, size};
    double[] round = state.block(ROUND);
    double pull = Vectors.dot(state.block(G), 0, state.block(D), 0, size * size);
    out.tensor(
        ROUND_TENSOR,
        new int[] {3},
        new double[] {round[STEPS], Math.max(-pull / size, 0), round[WEIGHT]});
    if (whitening == null) {
      out.tensor("dictionary", shape, state.block(output));
      return;
    }
    double[] atoms = new double[size * size];
    whitening.apply(
        state.block(output), size, unwhitener(state), atoms, workspace.kernels(backend));
    out.tensor("dictionary", shape, atoms);
    out.tensor("whitener", shape, whitener(state));
  }

  /**
   * Takes the nearest orthogonal dictionary with the weight it had: {@code G = -c D}, whose
   * minimiser it is. Where the model does not say, averages start anew.
   */
  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    double[] atoms = from.finiteTensor("dictionary", size, size);
    boolean whitened = from.tensors().containsKey("whitener");
    if (whitened != (whitening != null)) {
      throw new StateException(
          "the model was learned "
              + (whitened ? "from whitened signals" : "without whitening")
              + "; dictionary.whitening here is "
              + (whitened ? "'none'" : "not 'none'"));
    }
    double[] past = new double[3];
    if (from.tensors().containsKey(ROUND_TENSOR)) {
      past = notNegative(from, ROUND_TENSOR, 3);
    }
    if (whitening == null) {
      begin(state, atoms);
      goOn(state, past);
      return;
    }
    System.arraycopy(from.finiteTensor("whitener", size, size), 0, whitener(state), 0, size * size);
    Kernels kernels = backend.kernels();
    whitening.invert(whitener(state), unwhitener(state), kernels);
    double[] whitenedAtoms = new double[size * size];
    whitening.apply(atoms, size, whitener(state), whitenedAtoms, kernels);
    begin(state, whitenedAtoms);
    goOn(state, past);
    double[] round = state.block(ROUND);
    round[SIGNALS] = (double) Whitening.SIGNALS_PER_DIMENSION * size;
    round[WEIGHT] = Math.max(past[2], round[SIGNALS]);
    round[SINCE] = 1;
    whitening.moment(unwhitener(state), round[WEIGHT], state.block(moment), kernels);
  }

  /** Gives the dictionary just begun with the weight of its past. */
  private void goOn(LearnerState state, double[] past) {
    if (past[1] > 0) {
      double[] d = state.block(D);
      double[] g = state.block(G);
      for (int i = 0; i < g.length; i++) {
        g[i] = -past[1] * d[i];
      }
      state.block(ROUND)[STEPS] = Math.rint(past[0]);
    }
  }

  @Override
  public void reconstruct(LearnerState state, double[] code, int codeOffset, double[] x, int at) {
    double[] p = state.block(output);
    if (whitening == null) {
      combine(p, code, codeOffset, x, at);
      return;
    }
    Arrays.fill(x, at, at + size, 0);
    for (int k = 0; k < size; k++) {
      double whitened = 0;
      for (int j = 0; j < size; j++) {
        whitened += code[codeOffset + j] * p[j * size + k];
      }
      for (int i = 0; i < size; i++) {
        x[at + i] += whitened * unwhitener(state)[k * size + i];
      }
    }
  }
}

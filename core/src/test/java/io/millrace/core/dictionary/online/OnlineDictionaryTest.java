package io.millrace.core.dictionary.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.DictionaryMethod;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.state.LearnerState;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OnlineDictionaryTest {
  private static final int M = 8;
  private static final int K = 12;
  private static final int N = 20;

  private final Workspace workspace = new Workspace();
  private final PhiloxDraws draws = new PhiloxDraws(7, "key");

  /** A learner's method and its state. */
  private record Run(DictionaryMethod method, LearnerState state) {
    double[] block(String name) {
      return state.block(name);
    }
  }

  private Run run(Map<String, String> words, Map<String, Double> hypers) {
    DictionaryMethod method = method(words, hypers);
    LearnerState state = new LearnerState(method.schema());
    method.initialize(state, draws.at(0));
    return new Run(method, state);
  }

  private static DictionaryMethod method(Map<String, String> words, Map<String, Double> hypers) {
    return new DictionaryLearner(
            DictionaryOptions.of(M, K)
                .withMethod(OnlineDictionary.SPEC.id(), words)
                .withHyperparameters(hypers))
        .method();
  }

  private boolean step(Run run, double[] x, double... weights) {
    int n = x.length / M;
    double[] w = weights.length == 0 ? ones(n) : weights;
    return run.method().step(x, w, n, run.state(), draws.at(3), workspace);
  }

  private static double[] ones(int n) {
    double[] w = new double[n];
    Arrays.fill(w, 1);
    return w;
  }

  /** Signals that few hidden atoms explain. */
  private static double[] signals(long seed, int n) {
    Random hidden = new Random(99);
    double[] atoms = new double[K * M];
    for (int i = 0; i < atoms.length; i++) {
      atoms[i] = hidden.nextGaussian();
    }
    Random random = new Random(seed);
    double[] x = new double[n * M];
    for (int r = 0; r < n; r++) {
      for (int used = 0; used < 2; used++) {
        int j = random.nextInt(K);
        double v = random.nextGaussian();
        for (int i = 0; i < M; i++) {
          x[r * M + i] += v * atoms[j * M + i];
        }
      }
      SignalScaling.UNIT_NORM.apply(x, r * M, M);
    }
    return x;
  }

  @Test
  void startsWithTheFirstSignalsThatAreNotZero() {
    Run run = run(Map.of(), Map.of());
    double[] x = signals(1, 5);
    Arrays.fill(x, M, 2 * M, 0);
    assertThat(step(run, x)).isTrue();
    double[] d = run.block("dictionary");
    assertThat(Arrays.copyOf(d, M)).containsExactly(Arrays.copyOf(x, M), within(1e-15));
    assertThat(Arrays.copyOfRange(d, M, 2 * M))
        .containsExactly(Arrays.copyOfRange(x, 2 * M, 3 * M), within(1e-15));
    assertThat(run.block("round")).containsExactly(4, 0, 0, 0);
    assertThat(run.block("a")).containsOnly(0);
    assertThat(run.method().objective(run.state())).isNaN();
  }

  @Test
  void theBatchThatCompletesTheDictionaryIsLearnedWhole() {
    double[] x = signals(1, N);
    Run whole = run(Map.of(), Map.of());
    step(whole, x);
    assertThat(whole.block("round")).containsExactly(new double[] {K, 1, 1, 1}, within(1e-12));
    // The first signals are atoms, so each is coded by itself alone at most.
    assertThat(whole.block("a")[0]).isPositive();
    assertThat(whole.method().objective(whole.state())).isBetween(0.0, 0.5);
  }

  @Test
  void aStepIsTheCodesOfThePresentDictionaryAndTheUpdateByThem() {
    Run run = run(Map.of("start", "random"), Map.of());
    LearnerState copy = run.state().copy();
    double[] x = signals(2, N);
    double[] codes = new double[N * K];
    run.method().encode(x, N, run.state(), codes, new double[N], workspace);
    step(run, x);
    assertThat(codedBy(new GivenCodes(codes)).step(x, ones(N), N, copy, draws.at(3), workspace))
        .isTrue();
    for (String block : new String[] {"dictionary", "a", "b", "gram"}) {
      assertThat(run.block(block)).isEqualTo(copy.block(block));
    }
  }

  /** The method with its defaults and a coder of the test's own. */
  private static DictionaryMethod codedBy(SparseCoder coder) {
    Map<String, String> words = new HashMap<>();
    OnlineDictionary.SPEC.choices().forEach(c -> words.put(c.name(), c.def()));
    HyperValues values = HyperValues.of("test", OnlineDictionary.SPEC.hypers().apply(M), Map.of());
    return OnlineDictionary.SPEC
        .make()
        .apply(new MethodSettings(M, K, coder, words, values, ScalarBackend.INSTANCE));
  }

  /** Signal r of a batch has the r-th of the codes. */
  private record GivenCodes(double[] codes) implements SparseCoder {
    @Override
    public String id() {
      return "given";
    }

    @Override
    public int encode(
        Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace w) {
      System.arraycopy(codes, aOffset, a, aOffset, K);
      return 1;
    }

    @Override
    public double penalty(int atoms, double[] a, int aOffset) {
      return 0;
    }

    @Override
    public double gap(
        Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace w) {
      return 0;
    }
  }

  @Test
  void codesOfOneSignalAreThoseOfABatch() {
    Run run = run(Map.of("start", "random"), Map.of());
    double[] x = signals(2, N);
    double[] codes = new double[N * K];
    double[] objectives = new double[N];
    run.method().encode(x, N, run.state(), codes, objectives, workspace);
    for (int r = 0; r < N; r++) {
      double[] one = new double[K];
      double[] objective = new double[1];
      double[] signal = Arrays.copyOfRange(x, r * M, (r + 1) * M);
      run.method().encode(signal, 1, run.state(), one, objective, workspace);
      assertThat(one).isEqualTo(Arrays.copyOfRange(codes, r * K, (r + 1) * K));
      assertThat(objective[0]).isEqualTo(objectives[r]);
      double[] back = new double[M];
      run.method().reconstruct(run.state(), one, 0, back, 0);
      double squares = 0;
      double l1 = 0;
      for (int i = 0; i < M; i++) {
        squares += (signal[i] - back[i]) * (signal[i] - back[i]);
      }
      for (double v : one) {
        l1 += Math.abs(v);
      }
      assertThat(objective[0]).isCloseTo(0.5 * squares + 1.2 / Math.sqrt(M) * l1, within(1e-12));
    }
  }

  @Test
  void theSignalZeroHasTheCodeZeroAndCounts() {
    Run run = run(Map.of("start", "random"), Map.of());
    LearnerState copy = run.state().copy();
    double[] x = signals(2, 4);
    double[] more = Arrays.copyOf(x, 8 * M);
    step(run, more);
    step(new Run(run.method(), copy), x);
    for (int i = 0; i < K * K; i++) {
      assertThat(run.block("a")[i]).isCloseTo(0.5 * copy.block("a")[i], within(1e-15));
    }
  }

  @Test
  void weightsMultiplyWhatASignalAdds() {
    Run light = run(Map.of("start", "random"), Map.of());
    Run heavy = new Run(light.method(), light.state().copy());
    double[] x = signals(4, 2);
    step(light, x, 1, 0);
    step(heavy, x, 4, 0);
    for (int i = 0; i < K * K; i++) {
      assertThat(heavy.block("a")[i]).isCloseTo(4 * light.block("a")[i], within(1e-12));
    }
  }

  @Test
  void learnsTheStream() {
    for (String schedule : new String[] {"power", "minibatch", "exponential", "sum"}) {
      double rho = schedule.equals("exponential") ? 0.9 : 3;
      Run run = run(Map.of("schedule", schedule, "start", "random"), Map.of("rho", rho));
      step(run, signals(1, N));
      double first = run.method().objective(run.state());
      for (int t = 2; t < 100; t++) {
        step(run, signals(t, N));
      }
      assertThat(run.method().objective(run.state())).as(schedule).isLessThan(0.8 * first);
      for (int j = 0; j < K; j++) {
        double[] d = run.block("dictionary");
        assertThat(Vectors.dot(d, j * M, d, j * M, M)).isLessThanOrEqualTo(1 + 2e-12);
      }
    }
  }

  /** Codes of the past are feasible, the present ones optimal: Mairal et al., section 3.1. */
  @Test
  void theSurrogateBoundsTheObjectiveOfAllSignalsFromAbove() {
    Run run = run(Map.of("schedule", "sum", "start", "random"), Map.of("tolerance", 1e-10));
    double lambda = 1.2 / Math.sqrt(M);
    int rounds = 15;
    double constant = 0;
    double[] codes = new double[N * K];
    double[] objectives = new double[N];
    for (int t = 0; t < rounds; t++) {
      double[] x = signals(t, N);
      run.method().encode(x, N, run.state(), codes, objectives, workspace);
      constant += 0.5 * Vectors.dot(x, 0, x, 0, N * M) / N;
      constant += lambda * Arrays.stream(codes).map(Math::abs).sum() / N;
      step(run, x);
    }
    double[] gram = run.block("gram");
    double surrogate =
        constant
            + 0.5 * Vectors.dot(gram, 0, run.block("a"), 0, K * K)
            - Vectors.dot(run.block("dictionary"), 0, run.block("b"), 0, K * M);
    double objective = 0;
    for (int t = 0; t < rounds; t++) {
      run.method().encode(signals(t, N), N, run.state(), codes, objectives, workspace);
      objective += Arrays.stream(objectives).sum() / N;
    }
    assertThat(surrogate).isBetween(objective, 1.5 * objective);
  }

  @Test
  void nonNegativeFactorisationIsAConfiguration() {
    Run run =
        run(
            Map.of(),
            Map.of("nonnegative-atoms", 1.0, "nonnegative-codes", 1.0, "lambda", 0.0, "rho", 1.5));
    for (int t = 0; t < 20; t++) {
      double[] x = signals(t, N);
      for (int i = 0; i < x.length; i++) {
        x[i] = Math.abs(x[i]);
      }
      step(run, x);
    }
    assertThat(Arrays.stream(run.block("dictionary")).min().orElseThrow()).isNotNegative();
    assertThat(Arrays.stream(run.block("a")).min().orElseThrow()).isNotNegative();
    assertThat(run.method().objective(run.state())).isLessThan(0.02);
  }

  @Test
  void anUnusedAtomBecomesASignalOfTheBatchThatTheDrawsPick() {
    Run run = run(Map.of("start", "random", "schedule", "exponential"), Map.of("rho", 0.1));
    double[] x = signals(5, 6);
    assertThat(step(run, x)).isTrue();
    Map<String, Double> figures = new HashMap<>();
    run.method().figures(run.state(), figures::put);
    // One in ten atoms at most, at least one: 6 signals of few atoms leave many unused.
    assertThat(figures.get("replacedAtoms")).isEqualTo(1);
    Draws picks = draws.at(3).fork(Purpose.ATOMS);
    int pick = picks.index(0, 6);
    double[] d = run.block("dictionary");
    int atom = -1;
    for (int j = 0; j < K && atom < 0; j++) {
      double cosine = Vectors.dot(d, j * M, x, pick * M, M);
      atom = Math.abs(cosine - 1) < 1e-12 ? j : -1;
    }
    assertThat(atom).isNotNegative();
    for (int k = 0; k < K; k++) {
      assertThat(run.block("a")[atom * K + k]).isZero();
      assertThat(run.block("a")[k * K + atom]).isZero();
    }
    assertThat(Arrays.copyOfRange(run.block("b"), atom * M, (atom + 1) * M)).containsOnly(0);
  }

  @Test
  void aStepThatWouldNotBeFiniteChangesNothing() {
    Run run = run(Map.of("start", "random"), Map.of());
    step(run, signals(1, N));
    LearnerState before = run.state().copy();
    double[] x = signals(2, 2);
    for (int i = 0; i < M; i++) {
      x[i] *= 1e3;
    }
    assertThat(step(run, x, 1e308, 1)).isFalse();
    for (int b = 0; b < before.schema().size(); b++) {
      assertThat(run.state().block(b)).isEqualTo(before.block(b));
    }
  }

  @Test
  void goesOnFromACopyBitForBit() {
    Run run = run(Map.of(), Map.of());
    for (int t = 0; t < 5; t++) {
      step(run, signals(t, 7));
    }
    Run copy = new Run(method(Map.of(), Map.of()), run.state().copy());
    Workspace other = new Workspace();
    for (int t = 5; t < 12; t++) {
      double[] x = signals(t, 7);
      step(run, x);
      copy.method().step(x, ones(7), 7, copy.state(), new PhiloxDraws(7, "key").at(3), other);
    }
    for (int b = 0; b < run.state().schema().size(); b++) {
      assertThat(run.state().block(b)).isEqualTo(copy.state().block(b));
    }
  }

  @Test
  void allocatesNothingInSteadyState() {
    Run run = run(Map.of("start", "random"), Map.of());
    double[] x = signals(1, N);
    double[] weights = ones(N);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    int steps = 50;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 8; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int t = 0; t < steps; t++) {
        run.method().step(x, weights, N, run.state(), draws, workspace);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    // Asking for the count may itself allocate, once per round.
    assertThat(least).as("bytes allocated by %d steps", steps).isLessThan(steps * 8);
  }

  @Test
  void factorOfTheExponentialScheduleMustLieBelowOne() {
    assertThatThrownBy(() -> method(Map.of("schedule", "exponential"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dictionary.rho = 3.0; must lie in (0, 1)");
  }
}

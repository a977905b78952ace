package io.millrace.core.dictionary.nmf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.DictionaryMethod;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KlFactorizationTest {
  private static final int M = 4;
  private static final int K = 2;
  private static final double[] START = {0.95, 0.49, 0.66, 0.46, 0.68, 0.47, 0.51, 0.91};

  private static final double[][] BATCHES = {
    {2, 3, 0, 0, 2, 5, 2, 2, 8, 18, 10, 0},
    {7, 0, 3, 3, 9, 1, 1, 4, 0, 0, 3, 2},
    {5, 1, 1, 6, 5, 1, 1, 4, 2, 3, 3, 4}
  };

  /**
   * Components after each batch by scikit-learn 1.2.1: {@code MiniBatchNMF(2, init='custom',
   * batch_size=3, beta_loss='kullback-leibler', tol=0, max_no_improvement=None, forget_factor=0.7,
   * fresh_restarts=True, fresh_restarts_max_iter=30)}, {@code partial_fit(X, W=ones, H=START)}.
   */
  private static final double[][] REFERENCE = {
    {
      0.6262024438546728,
      1.2657548238287895,
      0.6135647809332669,
      0.05747062526441135,
      0.46176439626096333,
      0.9734751901594205,
      0.4317110577565978,
      0.6823292458957996
    },
    {
      0.7686655765522675,
      1.1224877655673553,
      0.610051147398288,
      0.05816276831147164,
      1.043076052349333,
      0.2094553689110665,
      0.5190513006686911,
      0.7818938396235825
    },
    {
      0.7152797282703922,
      1.1595964707591295,
      0.6216960604776404,
      0.06229987378457122,
      0.968033311064098,
      0.21726670158029981,
      0.3990138117853528,
      0.9694400306388475
    }
  };

  private static final double[] REFERENCE_CODES = {
    1.9539831701588528,
    2.7085458758890187e-06,
    3.029194592331003,
    1.272118832015985,
    14.068697801397883,
    4.87243624933473e-07
  };

  private final DictionaryMethod method =
      new DictionaryLearner(
              DictionaryOptions.of(M, K)
                  .withMethod(
                      KlFactorization.SPEC.id(),
                      Map.of("schedule", "exponential", "codes", "multiplicative"))
                  .withHyperparameters(
                      Map.of("rho", 0.7, "sweeps", 1.0, "tolerance", 0.0, "max-sweeps", 30.0)))
          .method();
  private final LearnerState state = new LearnerState(method.schema());
  private final Workspace workspace = new Workspace();
  private final PhiloxDraws draws = new PhiloxDraws(1, "key");

  KlFactorizationTest() {
    method.initialize(state, draws);
    method.warmStart(
        state,
        new PublishedModel(
            Map.of(),
            Map.of("dictionary", new PublishedModel.Tensor(new int[] {K, M}, START.clone()))));
  }

  /** The statistics that the other implementation starts with. */
  private void begin() {
    System.arraycopy(START, 0, state.block("numerator"), 0, K * M);
    Arrays.fill(state.block("denominator"), 1);
  }

  private boolean step(double[] x, double... weights) {
    return method.step(x, weights, x.length / M, state, draws, workspace);
  }

  @Test
  void agreesWithAnIndependentImplementation() {
    begin();
    for (int t = 0; t < BATCHES.length; t++) {
      assertThat(step(BATCHES[t], 1, 1, 1)).isTrue();
      assertThat(state.block("dictionary")).containsExactly(REFERENCE[t], within(1e-12));
    }
    double[] codes = new double[3 * K];
    method.encode(BATCHES[0], 3, state, codes, new double[3], workspace);
    assertThat(codes).containsExactly(REFERENCE_CODES, within(1e-12));
  }

  @Test
  void newtonStepsFindTheCodesThatMultiplicativeUpdatesTendTo() {
    Map<String, Double> many = Map.of("tolerance", 0.0, "max-sweeps", 20_000.0);
    DictionaryMethod slow = method(Map.of("codes", "multiplicative"), many);
    DictionaryMethod fast = method(Map.of(), Map.of("tolerance", 1e-12));
    for (double[] batch : BATCHES) {
      double[] codes = new double[3 * K];
      double[] same = new double[3 * K];
      double[] objective = new double[3];
      double[] least = new double[3];
      slow.encode(batch, 3, state, codes, objective, workspace);
      fast.encode(batch, 3, state, same, least, workspace);
      assertThat(same).containsExactly(codes, within(1e-3));
      for (int r = 0; r < 3; r++) {
        assertThat(least[r]).isLessThanOrEqualTo(objective[r] + 1e-9);
      }
    }
  }

  private static DictionaryMethod method(Map<String, String> words, Map<String, Double> hypers) {
    return new DictionaryLearner(
            DictionaryOptions.of(M, K)
                .withMethod(KlFactorization.SPEC.id(), words)
                .withHyperparameters(hypers))
        .method();
  }

  @Test
  void aSignalOfWeightZeroTeachesNothing() {
    LearnerState other = state.copy();
    step(BATCHES[1], 1, 1, 0);
    double[] two = Arrays.copyOf(BATCHES[1], 2 * M);
    method.step(two, new double[] {1, 1}, 2, other, draws, workspace);
    assertThat(state.block("dictionary")).containsExactly(other.block("dictionary"), within(1e-15));
  }
}

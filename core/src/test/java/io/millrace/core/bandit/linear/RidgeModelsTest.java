package io.millrace.core.bandit.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RidgeModelsTest {
  private static final int K = 6;
  private static final PolicyShape SHAPE = new PolicyShape(2, 0, K);
  private final Workspace workspace = new Workspace();
  private final PhiloxDraws draws = new PhiloxDraws(21, "rows");
  private final RidgeModels models = new RidgeModels(K, 0.1);
  private final LearnerState state =
      new LearnerState(Policies.configure("linucb_shared", SHAPE, Map.of()).schema());

  RidgeModelsTest() {
    models.initialize(state, 0);
  }

  private double[] row(int t) {
    double[] x = new double[K];
    draws.at(t);
    Arrays.setAll(x, i -> draws.normal(i) * StrictMath.pow(10, i - 3));
    return x;
  }

  /** Sizes of the numbers differ by 10^5, and more rows come than one inversion lasts. */
  @Test
  void theInverseStaysTheInverse() {
    for (int t = 0; t < 3_500; t++) {
      assertThat(models.take(state, 0, row(t), 1, workspace)).isTrue();
    }
    double[] a = state.block(RidgeModels.GRAM);
    double[] inverse = state.block(RidgeModels.INVERSE);
    for (int i = 0; i < K; i++) {
      for (int j = 0; j < K; j++) {
        double sum = 0;
        for (int l = 0; l < K; l++) {
          sum += a[i * K + l] * inverse[l * K + j];
        }
        double scale = Math.sqrt(a[i * K + i] / a[j * K + j]);
        assertThat(sum / scale).isCloseTo(i == j ? 1 : 0, within(1e-9));
      }
    }
  }

  @Test
  void contractsToTheSamePredictionsAndDeviations() {
    for (int t = 0; t < 50; t++) {
      models.take(state, 0, row(t), draws.at(t).normal(40), workspace);
    }
    double[] c = {1, -0.4};
    double[] w = {1, 0.3, -0.82};
    double[] matrix = new double[9];
    double[] q = new double[3];
    models.contract(state, 3, c, matrix, q, workspace);
    double mean = 0;
    double variance = 0;
    double[] x = new double[K];
    for (int i = 0; i < 3; i++) {
      mean += q[i] * w[i];
      for (int j = 0; j < 3; j++) {
        variance += w[i] * matrix[i * 3 + j] * w[j];
      }
      for (int j = 0; j < 2; j++) {
        x[i * 2 + j] = w[i] * c[j];
      }
    }
    double[] v = new double[K];
    models.solve(state, 0, x, 0, v);
    assertThat(mean).isCloseTo(models.predict(state, 0, v), within(1e-9));
    assertThat(Math.sqrt(variance)).isCloseTo(models.deviation(x, 0, v), within(1e-9));
  }

  @Test
  void aRowThatWouldOverflowChangesNothing() {
    models.take(state, 0, row(0), 1, workspace);
    double[] before = state.block(RidgeModels.GRAM).clone();
    double[] x = new double[K];
    x[2] = 1e200;
    assertThat(models.take(state, 0, x, 1, workspace)).isFalse();
    x[2] = 1e10;
    assertThat(models.take(state, 0, x, 1e305, workspace)).isFalse();
    assertThat(state.block(RidgeModels.GRAM)).containsExactly(before);
  }

  /** A of numbers of very different size loses its rank; a decision has to be made all the same. */
  @Test
  void sharedSamplesComeOutOfAMatrixWithoutRank() {
    Policy policy = Policies.configure("lints_shared", SHAPE, Map.of());
    LearnerState ill = new LearnerState(policy.schema());
    policy.initialize(ill, 2);
    double[] huge = new double[K];
    Arrays.fill(huge, 1e120);
    policy.learn(ill, 0, 1, huge, 1, workspace);
    PolicyRequest request = new PolicyRequest(SHAPE);
    request.setAllEligible(2);
    PolicyDecision decision = new PolicyDecision(SHAPE);
    policy.choose(request, ill, draws, decision, workspace);
    assertThat(Arrays.stream(decision.probabilities()).sum()).isCloseTo(1, within(1e-12));
  }
}

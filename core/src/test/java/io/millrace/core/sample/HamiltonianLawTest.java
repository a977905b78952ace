package io.millrace.core.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Workspace;
import io.millrace.core.sample.chain.Chain;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.state.LearnerState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * SGHMC with the whole gradient over a Gaussian posterior: theta and momentum after T steps from
 * one point are Gaussian with moments that a linear recursion gives. Chains are independent, so
 * that tolerances follow from their number alone.
 */
class HamiltonianLawTest {
  private static final double Z = 4.4;
  private static final int CHAINS = 4000;
  private static final int STEPS = 200;
  private static final double ETA = 1e-3;
  private static final double ALPHA = 0.1;
  private static final int D = Silos.SIZE;

  /** {@code [theta; v]} less the mean is multiplied by this at each step. */
  private static double[][] transition(double[] precision) {
    double[][] a = new double[2 * D][2 * D];
    for (int i = 0; i < D; i++) {
      a[i][i] = 1;
      a[i][D + i] = 1;
      a[D + i][D + i] = 1 - ALPHA;
      for (int j = 0; j < D; j++) {
        a[D + i][j] -= ETA * precision[i * D + j];
        a[D + i][D + j] -= ETA * precision[i * D + j];
      }
    }
    return a;
  }

  private static double[][] times(double[][] a, double[][] b, boolean transposed) {
    double[][] out = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        for (int k = 0; k < a.length; k++) {
          out[i][j] += a[i][k] * (transposed ? b[j][k] : b[k][j]);
        }
      }
    }
    return out;
  }

  @Test
  void momentsAfterSomeStepsAreThoseOfTheRecursion() {
    Silos silos = new Silos(1);
    GaussianLaw posterior = silos.posterior();
    NaturalGaussian natural =
        silos.clients.get(0).exact().orElseThrow().times(Silos.PRIOR.natural(D), 1);
    double[][] a = transition(natural.lambda());
    double[] start = {posterior.mean()[0] + 0.3, posterior.mean()[1] - 0.2};
    double[] away = {0.3, -0.2, 0, 0};
    double[][] covariance = new double[2 * D][2 * D];
    for (int t = 0; t < STEPS; t++) {
      double[] next = new double[2 * D];
      for (int i = 0; i < 2 * D; i++) {
        for (int j = 0; j < 2 * D; j++) {
          next[i] += a[i][j] * away[j];
        }
      }
      away = next;
      covariance = times(times(a, covariance, false), a, true);
      for (int i = D; i < 2 * D; i++) {
        covariance[i][i] += 2 * ALPHA * ETA;
      }
    }
    Sampler sampler =
        new Sampler(
            Estimators.spec("full").build(Map.of()),
            Diffusions.spec("sghmc").build(Map.of("alpha", ALPHA)));
    Shard shard = Shard.whole(silos.clients.get(0), Silos.PRIOR);
    Chain chains = new Chain(sampler, 8, new Workspace());
    double[] mean = new double[2 * D];
    double[][] second = new double[2 * D][2 * D];
    for (int c = 0; c < CHAINS; c++) {
      LearnerState chain = chains.begin(start);
      LearnerState client = chains.meet(shard, chain);
      boolean fine =
          chains.visit(
              chain, "c" + c, shard, client, VisitOptions.of(STEPS, ETA), (step, theta) -> {});
      assertThat(fine).isTrue();
      double[] x = new double[2 * D];
      for (int i = 0; i < D; i++) {
        x[i] = chain.block(Sampler.THETA)[i] - posterior.mean()[i];
        x[D + i] = chain.block("v")[i];
      }
      for (int i = 0; i < 2 * D; i++) {
        mean[i] += x[i] / CHAINS;
        for (int j = 0; j < 2 * D; j++) {
          second[i][j] += (x[i] - away[i]) * (x[j] - away[j]) / CHAINS;
        }
      }
    }
    for (int i = 0; i < 2 * D; i++) {
      assertThat(mean[i])
          .as("mean %d", i)
          .isCloseTo(away[i], within(Z * Math.sqrt(covariance[i][i] / CHAINS)));
      for (int j = 0; j <= i; j++) {
        double exact = covariance[i][j];
        double both = covariance[i][i] * covariance[j][j];
        assertThat(second[i][j])
            .as("covariance %d %d", i, j)
            .isCloseTo(exact, within(Z * Math.sqrt((both + exact * exact) / CHAINS)));
      }
    }
    // By then they have nearly come to the posterior, which a small step hardly widens.
    for (int i : List.of(0, 1)) {
      assertThat(Math.sqrt(covariance[i][i]) / posterior.deviation(i)).isBetween(0.8, 1.2);
    }
  }
}

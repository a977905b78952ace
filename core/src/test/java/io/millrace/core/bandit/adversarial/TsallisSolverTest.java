package io.millrace.core.bandit.adversarial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TsallisSolverTest {
  /** 2 / sqrt(p_i) = eta (Z_i - x) with one x for all arms. */
  @Test
  void solvesItsEquationWhateverTheSpreadOfTheLosses() {
    Draws draws = new PhiloxDraws(3, "losses");
    for (int round = 0; round < 200; round++) {
      int n = 1 + draws.index(1000 + round, 30);
      double eta = 2 / Math.sqrt(1 + round * round);
      double spread = StrictMath.pow(10, round % 9 - 2);
      double[] z = new double[n];
      Arrays.setAll(z, i -> spread * draws.uniform(2 * i) + 1e6);
      double[] p = new double[n];
      double[] losses = z.clone();
      TsallisSolver.solve(z, p, n, eta);
      assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-12));
      for (int i = 1; i < n; i++) {
        double left = 2 / Math.sqrt(p[i]) - 2 / Math.sqrt(p[0]);
        double right = eta * (losses[i] - losses[0]);
        assertThat(left).isCloseTo(right, within(1e-6 * (1 + Math.abs(right))));
      }
    }
  }

  @Test
  void equalLossesHaveEqualProbabilities() {
    double[] p = new double[5];
    TsallisSolver.solve(new double[] {7, 7, 7, 7, 7}, p, 5, 0.3);
    assertThat(p).containsOnly(p[0]);
  }
}

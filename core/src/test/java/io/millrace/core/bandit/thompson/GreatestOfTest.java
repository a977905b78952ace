package io.millrace.core.bandit.thompson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.rng.PhiloxDraws;
import org.junit.jupiter.api.Test;

class GreatestOfTest {
  private final GreatestOf greatest = new GreatestOf();

  private double[] normals(double[] mean, double[] deviation) {
    int n = mean.length;
    double narrowest = Double.POSITIVE_INFINITY;
    greatest.begin();
    for (int i = 0; i < n; i++) {
      narrowest = Math.min(narrowest, deviation[i]);
      for (double end : new double[] {-8, -5, -3, -1.5, 0, 1.5, 3, 5, 8}) {
        greatest.breakAt(mean[i] + end * deviation[i]);
      }
    }
    greatest.lay(n, 0.5 * narrowest);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < greatest.nodes(); k++) {
        double z = (greatest.node(k) - mean[i]) / deviation[i];
        greatest.density(i, k, 3 * StrictMath.exp(-z * z / 2));
      }
    }
    double[] p = new double[n];
    greatest.probabilities(p);
    return p;
  }

  /** The difference of two normals is a normal: Phi(1 / sqrt 2), Phi(-1/2), of a table. */
  @Test
  void twoNormalsAsTheirDifference() {
    assertThat(normals(new double[] {1, 0}, new double[] {1, 1})[0])
        .isCloseTo(0.7602499389065233, within(1e-9));
    assertThat(normals(new double[] {0, 0.5}, new double[] {1, 1e-6})[0])
        .isCloseTo(0.3085375387259869, within(1e-7));
    assertThat(normals(new double[] {0, 30}, new double[] {1, 1})[0]).isLessThan(1e-11);
  }

  /** Within four standard errors of 40,000 samples, of deviations that differ by a hundred. */
  @Test
  void manyNormalsAsTheySample() {
    double[] mean = {0.1, 0.3, 0.25, 0.2, -0.4};
    double[] deviation = {0.5, 0.05, 0.1, 0.005, 0.6};
    PhiloxDraws draws = new PhiloxDraws(2, "samples");
    double[] wins = new double[mean.length];
    int samples = 40_000;
    for (int s = 0; s < samples; s++) {
      draws.at(s);
      int best = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < mean.length; i++) {
        double x = mean[i] + deviation[i] * draws.normal(i);
        if (x > most) {
          most = x;
          best = i;
        }
      }
      wins[best] += 1.0 / samples;
    }
    double[] p = normals(mean, deviation);
    for (int i = 0; i < p.length; i++) {
      double error = Math.sqrt(p[i] * (1 - p[i]) / samples);
      assertThat(wins[i]).as("variable %d", i).isCloseTo(p[i], within(4 * error + 1e-6));
    }
  }
}

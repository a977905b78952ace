package io.millrace.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import org.junit.jupiter.api.Test;

class ConformalTest {
  private final Draws draws = new PhiloxDraws(23, "residuals");

  /** The guarantee holds of any stream: here the residuals grow for ever, then vanish. */
  @Test
  void theShareOfMissesKeepsItsBoundWhateverTheStreamDoes() {
    double alpha = 0.1;
    double gamma = 0.05;
    Conformal rule = new Conformal(alpha, gamma, 100);
    double[] block = new double[1 + rule.length()];
    for (int t = 1; t <= 5000; t++) {
      double scale = t < 3000 ? t : 1e-3;
      rule.take(block, 1, scale * Math.abs(draws.normal(t)));
      double misses = 1 - rule.covered(block, 1) / t;
      assertThat(Math.abs(misses - alpha))
          .as("misses of %s events", t)
          .isLessThanOrEqualTo((Math.max(alpha, 1 - alpha) + gamma) / (gamma * t) + 1e-9);
    }
    assertThat(rule.count(block, 1)).isEqualTo(5000);
    assertThat(block[0]).isZero();
  }

  @Test
  void nothingIsKnownAtFirst() {
    Conformal rule = new Conformal(0.1, 0, 50);
    double[] block = new double[rule.length()];
    for (int i = 0; i < 9; i++) { // k = ceil(0.9 (n + 1)) is above n up to here
      assertThat(rule.radius(block, 0)).isInfinite();
      assertThat(rule.take(block, 0, 10 - i)).isTrue();
    }
    assertThat(rule.radius(block, 0)).isEqualTo(10);
    assertThat(rule.infinite(block, 0)).isEqualTo(9);
  }
}

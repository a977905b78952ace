package io.millrace.core.bandit.contextual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.rng.PhiloxDraws;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InverseGapTest {
  @Test
  void theExpectedGapIsAtMostArmsOverEta() {
    PhiloxDraws draws = new PhiloxDraws(9, "gaps");
    PolicyRequest request = new PolicyRequest(new PolicyShape(12, 0, 0));
    for (int round = 0; round < 200; round++) {
      draws.at(round);
      int d = 2 + draws.index(0, 11);
      double eta = StrictMath.pow(10, round % 7 - 2);
      double[] score = new double[12];
      Arrays.setAll(score, a -> draws.normal(10 + a));
      double[] p = new double[12];
      request.setAllEligible(d);
      InverseGap.distribute(request, score, eta, p);
      double best = Arrays.stream(score, 0, d).max().orElseThrow();
      double gap = 0;
      for (int a = 0; a < d; a++) {
        gap += p[a] * (best - score[a]);
      }
      assertThat(gap).isLessThanOrEqualTo(d / eta);
      assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-12));
    }
  }
}

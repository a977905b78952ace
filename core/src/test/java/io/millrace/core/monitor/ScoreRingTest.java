package io.millrace.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import org.junit.jupiter.api.Test;

class ScoreRingTest {
  private static final int WINDOW = 70;

  private final ScoreRing ring = new ScoreRing(WINDOW);
  private final Draws draws = new PhiloxDraws(17, "scores");

  private double score(int i) {
    double u = draws.uniform(2L * i);
    return i % 3 == 0 ? Math.rint(10 * u) / 10 : i % 50 == 1 ? -0.0 : u; // many are equal
  }

  private boolean positive(int i) {
    return draws.coin(2L * i + 1, 0.3);
  }

  /** The area of a window as its definition has it: over all pairs. */
  private double area(int from, int to) {
    long twice = 0;
    long pairs = 0;
    for (int i = from; i < to; i++) {
      for (int j = from; j < to; j++) {
        if (positive(i) && !positive(j)) {
          pairs++;
          twice += score(i) > score(j) ? 2 : score(i) == score(j) ? 1 : 0;
        }
      }
    }
    return pairs == 0 ? Double.NaN : twice / (2.0 * pairs);
  }

  @Test
  void theAreaIsThatOfTheWindowToTheBit() {
    double[] block = new double[4 + ring.length()];
    ScoreRing.Areas areas = new ScoreRing.Areas();
    Workspace workspace = new Workspace();
    for (int i = 0; i < 400; i++) {
      ring.take(block, 4, score(i), positive(i));
      ring.areas(block, 4, areas, workspace);
      assertThat(areas.roc()).isEqualTo(Double.valueOf(area(Math.max(0, i + 1 - WINDOW), i + 1)));
    }
    assertThat(block).startsWith(0, 0, 0, 0);
  }

  @Test
  void aRingThatHasGoneRoundIsASmallRingOfTheSameEvents() {
    double[] block = new double[ring.length()];
    double[] fresh = new double[ring.length()];
    for (int i = 0; i < 200; i++) {
      ring.take(block, 0, Math.abs(score(i)), positive(i));
      if (i >= 200 - WINDOW) {
        ring.take(fresh, 0, Math.abs(score(i)), positive(i));
      }
    }
    double[] sums = new double[Reliability.length(10)];
    double[] expected = new double[Reliability.length(10)];
    ring.reliability(block, 0, 10, sums);
    ring.reliability(fresh, 0, 10, expected);
    assertThat(sums).isEqualTo(expected);
  }
}

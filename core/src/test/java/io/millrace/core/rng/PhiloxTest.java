package io.millrace.core.rng;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  /** Known answers of Random123, kat_vectors, philox4x32 with 10 rounds. */
  @Test
  void givesTheKnownAnswersOfRandom123() {
    assertThat(block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  private static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
    int[] out = new int[4];
    Philox.block(c0, c1, c2, c3, k0, k1, out);
    return out;
  }

  @Test
  void hashesTheUtf8BytesOfAName() {
    // Published FNV-1a test values: "", "a", "foobar".
    assertThat(Philox.fnv1a64("")).isEqualTo(0xcbf29ce484222325L);
    assertThat(Philox.fnv1a64("a")).isEqualTo(0xaf63dc4c8601ec8cL);
    assertThat(Philox.fnv1a64("foobar")).isEqualTo(0x85944171f73967e8L);
    for (String s : new String[] {"clients/α", "ü", "日本", "𝄞 clef", "lone \ud800 surrogate"}) {
      long h = 0xcbf29ce484222325L;
      for (byte b : s.getBytes(StandardCharsets.UTF_8)) {
        h = (h ^ (b & 0xFF)) * 0x100000001b3L;
      }
      assertThat(Philox.fnv1a64(s)).as(s).isEqualTo(h);
    }
  }

  @Test
  void splitmixGivesThePublishedFirstOutputs() {
    // SplittableRandom's mixer from seed 0: outputs 1 and 2.
    assertThat(Philox.splitmix64(0)).isEqualTo(0xe220a8397b1dcdafL);
    assertThat(Philox.splitmix64(0x9E3779B97F4A7C15L)).isEqualTo(0x6e789e6aa1b965f4L);
  }

  @Test
  void uniformsFillTheHalfOpenInterval() {
    assertThat(Philox.uniform53(0, 0)).isZero();
    assertThat(Philox.uniform53(-1, -1)).isEqualTo(1 - 0x1p-53);
    assertThat(Philox.uniform53(0x80000000, 0)).isEqualTo(0.5);
  }

  @Test
  void anIndexGivesTheSameNumberInAnyOrderAndAfterAimingElsewhere() {
    PhiloxDraws draws = new PhiloxDraws(7, "key").at(3);
    double[] inOrder = new double[9];
    for (int i = 0; i < inOrder.length; i++) {
      inOrder[i] = draws.normal(i);
    }
    draws.at("other", 3).normal(0);
    draws.at("key", 3);
    for (int i = inOrder.length - 1; i >= 0; i--) {
      assertThat(draws.normal(i)).isEqualTo(inOrder[i]);
    }
    assertThat(new PhiloxDraws(7, "key").at(3).normal(4)).isEqualTo(inOrder[4]);
  }

  @Test
  void stepsStreamsPurposesAndSeedsAreDistinct() {
    double base = new PhiloxDraws(7, "key").uniform(0);
    assertThat(new PhiloxDraws(7, "key").uniform(1)).isNotEqualTo(base);
    assertThat(new PhiloxDraws(7, "key").at(1).uniform(0)).isNotEqualTo(base);
    assertThat(new PhiloxDraws(7, "key").at(1L << 32).uniform(0)).isNotEqualTo(base);
    assertThat(new PhiloxDraws(7, "kez").uniform(0)).isNotEqualTo(base);
    assertThat(new PhiloxDraws(8, "key").uniform(0)).isNotEqualTo(base);
    assertThat(new PhiloxDraws(7, "key").fork(Purpose.SCHEDULE).uniform(0)).isNotEqualTo(base);
  }

  @Test
  void aForkFollowsItsRootAndIsMadeOnce() {
    PhiloxDraws draws = new PhiloxDraws(7, "key");
    PhiloxDraws fork = draws.fork(Purpose.MINI_BATCH);
    double first = fork.uniform(0);
    draws.at(1);
    assertThat(fork.uniform(0)).isNotEqualTo(first);
    draws.at(0);
    assertThat(fork.uniform(0)).isEqualTo(first);
    assertThat(draws.fork(Purpose.MINI_BATCH)).isSameAs(fork);
    assertThat(fork.fork(Purpose.MINI_BATCH)).isSameAs(fork);
    assertThat(fork.fork(Purpose.NOISE)).isSameAs(draws);
  }

  /** Mean of n normals: standard error n^-1/2; of their squares: (2/n)^1/2; bound 5 of them. */
  @Test
  void normalsHaveMeanZeroAndVarianceOne() {
    int n = 200_000;
    double sum = 0;
    double squares = 0;
    PhiloxDraws draws = new PhiloxDraws(1, "moments");
    for (int i = 0; i < n; i++) {
      double x = draws.normal(i);
      sum += x;
      squares += x * x;
    }
    assertThat(Math.abs(sum / n)).isLessThan(5 / Math.sqrt(n));
    assertThat(Math.abs(squares / n - 1)).isLessThan(5 * Math.sqrt(2.0 / n));
  }

  @Test
  void indexesStayWithinTheirBoundAndRefuseAnEmptyOne() {
    PhiloxDraws draws = new PhiloxDraws(1, "indexes");
    for (int i = 0; i < 1000; i++) {
      assertThat(draws.index(i, 3)).isBetween(0, 2);
      assertThat(draws.index(i, Integer.MAX_VALUE)).isNotNegative();
      assertThat(draws.index(i, 1)).isZero();
    }
    assertThatThrownBy(() -> draws.index(0, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> draws.uniform(1L << 33)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCategoricalDrawTakesTheLastOutcomeWhenRoundingLeavesNone() {
    PhiloxDraws draws = new PhiloxDraws(1, "categorical");
    assertThat(draws.categorical(0, new double[] {0, 1, 0})).isEqualTo(1);
    assertThat(draws.categorical(0, new double[] {0, 0, 0})).isEqualTo(2);
  }
}

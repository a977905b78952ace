package io.millrace.core.dictionary.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A projection is the nearest point: it lies in the set, and no step within the set is nearer. */
class AtomSetTest {
  private static final int AT = 2;

  @Property(tries = 1000)
  void projectsOntoTheNearestPoint(
      @ForAll AtomSet set,
      @ForAll boolean nonNegative,
      @ForAll @IntRange(min = 1, max = 12) int n,
      @ForAll @DoubleRange(min = 0.01, max = 30) double size,
      @ForAll @DoubleRange(min = 0, max = 3) double gamma,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] v = new double[AT + n];
    double[] z = new double[AT + n];
    for (int i = AT; i < v.length; i++) {
      v[i] = size * random.nextGaussian();
      z[i] = size * random.nextGaussian();
    }
    double[] p = v.clone();
    set.project(p, AT, n, gamma, nonNegative);
    set.project(z, AT, n, gamma, nonNegative);

    assertThat(outside(set, p, gamma)).isLessThanOrEqualTo(1e-12);
    double turn = 0;
    double scale = 1;
    for (int i = AT; i < v.length; i++) {
      if (nonNegative || set == AtomSet.SIMPLEX) {
        assertThat(p[i]).isNotNegative();
      }
      turn += (v[i] - p[i]) * (z[i] - p[i]);
      scale += v[i] * v[i];
    }
    // The set is convex: p is nearest where no feasible z lies on v's side of p.
    assertThat(turn).isLessThanOrEqualTo(1e-12 * scale);
    double[] again = p.clone();
    set.project(again, AT, n, gamma, nonNegative);
    assertThat(again).containsExactly(p, within(1e-12));
  }

  @Test
  void pointsInsideStay() {
    double[] u = {0.1, -0.2, 0.3};
    for (AtomSet set : new AtomSet[] {AtomSet.L2_BALL, AtomSet.L1_BALL, AtomSet.ELASTIC_NET_BALL}) {
      double[] p = u.clone();
      assertThat(set.project(p, 0, 3, 0.5)).isZero();
      assertThat(p).isEqualTo(u);
    }
  }

  /** By how much a point misses its set. */
  private static double outside(AtomSet set, double[] u, double gamma) {
    double squares = 0;
    double l1 = 0;
    double sum = 0;
    for (int i = AT; i < u.length; i++) {
      squares += u[i] * u[i];
      l1 += Math.abs(u[i]);
      sum += u[i];
    }
    return switch (set) {
      case L2_BALL -> Math.sqrt(squares) - 1;
      case L1_BALL -> l1 - 1;
      case ELASTIC_NET_BALL -> squares + gamma * l1 - 1;
      case SIMPLEX -> Math.abs(sum - 1);
    };
  }
}

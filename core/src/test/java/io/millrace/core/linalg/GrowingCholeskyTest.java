package io.millrace.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GrowingCholeskyTest {
  /** Vectors of length 40 come and go; the factor solves with the Gram matrix of those present. */
  @Property(tries = 200)
  void solvesTheSystemOfWhateverIsPresent(
      @ForAll @IntRange(min = 1, max = 40) int changes, @ForAll long seed) {
    Random random = new Random(seed);
    List<double[]> present = new ArrayList<>();
    GrowingCholesky factor = new GrowingCholesky();
    for (int k = 0; k < changes; k++) {
      if (!present.isEmpty() && random.nextInt(3) == 0) {
        int out = random.nextInt(present.size());
        factor.remove(out);
        present.remove(out);
      } else {
        double[] v = random.doubles(40, -1, 1).toArray();
        double[] products = new double[present.size()];
        for (int i = 0; i < products.length; i++) {
          products[i] = product(present.get(i), v);
        }
        assertThat(factor.append(products, product(v, v), 0)).isTrue();
        present.add(v);
      }
    }
    int n = present.size();
    assertThat(factor.size()).isEqualTo(n);
    double[] x = random.doubles(n, -1, 1).toArray();
    double[] b = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        b[i] += product(present.get(i), present.get(j)) * x[j];
      }
    }
    factor.solve(b);
    for (int i = 0; i < n; i++) {
      assertThat(b[i]).isCloseTo(x[i], within(1e-6));
    }
  }

  @Test
  void refusesARowThatDependsOnOthersAndStaysAsItWas() {
    GrowingCholesky factor = new GrowingCholesky();
    assertThat(factor.append(new double[0], 4, 1e-12)).isTrue();
    assertThat(factor.append(new double[] {2}, 1, 1e-12)).isFalse();
    assertThat(factor.size()).isEqualTo(1);
    double[] b = {8};
    factor.solve(b);
    assertThat(b).containsExactly(2);
  }

  private static double product(double[] a, double[] b) {
    return Vectors.dot(a, 0, b, 0, a.length);
  }
}

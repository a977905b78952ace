package io.millrace.core.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Kernels.Transpose;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Tiles change how a product is computed, not one bit of it. */
class PackedProductTest {
  @Property(tries = 150)
  void everyElementIsSummedInTheOrderOfTheInnerIndex(
      @ForAll @IntRange(min = 0, max = 12) int m,
      @ForAll @IntRange(min = 0, max = 40) int n,
      @ForAll @IntRange(min = 0, max = 150) int k,
      @ForAll Transpose transposeA,
      @ForAll Transpose transposeB,
      @ForAll long seed) {
    compare(m, n, k, transposeA, transposeB, seed);
  }

  @Property(tries = 8)
  void alsoWhereThereAreSeveralTilesOfColumns(
      @ForAll @IntRange(min = 500, max = 1100) int n,
      @ForAll Transpose transposeB,
      @ForAll long seed) {
    compare(9, n, 140, Transpose.NO, transposeB, seed);
  }

  private static void compare(
      int m, int n, int k, Transpose transposeA, Transpose transposeB, long seed) {
    Random random = new Random(seed);
    double alpha = random.nextGaussian();
    double beta = random.nextInt(3) == 0 ? 0 : random.nextGaussian();
    int offset = 2;
    double[] a = gaussian(random, offset + m * k);
    double[] b = gaussian(random, offset + k * n);
    double[] c = gaussian(random, offset + m * n + 1);
    double[] expected = c.clone();
    for (int i = 0; i < m; i++) {
      for (int l = 0; l < n; l++) {
        double sum = beta == 0 ? 0 : beta * c[offset + i * n + l];
        for (int j = 0; j < k; j++) {
          double left = a[offset + (transposeA == Transpose.NO ? i * k + j : j * m + i)];
          double right = b[offset + (transposeB == Transpose.NO ? j * n + l : l * k + j)];
          sum += alpha * left * right;
        }
        expected[offset + i * n + l] = sum;
      }
    }
    double[] beforeA = a.clone();
    double[] beforeB = b.clone();
    boolean at = transposeA == Transpose.YES;
    boolean bt = transposeB == Transpose.YES;
    Kernels kernels = ScalarBackend.INSTANCE.kernels();
    kernels.gemm(
        alpha,
        kernels.left(a, offset, at ? k : m, at ? m : k).transposed(at),
        kernels.right(b, offset, bt ? n : k, bt ? k : n).transposed(bt),
        beta,
        kernels.into(c, offset, m, n));
    assertThat(Arrays.equals(c, expected)).isTrue();
    assertThat(a).isEqualTo(beforeA);
    assertThat(b).isEqualTo(beforeB);
  }

  private static double[] gaussian(Random random, int n) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = random.nextGaussian();
    }
    return v;
  }
}

package io.millrace.core.compute;

import static io.millrace.core.compute.Kernels.Transpose.NO;
import static io.millrace.core.compute.Kernels.Transpose.YES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.rng.PhiloxDraws;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarBackendTest {
  private final Kernels kernels = ScalarBackend.INSTANCE.kernels();

  private static double[] random(String name, int n) {
    PhiloxDraws draws = new PhiloxDraws(1, name);
    double[] a = new double[n];
    for (int i = 0; i < n; i++) {
      a[i] = draws.normal(i);
    }
    return a;
  }

  private static double[] product(int m, int n, int k, double[] a, double[] b) {
    double[] c = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < k; l++) {
          c[i * n + j] += a[i * k + l] * b[l * n + j];
        }
      }
    }
    return c;
  }

  private static double[] transposed(int rows, int cols, double[] a) {
    double[] t = new double[a.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        t[j * rows + i] = a[i * cols + j];
      }
    }
    return t;
  }

  private static double[] identity(int n) {
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      a[i * n + i] = 1;
    }
    return a;
  }

  private static double[] positiveDefinite(int n) {
    double[] a = random("spd", n * n);
    double[] s = product(n, n, n, a, transposed(n, n, a));
    for (int i = 0; i < n; i++) {
      s[i * n + i] += 0.1;
    }
    return s;
  }

  private static void assertClose(double[] actual, double[] expected, double bound) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(bound));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 8})
  void productsAgreeWithTheDefinitionInAllFourForms(int m) {
    int n = m + 1;
    int k = m == 0 ? 0 : m + 2;
    double[] a = random("a", m * k);
    double[] b = random("b", k * n);
    double[] expected = product(m, n, k, a, b);
    double[] at = transposed(m, k, a);
    double[] bt = transposed(k, n, b);
    double[] c = new double[m * n];
    Arrays.fill(c, Double.NaN);
    kernels.gemm(1, kernels.left(a, m, k), kernels.right(b, k, n), 0, kernels.into(c, m, n));
    assertClose(c, expected, 1e-13);
    kernels.gemm(
        1, kernels.left(at, k, m).transposed(), kernels.right(b, k, n), 0, kernels.into(c, m, n));
    assertClose(c, expected, 1e-13);
    kernels.gemm(
        1, kernels.left(a, m, k), kernels.right(bt, n, k).transposed(), 0, kernels.into(c, m, n));
    assertClose(c, expected, 1e-13);
    kernels.gemm(
        2,
        kernels.left(at, k, m).transposed(),
        kernels.right(bt, n, k).transposed(),
        -1,
        kernels.into(c, m, n));
    assertClose(c, expected, 1e-12);
  }

  @Test
  void aProductOfShapesThatDoNotFitIsRefused() {
    double[] a = new double[12];
    assertThatThrownBy(
            () ->
                kernels.gemm(
                    1, kernels.left(a, 3, 4), kernels.right(a, 3, 4), 0, kernels.into(a, 3, 4)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("product of 3x4 and 3x4 into 3x4");
    assertThatThrownBy(
            () ->
                kernels.gemm(
                    1,
                    kernels.left(a, 4, 3).transposed(),
                    kernels.right(a, 4, 3),
                    0,
                    kernels.into(a, 3, 4)))
        .hasMessage("product of 3x4 and 4x3 into 3x4");
  }

  @Test
  void matrixTimesVectorIsTheProductWithOneColumnAndHonoursOffsets() {
    int rows = 3;
    int cols = 5;
    double[] a = random("a", rows * cols + 2);
    double[] x = random("x", cols + 1);
    double[] y = {7, 1, 1, 1, 7};
    double[] tail = Arrays.copyOfRange(a, 2, a.length);
    double[] expected = product(rows, 1, cols, tail, Arrays.copyOfRange(x, 1, cols + 1));
    kernels.gemv(1, kernels.left(a, 2, rows, cols), x, 1, 2, y, 1);
    assertThat(y[0]).isEqualTo(7);
    assertThat(y[4]).isEqualTo(7);
    for (int i = 0; i < rows; i++) {
      assertThat(y[1 + i]).isCloseTo(expected[i] + 2, within(1e-13));
    }
    double[] z = new double[cols];
    double[] ones = {1, 1, 1};
    kernels.gemv(1, kernels.left(tail, rows, cols).transposed(), ones, 0, 0, z, 0);
    assertClose(z, product(1, cols, rows, ones, tail), 1e-13);
  }

  @Test
  void theNormNeitherOverflowsNorVanishes() {
    assertThat(kernels.norm(2, new double[] {3, 4}, 0)).isEqualTo(5);
    assertThat(kernels.norm(2, new double[] {3e300, 4e300}, 0)).isCloseTo(5e300, within(1e285));
    assertThat(kernels.norm(2, new double[] {3e-300, 4e-300}, 0)).isCloseTo(5e-300, within(1e-315));
    assertThat(kernels.norm(0, new double[0], 0)).isZero();
    assertThat(kernels.norm(1, new double[] {Double.NaN}, 0)).isNaN();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 20})
  void choleskyAndTriangularSolvesInvertAPositiveDefiniteMatrix(int n) {
    double[] a = positiveDefinite(n);
    double[] l = a.clone();
    assertThat(kernels.cholesky(n, l, l)).isTrue();
    assertClose(product(n, n, n, l, transposed(n, n, l)), a, 1e-11);
    double[] x = identity(n);
    kernels.solveTriangular(NO, n, l, n, x);
    kernels.solveTriangular(YES, n, l, n, x);
    assertClose(product(n, n, n, a, x), identity(n), 1e-9);
  }

  @Test
  void choleskyRefusesWhatIsNotPositiveDefinite() {
    assertThat(kernels.cholesky(2, new double[] {1, 2, 2, 1}, new double[4])).isFalse();
    assertThat(kernels.cholesky(1, new double[] {Double.NaN}, new double[1])).isFalse();
    assertThat(kernels.cholesky(1, new double[] {0}, new double[1])).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 20})
  void eigenvaluesAscendAndRebuildTheMatrix(int n) {
    double[] a = positiveDefinite(n);
    double[] values = new double[n];
    double[] v = new double[n * n];
    kernels.eigenSymmetric(n, a, values, v);
    assertThat(values).isSorted();
    assertClose(product(n, n, n, transposed(n, n, v), v), identity(n), 1e-12);
    double[] scaled = v.clone();
    for (int i = 0; i < n * n; i++) {
      scaled[i] *= values[i % n];
    }
    assertClose(product(n, n, n, scaled, transposed(n, n, v)), a, 1e-10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void theFourthPowerOfTheInverseFourthRootIsTheInverse(int n) {
    double[] a = positiveDefinite(n);
    double ridge = 1e-3;
    double[] root = new double[n * n];
    kernels.inverseRoot(n, a, 4, ridge, root);
    double[] square = product(n, n, n, root, root);
    double[] inverse = product(n, n, n, square, square);
    for (int i = 0; i < n; i++) {
      a[i * n + i] += ridge;
    }
    assertClose(product(n, n, n, a, inverse), identity(n), 1e-9);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void qrHasOrthonormalColumnsAndAnUpperTriangleWithPositiveDiagonal(int n) {
    int m = n + 3;
    double[] a = random("qr", m * n);
    double[] q = new double[m * n];
    double[] r = new double[n * n];
    kernels.qr(m, n, a, q, r);
    assertClose(product(n, n, m, transposed(m, n, q), q), identity(n), 1e-13);
    assertClose(product(m, n, n, q, r), a, 1e-13);
    for (int i = 0; i < n; i++) {
      assertThat(r[i * n + i]).isPositive();
      for (int j = 0; j < i; j++) {
        assertThat(r[i * n + j]).isZero();
      }
    }
  }
}

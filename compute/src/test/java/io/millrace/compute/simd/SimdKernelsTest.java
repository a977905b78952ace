package io.millrace.compute.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.compute.Backends;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Kernels.Transpose;
import io.millrace.core.compute.ScalarBackend;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operation gives the bits of the scalar backend, at every size, place and kind of number.
 */
class SimdKernelsTest {
  private static final int OFFSET = 3;

  private final Kernels scalar = ScalarBackend.INSTANCE.kernels();
  private final Kernels simd = SimdBackend.INSTANCE.kernels();

  /** Rows, columns and inner size: empty, 1, and both sides of every bound between two ways. */
  static Stream<int[]> shapes() {
    int[][] some = {
      {0, 0, 0},
      {0, 9, 4},
      {3, 0, 5},
      {3, 9, 0},
      {1, 1, 1},
      {1, 40, 7},
      {2, 17, 16},
      {7, 8, 9},
      {8, 7, 9},
      {8, 16, 8},
      {9, 17, 33},
      {12, 31, 127},
      {13, 33, 128},
      {11, 35, 129},
      {64, 64, 32},
      {5, 513, 20},
      {9, 512, 131},
      {10, 1030, 260}
    };
    Random random = new Random(5);
    return Stream.concat(
        Stream.of(some),
        IntStream.range(0, 60)
            .mapToObj(
                i -> new int[] {random.nextInt(30), random.nextInt(70), random.nextInt(140)}));
  }

  @Test
  void itIsFoundAndAutoTakesIt() {
    Backends.Selection auto = Backends.select("auto");
    assertThat(auto.backend().id()).isEqualTo("simd");
    assertThat(auto.backend().arithmetic()).isEqualTo("scalar");
    assertThat(auto.backend().reproducible()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 9, 15, 16, 17, 23, 24, 31, 64, 1000, 4099})
  void dotProductsHaveTheSameEightSums(int n) {
    Random random = new Random(n);
    for (int tries = 0; tries < 20; tries++) {
      double[] a = numbers(random, n + OFFSET);
      double[] b = numbers(random, n + OFFSET + 1);
      assertThat(simd.dot(n, a, OFFSET, b, 1)).isEqualTo(scalar.dot(n, a, OFFSET, b, 1));
      assertThat(simd.norm(n, a, OFFSET)).isEqualTo(scalar.norm(n, a, OFFSET));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void matrixTimesVectorHasTheSameBits(int[] shape) {
    int rows = shape[0];
    int cols = shape[2];
    Random random = new Random(rows * 31 + cols);
    double[] a = numbers(random, OFFSET + rows * cols);
    double[] x = numbers(random, 1 + Math.max(rows, cols));
    for (boolean transposed : new boolean[] {false, true}) {
      for (double beta : new double[] {0, 1, -0.3}) {
        same(
            numbers(random, 2 + Math.max(rows, cols) + 1),
            (k, y) ->
                k.gemv(
                    1.7, k.left(a, OFFSET, rows, cols).transposed(transposed), x, 1, beta, y, 2));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void productsHaveTheSameBitsInAllFourForms(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    int k = shape[2];
    Random random = new Random((m * 31L + n) * 31 + k);
    double[] a = numbers(random, OFFSET + m * k);
    double[] b = numbers(random, 1 + k * n);
    for (Transpose left : Transpose.values()) {
      for (Transpose right : Transpose.values()) {
        boolean lt = left == Transpose.YES;
        boolean rt = right == Transpose.YES;
        double beta = lt == rt ? 0 : random.nextInt(2) + 0.5 * random.nextInt(2);
        same(
            numbers(random, 2 + m * n + 5),
            (x, c) ->
                x.gemm(
                    rt ? 1 : -0.7,
                    x.left(a, OFFSET, lt ? k : m, lt ? m : k).transposed(lt),
                    x.right(b, 1, rt ? n : k, rt ? k : n).transposed(rt),
                    beta,
                    x.into(c, 2, m, n)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 24})
  void decompositionsAreTheScalarOnes(int n) {
    double[] root = numbers(new Random(n), n * n);
    double[] a = new double[n * n];
    scalar.gemm(
        1, scalar.left(root, n, n), scalar.right(root, n, n).transposed(), 0, scalar.into(a, n, n));
    for (int i = 0; i < n; i++) {
      a[i * n + i] += 1;
    }
    same(new double[n * n], (k, l) -> k.cholesky(n, a, l));
    same(a.clone(), (k, b) -> k.solveTriangular(Transpose.YES, n, a, n, b));
    same(new double[n * n], (k, v) -> k.eigenSymmetric(n, a, new double[n], v));
    same(new double[n * n], (k, r) -> k.inverseRoot(n, a, 3, 1e-3, r));
    same(new double[n * n], (k, q) -> k.qr(n, n, a, q, new double[n * n]));
  }

  /** A product must not reach beyond its edges: what lies there may be anything. */
  @Test
  void overflowAndWhatIsNotANumberStayWhereTheyArise() {
    double[] a = numbers(new Random(1), 9 * 20);
    double[] b = numbers(new Random(2), 20 * 33);
    a[7 * 20 + 3] = Double.POSITIVE_INFINITY;
    b[5 * 33 + 32] = Double.NaN;
    b[6 * 33 + 1] = -0.0;
    same(
        new double[9 * 33],
        (k, c) -> k.gemm(1, k.left(a, 9, 20), k.right(b, 20, 33), 0, k.into(c, 9, 33)));
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    double[] a = new double[400];
    assertThatThrownBy(
            () -> simd.gemm(1, simd.left(a, 9, 9), simd.right(a, 8, 16), 0, simd.into(a, 9, 16)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("product of 9x9 and 8x16 into 9x16");
  }

  private void same(double[] out, BiConsumer<Kernels, double[]> operation) {
    double[] expected = out.clone();
    double[] found = out.clone();
    operation.accept(scalar, expected);
    operation.accept(simd, found);
    for (int i = 0; i < out.length; i++) {
      assertThat(Double.doubleToLongBits(found[i]))
          .as("element %d of %d: %s, scalar %s", i, out.length, found[i], expected[i])
          .isEqualTo(Double.doubleToLongBits(expected[i]));
    }
  }

  /** Of sizes far apart, so that another order of sums shows. */
  private static double[] numbers(Random random, int n) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = Math.scalb(random.nextGaussian(), random.nextInt(40) - 20);
    }
    return v;
  }
}

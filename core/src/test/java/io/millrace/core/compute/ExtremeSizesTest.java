package io.millrace.core.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Sizes at which squares overflow or vanish, and what is computed from them does not. */
class ExtremeSizesTest {
  private static final double[] POWERS = {1e-300, 1e-160, 1, 1e160, 1e300};

  private static double square(double[] a) {
    double sum = 0;
    for (double x : a) {
      sum += x * x;
    }
    return sum;
  }

  @Test
  void aNormIsThatOfTheElementsWhateverTheirSize() {
    for (double size : POWERS) {
      double[] a = {0, 3 * size, -4 * size, 0};
      assertThat(Vectors.root(square(a), a, 0, 4, 1) / size).isCloseTo(5, within(1e-14));
      assertThat(Vectors.root(9 * size * size, a, 1, 2, 2) / size).isCloseTo(3, within(1e-14));
    }
    double[] zero = new double[3];
    assertThat(Vectors.root(0, zero, 0, 3, 1)).isZero();
    double[] infinite = {1, Double.POSITIVE_INFINITY};
    assertThat(Vectors.root(square(infinite), infinite, 0, 2, 1)).isInfinite();
    double[] unknown = {1, Double.NaN};
    assertThat(Vectors.root(square(unknown), unknown, 0, 2, 1)).isNaN();
  }

  @Test
  void eigenvaluesScaleWithTheMatrix() {
    Kernels kernels = new Workspace().kernels(ScalarBackend.INSTANCE);
    double[] values = new double[3];
    double[] vectors = new double[9];
    double[] expected = new double[3];
    kernels.eigenSymmetric(3, new double[] {2, 1, 0, 1, 3, -1, 0, -1, 1}, expected, vectors);
    for (double size : POWERS) {
      double[] a = {2 * size, size, 0, size, 3 * size, -size, 0, -size, size};
      kernels.eigenSymmetric(3, a, values, vectors);
      for (int i = 0; i < 3; i++) {
        assertThat(values[i] / size).isCloseTo(expected[i], within(1e-13));
      }
    }
  }
}

package io.millrace.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.ScalarBackend;
import org.junit.jupiter.api.Test;

class NewtonSchulzTest {
  private static final double[] WIDE = {0.3, -0.1, 0.2, 0.05, 0.4, -0.2};

  private static double[] iterate(double[] x, int rows, int cols) {
    double[] y = x.clone();
    NewtonSchulz.iterate(
        ScalarBackend.INSTANCE.kernels(),
        y,
        0,
        rows,
        cols,
        5,
        new double[NewtonSchulz.scratch(rows, cols)]);
    return y;
  }

  /** U diag(s) V' for rotations of the plane by 0.4 and -1.1. */
  private static double[] withSingularValues(double s, double t) {
    double[] u = {Math.cos(0.4), -Math.sin(0.4), Math.sin(0.4), Math.cos(0.4)};
    double[] v = {Math.cos(-1.1), -Math.sin(-1.1), Math.sin(-1.1), Math.cos(-1.1)};
    double[] x = new double[4];
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        x[i * 2 + j] = u[i * 2] * s * v[j * 2] + u[i * 2 + 1] * t * v[j * 2 + 1];
      }
    }
    return x;
  }

  private static double quintic(double s) {
    double x = s;
    for (int k = 0; k < 5; k++) {
      x = 3.4445 * x - 4.7750 * x * x * x + 2.0315 * x * x * x * x * x;
    }
    return x;
  }

  @Test
  void appliesTheQuinticToEverySingularValue() {
    double[] y = iterate(withSingularValues(0.9, 0.2), 2, 2);
    double[] expected = withSingularValues(quintic(0.9), quintic(0.2));
    for (int i = 0; i < 4; i++) {
      assertThat(y[i]).isCloseTo(expected[i], within(1e-12));
    }
    assertThat(quintic(0.9)).isBetween(0.6, 1.3);
    assertThat(quintic(0.2)).isBetween(0.6, 1.3);
  }

  @Test
  void transposesWithItsArgument() {
    double[] tall = new double[6];
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        tall[j * 2 + i] = WIDE[i * 3 + j];
      }
    }
    double[] a = iterate(WIDE, 2, 3);
    double[] b = iterate(tall, 3, 2);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        assertThat(b[j * 2 + i]).isCloseTo(a[i * 3 + j], within(1e-14));
      }
    }
  }

  @Test
  void leavesWhatIsOutsideTheMatrix() {
    double[] x = {7, 0.3, -0.1, 0.2, 0.05, 8};
    NewtonSchulz.iterate(
        ScalarBackend.INSTANCE.kernels(), x, 1, 2, 2, 3, new double[NewtonSchulz.scratch(2, 2)]);
    assertThat(x[0]).isEqualTo(7);
    assertThat(x[5]).isEqualTo(8);
  }
}

package io.millrace.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class IntegerPowerTest {
  @Test
  void agreesWithThePowerFunctionWithinItsRounding() {
    for (double base : new double[] {0.9, 0.999, 0.9999999, 0.5, 1}) {
      for (long n : new long[] {0, 1, 2, 3, 17, 1000, 1_000_003, 1L << 40}) {
        double expected = StrictMath.pow(base, n);
        assertThat(IntegerPower.of(base, n))
            .isCloseTo(expected, within(1e-15 + n * 0x1p-53 * expected));
      }
    }
    assertThat(IntegerPower.of(0, 0)).isEqualTo(1);
    assertThat(IntegerPower.of(0, 5)).isZero();
    assertThat(IntegerPower.of(0.9, Long.MAX_VALUE)).isZero();
  }
}

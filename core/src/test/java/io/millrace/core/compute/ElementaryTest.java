package io.millrace.core.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ElementaryTest {
  private static final int TRIALS = 2_000_000;

  /** Where cases of the algorithms meet, and what is no number to compute with. */
  private static final double[] EDGES = {
    0,
    Double.MIN_VALUE,
    Double.MIN_NORMAL,
    0x1p-29,
    0x1p-28,
    0.34657,
    0.34657359027997264,
    0.5,
    0.7071,
    1,
    1.0397207,
    1.03972077083991796,
    1.4142,
    2,
    699.9999999,
    700,
    708.3,
    709.78,
    710,
    745.13,
    746,
    1e300,
    Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NaN
  };

  @Test
  void exponentialsHaveTheBitsOfStrictMath() {
    Random random = new Random(1);
    same(Elementary::exp, StrictMath::exp, () -> 1500 * (random.nextDouble() - 0.5));
    same(Elementary::exp, StrictMath::exp, () -> 4 * (random.nextDouble() - 0.5));
    same(Elementary::exp, StrictMath::exp, () -> Double.longBitsToDouble(random.nextLong()));
  }

  @Test
  void logarithmsHaveTheBitsOfStrictMath() {
    Random random = new Random(2);
    same(Elementary::log, StrictMath::log, random::nextDouble);
    same(Elementary::log, StrictMath::log, () -> 0.5 + 2 * random.nextDouble());
    same(Elementary::log, StrictMath::log, () -> Double.longBitsToDouble(random.nextLong()));
  }

  /** Compares at the edges, beside them, and at arguments drawn. */
  private static void same(
      DoubleUnaryOperator ours, DoubleUnaryOperator strict, DoubleSupplier argument) {
    DoubleStream.of(EDGES)
        .flatMap(x -> DoubleStream.of(Math.nextDown(x), x, Math.nextUp(x)))
        .flatMap(x -> DoubleStream.of(x, -x))
        .forEach(x -> same(ours, strict, x));
    for (int i = 0; i < TRIALS; i++) {
      double x = argument.getAsDouble();
      if (bits(ours, x) != bits(strict, x)) { // an assertion for each would take most of the time
        same(ours, strict, x);
      }
    }
  }

  private static void same(DoubleUnaryOperator ours, DoubleUnaryOperator strict, double x) {
    assertThat(bits(ours, x)).as("at %a", x).isEqualTo(bits(strict, x));
  }

  private static long bits(DoubleUnaryOperator f, double x) {
    return Double.doubleToLongBits(f.applyAsDouble(x));
  }
}

package io.millrace.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class VectorsTest {
  @Test
  void theSignOfEveryFiniteNumberIsThatOfSignum() {
    DoubleStream.of(0, Double.MIN_VALUE, Double.MIN_NORMAL, 1e-300, 0.3, 1, Math.PI, 1e308)
        .flatMap(x -> DoubleStream.of(x, -x))
        .forEach(x -> assertThat(Vectors.sign(x)).as("sign of " + x).isEqualTo(Math.signum(x)));
  }

  @Test
  void whatIsNotFiniteHasNoSign() {
    assertThat(Vectors.sign(Double.NEGATIVE_INFINITY)).isNaN();
    assertThat(Vectors.sign(Double.NaN)).isNaN();
  }
}

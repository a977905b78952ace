package io.millrace.core.special;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the tables of Abramowitz and Stegun, 26.8. */
class ChiSquareTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0.01, 6.63490",
    "2, 0.01, 9.21034",
    "3, 0.05, 7.81473",
    "9, 0.01, 21.6660",
    "10, 0.5, 9.34182",
    "30, 0.01, 50.8922",
    "99, 0.01, 134.642"
  })
  void agreesWithTheTables(int degrees, double share, double quantile) {
    double found = ChiSquare.quantile(degrees, share);
    assertThat(found).isCloseTo(quantile, within(1e-5 * quantile));
    assertThat(ChiSquare.above(degrees, found)).isCloseTo(share, within(1e-13));
  }
}

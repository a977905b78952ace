package io.millrace.core.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.tuning.SearchBox.Parameter;
import io.millrace.core.tuning.SearchBox.Scale;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchBoxTest {
  @Test
  void pointsBecomeValuesByScale() {
    SearchBox box =
        new SearchBox(
            List.of(
                new Parameter("momentum", 0.5, 0.9, Scale.LINEAR),
                new Parameter("learning-rate", 1e-3, 10, Scale.LOGARITHMIC),
                new Parameter("mini-batch", 1, 4, Scale.INTEGER)));
    double[] values = new double[box.dimension()];
    box.decode(new double[] {0.25, 0.5, 0.5}, values);
    assertThat(values[0]).isCloseTo(0.6, within(1e-15));
    assertThat(values[1]).isCloseTo(0.1, within(1e-15));
    assertThat(values[2]).isEqualTo(3);
    box.decode(new double[] {0, 0, 0}, values);
    assertThat(values).containsExactly(0.5, 1e-3, 1);
    box.decode(new double[] {1, 1, 1}, values);
    assertThat(values).containsExactly(0.9, 10, 4);
  }

  @Test
  void allFaultsAreNamedAtOnce() {
    assertThatThrownBy(
            () ->
                new SearchBox(
                    List.of(
                        new Parameter("rate", 0, 1, Scale.LOGARITHMIC),
                        new Parameter("rate", 2, 1, Scale.LINEAR),
                        new Parameter("size", 1, 2.5, Scale.INTEGER))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "'rate' = [0.0, 1.0]; must lie above 0 because its scale is logarithmic",
            "'rate' = [2.0, 1.0]; must be finite and ascending",
            "'rate' is given twice",
            "'size' = [1.0, 2.5]; must have whole numbers as ends");
    assertThatThrownBy(() -> new SearchBox(List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no parameters");
  }
}

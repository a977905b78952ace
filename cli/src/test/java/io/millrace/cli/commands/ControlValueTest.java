package io.millrace.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ControlValueTest {
  @Test
  void aWordGoesByItsPlaceAndANumberAsItIs() {
    assertThat(ControlValue.of("schedule", "power")).isZero();
    assertThat(ControlValue.of("online.schedule", "exponential")).isEqualTo(2);
    assertThat(ControlValue.of("codes", "multiplicative")).isEqualTo(1);
    assertThat(ControlValue.of("lambda", "0.05")).isEqualTo(0.05);
  }

  @Test
  void whatIsNeitherIsRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> ControlValue.of("schedule", "never"))
        .hasMessage("set: schedule = 'never'; must be one of [power, minibatch, exponential, sum]");
    assertThatThrownBy(() -> ControlValue.of("lambda", "little"))
        .hasMessage("set: lambda = 'little'; must be a number");
  }
}

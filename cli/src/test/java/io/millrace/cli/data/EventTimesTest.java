package io.millrace.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTimesTest {
  @ParameterizedTest
  @CsvSource({
    "1700000000123, 1700000000123",
    "1000, 1000",
    "1.7e12, 1700000000000",
    "2023-11-14T22:13:20Z, 1700000000000",
    "2023-11-14 22:13:20, 1700000000000",
    "2023-11-14T22:13:20.1239+01:00, 1699996400123",
    "1970-01-02, 86400000"
  })
  void timesThatSayWhatTheyAreAreTaken(String text, long millis) {
    assertThat(new EventTimes(null).parse(text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({
    "0, an event whose time is 0 has none",
    "1970-01-01, an event whose time is 0 has none",
    "1969-12-31, from 1970 to 9999",
    "-5, from 1970 to 9999",
    "1700000000000000, from 1970 to 9999",
    "1700000000000000000, from 1970 to 9999",
    "1700000000, 'as milliseconds it would be 1970-01-20T16:13:20Z, as seconds 2023-11-14T22:13:20Z'",
    "20231114, write a date as 2023-11-14",
    "45244.5, expected whole milliseconds",
    "soon, expected an ISO 8601 time",
    "14.11.2023, expected an ISO 8601 time"
  })
  void timesThatTheJobWouldRefuseOrTakeForOthersAreFaults(String text, String message) {
    assertThatThrownBy(() -> new EventTimes(null).parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "s, 1700000000, 1700000000000",
    "s, 1700000000.25, 1700000000250",
    "us, 1700000000000999, 1700000000000",
    "ns, 1700000000000000000, 1700000000000",
    "ms, 1700000000, 1700000000",
    "ms, 20231114, 20231114"
  })
  void theUnitCanBeNamed(String unit, String text, long millis) {
    assertThat(new EventTimes(unit).parse(text)).isEqualTo(millis);
  }

  @Test
  void lessThanAMillisecondIsNoTime() {
    assertThatThrownBy(() -> new EventTimes("us").parse("999"))
        .hasMessageContaining("at least 1 ms");
  }
}

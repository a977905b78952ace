package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountTest {
  @Test
  void oneThingHasNoPlural() {
    assertThat(Count.of(1, "key")).isEqualTo("1 key");
    assertThat(Count.of(0, "key")).isEqualTo("0 keys");
    assertThat(Count.of(1_234, "key")).isEqualTo("1,234 keys");
    assertThat(Count.of(1, "dictionary")).isEqualTo("1 dictionary");
    assertThat(Count.of(2, "dictionary")).isEqualTo("2 dictionaries");
    assertThat(Count.of(3, "patch")).isEqualTo("3 patches");
  }
}

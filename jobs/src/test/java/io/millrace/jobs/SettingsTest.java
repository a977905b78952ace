package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void everyDefaultIsAllowed() {
    for (Setting<?> s : Settings.all()) {
      if (s.defaultText() != null && !s.defaultText().isEmpty()) {
        Object value = s.parser().apply(s.defaultText());
        assertThat(value != null || s.defaultText().equals("none")).as(s.key()).isTrue();
      }
    }
  }
}

package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void everyDefaultIsAllowed() {
    List<Setting<?>> all = new ArrayList<>(Settings.table().all());
    for (JobFamily family : JobFamily.ALL) {
      family.tables().forEach(table -> all.addAll(table.all()));
    }
    for (Setting<?> s : all) {
      if (s.defaultText() != null && !s.defaultText().isEmpty()) {
        Object value = s.parser().apply(s.defaultText());
        assertThat(value != null || s.defaultText().equals("none")).as(s.key()).isTrue();
      }
    }
  }
}

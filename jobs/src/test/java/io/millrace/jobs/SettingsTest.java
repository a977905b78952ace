package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");

  /** With the environment variable MILLRACE_UPDATE_DOCS set, the page is written first. */
  @Test
  void theDocumentationIsThatOfTheTable() throws IOException {
    if (System.getenv("MILLRACE_UPDATE_DOCS") != null) {
      Files.writeString(PAGE, Settings.markdown());
    }
    assertThat(Files.readString(PAGE)).isEqualTo(Settings.markdown());
  }

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

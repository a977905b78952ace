package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {
  @TempDir Path dir;

  private String read(String text, Charset charset) throws IOException {
    return TextFiles.read(Files.write(dir.resolve("text"), text.getBytes(charset)));
  }

  @Test
  void aMarkInFrontIsNoContent() throws IOException {
    assertThat(read("\uFEFFä", StandardCharsets.UTF_8)).isEqualTo("ä");
    assertThat(read("ä\uFEFF", StandardCharsets.UTF_8)).isEqualTo("ä\uFEFF");
    assertThat(read("", StandardCharsets.UTF_8)).isEmpty();
    assertThat(read("a", StandardCharsets.UTF_8)).isEqualTo("a");
    assertThat(read("\uFEFF", StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void otherEncodingsAreRefused() {
    assertThatThrownBy(() -> read("\uFEFFab", StandardCharsets.UTF_16BE))
        .hasMessageContaining("UTF-16; save it as UTF-8");
    assertThatThrownBy(() -> read("\uFEFFab", StandardCharsets.UTF_16LE))
        .hasMessageContaining("UTF-16; save it as UTF-8");
    assertThatThrownBy(() -> read("grün", StandardCharsets.ISO_8859_1))
        .satisfies(
            e -> assertThat(TextFiles.why((IOException) e)).isEqualTo("its bytes are not UTF-8"));
  }

  @Test
  void whatIsWrongWithAFileIsSaidInWords() {
    assertThatThrownBy(() -> TextFiles.read(dir.resolve("absent")))
        .satisfies(
            e -> assertThat(TextFiles.why((IOException) e)).isEqualTo("no such file or folder"));
  }
}

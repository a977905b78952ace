package io.millrace.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.dictionary.BundledPatches;
import io.millrace.golden.Golden;
import io.millrace.golden.GoldenResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled patches are what they are said to be. */
class BundledPatchesTest {
  @TempDir Path dir;

  @Test
  void areCheckedAsGoldenFilesAre() throws IOException {
    GoldenResult result = Golden.check(copy(""));
    assertThat(result.status()).as(result.reason()).isEqualTo(GoldenResult.Status.PASS);
    assertThat(result.cases()).isEqualTo(16_384 + 1_024);
  }

  @Test
  void aMissingPatchIsAFault() throws IOException {
    GoldenResult result = Golden.check(copy("\"n_test\": 1023"));
    assertThat(result.status()).isEqualTo(GoldenResult.Status.FAIL);
    assertThat(result.reason()).contains("test_b64").contains("1023");
  }

  /** The bundled file, its number of test patches replaced unless {@code count} is empty. */
  private Path copy(String count) throws IOException {
    try (InputStream in = BundledPatches.class.getResourceAsStream(BundledPatches.RESOURCE)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String changed = count.isEmpty() ? text : text.replaceFirst("\"n_test\": *1024", count);
      return Files.writeString(dir.resolve("patches.json"), changed);
    }
  }
}

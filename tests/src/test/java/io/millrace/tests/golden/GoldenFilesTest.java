package io.millrace.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.golden.Golden;
import io.millrace.golden.GoldenResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden file among the resources agrees with the production classes. */
class GoldenFilesTest {
  static List<Path> files() {
    return GoldenFiles.all();
  }

  @ParameterizedTest
  @MethodSource("files")
  void agreesWithTheProductionClasses(Path file) {
    GoldenResult result = Golden.check(file);
    assertThat(result.status()).as(result.reason()).isEqualTo(GoldenResult.Status.PASS);
    assertThat(result.largestError().getAsDouble())
        .isLessThanOrEqualTo(result.tolerance().getAsDouble());
  }
}

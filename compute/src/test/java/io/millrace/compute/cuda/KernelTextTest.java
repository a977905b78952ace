package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The kept kernels are what their sources compile to, without spills, where the compiler is. */
class KernelTextTest {
  @Test
  void keptTextsAreWhatTheirSourcesCompileTo() throws IOException, InterruptedException {
    Process check =
        new ProcessBuilder("../scripts/kernels", "check").redirectErrorStream(true).start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = check.waitFor();
    if (code == 3) {
      System.err.println("skipped: " + said.strip());
    }
    assumeTrue(code != 3, said);
    assertThat(code).as(said).isZero();
  }
}

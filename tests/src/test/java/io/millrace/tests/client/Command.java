package io.millrace.tests.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs of the system. */
final class Command {
  static final String PYTHON = "/usr/bin/python3";

  private Command() {}

  /** Runs a command to its end and gives what it prints. */
  static byte[] run(List<String> command) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("command", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("PYTHONUTF8", "1");
    Process process = builder.start();
    byte[] out = process.getInputStream().readAllBytes();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    String said = Files.readString(errors);
    Files.delete(errors);
    assertThat(ended && process.exitValue() == 0).as(command + ": " + said).isTrue();
    return out;
  }

  /**
   * Skips the test where a tool is absent; fails it with {@code -Dmillrace.tools.required=true}.
   *
   * @param probe succeeds where the tool is there
   */
  static void needs(String packages, String... probe) throws IOException, InterruptedException {
    boolean there =
        Files.isExecutable(Path.of(probe[0]))
            && new ProcessBuilder(probe)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor()
                == 0;
    if (Boolean.getBoolean("millrace.tools.required")) {
      assertThat(there).as(packages + ", because millrace.tools.required").isTrue();
    }
    Assumptions.assumeTrue(there, "skipped: needs Debian's " + packages);
  }
}

package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The device whose kernels run on the CPU, in the place of the driver's library. A test without g++
 * is skipped with a line, and fails where the tools must be there.
 */
final class EmulatedDevice {
  private static NativeLibrary library;

  private EmulatedDevice() {}

  /** Builds it if it has not been built by this process, and loads it. */
  static synchronized void load() throws IOException, InterruptedException {
    if (library == null) {
      Path path = Path.of("target", "emulator", "libcudaemu.so").toAbsolutePath();
      Process build =
          new ProcessBuilder("../scripts/emulator", "build", path.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = build.waitFor();
      if (code == 3) {
        assertThat(Boolean.getBoolean("millrace.tools.required")).as(said).isFalse();
        System.err.println("skipped: " + said.strip());
      }
      assumeTrue(code != 3, said);
      assertThat(code).as(said).isZero();
      System.setProperty("millrace.cuda.library", path.toString());
      library = NativeLibrary.getInstance(path.toString());
    }
    reset();
  }

  /** As new. */
  static void reset() {
    call("Reset");
  }

  /** Calls a function of the emulator's own. */
  static long call(String function, Object... arguments) {
    return library.getFunction("emu" + function).invokeLong(arguments);
  }
}

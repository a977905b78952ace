package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The emulated device: the kernels' sources and the driver's functions in one library, built by
 * {@code scripts/emulator} when it is first asked for. A test without g++ is skipped with a line,
 * and fails where the tools must be there.
 */
public interface Emulator extends Library {
  void emuReset();

  void emuSetOrder(int order);

  void emuSetBudget(long bytes);

  void emuSetPins(int whether);

  void emuLoseAfter(int launches);

  String emuMessage();

  long emuBytesInUse();

  long emuLaunches();

  /** Loads it in place of the driver. */
  static Emulator load() {
    return Loaded.get();
  }

  /** Made once for the process. */
  final class Loaded {
    private static Emulator emulator;
    private static String missing;

    private Loaded() {}

    static synchronized Emulator get() {
      if (emulator == null && missing == null) {
        start();
      }
      if (missing != null) {
        assertThat(Boolean.getBoolean("millrace.tools.required")).as(missing).isFalse();
        System.err.println("skipped: " + missing);
        assumeTrue(false, missing);
      }
      emulator.emuReset();
      return emulator;
    }

    private static void start() {
      // Built beforehand, with a sanitizer, where a lane says so.
      String path = System.getProperty("millrace.cuda.emulator");
      if (path == null) {
        Path library = Path.of("target", "emulator", "libcudaemu.so").toAbsolutePath();
        missing = build(library);
        path = library.toString();
      }
      if (missing == null) {
        System.setProperty(Driver.LIBRARY, path);
        emulator = Native.load(path, Emulator.class);
      }
    }

    private static String build(Path library) {
      try {
        Process build =
            new ProcessBuilder("../scripts/emulator", "build", library.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = build.waitFor();
        if (code == 3) {
          return said.strip();
        }
        assertThat(code).as(said).isZero();
        return null;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}

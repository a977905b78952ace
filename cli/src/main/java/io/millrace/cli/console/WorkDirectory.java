package io.millrace.cli.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * The directory a run writes to: log file, broker data, checkpoints. {@code work/COMMAND-TIME}
 * under the installation, unless {@code --work-dir} says otherwise.
 */
public final class WorkDirectory {
  /** System property the logging configuration reads the log file's path from. */
  private static final String LOG_PROPERTY = "millrace.log";

  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private WorkDirectory() {}

  /**
   * Makes the directory of a run and sends the log there.
   *
   * @param asked the user's choice, or null
   */
  public static Path open(String command, Path asked) {
    Path dir =
        asked != null
            ? asked.toAbsolutePath()
            : home().resolve("work").resolve(command + "-" + STAMP.format(LocalDateTime.now()));
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw new UncheckedIOException("--work-dir: cannot create " + dir, e);
    }
    System.setProperty(LOG_PROPERTY, dir.resolve("millrace.log").toString());
    Configurator.reconfigure(); // classes loaded on the way here may have logged already
    return dir;
  }

  /** Root of the installation; the current directory where the launcher did not name it. */
  public static Path home() {
    return Path.of(System.getProperty("millrace.home", "")).toAbsolutePath();
  }

  /** Where to read more, for the end of a line; empty where no log was opened. */
  public static String logHint() {
    String log = System.getProperty(LOG_PROPERTY);
    return log == null ? "" : "; the log is " + log;
  }
}

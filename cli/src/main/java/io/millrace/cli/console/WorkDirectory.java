package io.millrace.cli.console;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * The directory a run writes to: log file, broker data, checkpoints. {@code work/COMMAND-TIME}
 * under the installation, unless {@code --work-dir} says otherwise.
 *
 * <p>Of those under the installation the newest {@value #KEPT} of a command stay. An older one is
 * removed, and that is said, unless a process still works in it or it holds a checkpoint of a job
 * on a Kafka that goes on without it.
 */
public final class WorkDirectory {
  static final int KEPT = 10;

  /** System property the logging configuration reads the log file's path from. */
  private static final String LOG_PROPERTY = "millrace.log";

  private static final String LOCK = ".in-use";

  /** Kept until the process ends: a channel that nobody knows is closed, and its lock is gone. */
  private static final List<FileLock> HELD = new CopyOnWriteArrayList<>();

  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private WorkDirectory() {}

  /**
   * Makes the directory of a run and sends the log there.
   *
   * @param asked the user's choice, or null
   * @param output is told what was removed
   */
  public static Path open(String command, Path asked, Output output) {
    Path dir;
    try {
      if (asked != null) {
        dir = Files.createDirectories(asked.toAbsolutePath());
      } else {
        Path work = Files.createDirectories(home().resolve("work"));
        dir = fresh(work, command + "-" + STAMP.format(LocalDateTime.now()));
        occupy(dir);
        prune(work, command, output);
      }
    } catch (IOException e) {
      throw new CommandFailed("--work-dir: cannot be made: " + Causes.of(e), e);
    }
    System.setProperty(LOG_PROPERTY, dir.resolve("millrace.log").toString());
    Configurator.reconfigure(); // classes loaded on the way here may have logged already
    return dir;
  }

  /** A directory that was not there, also when two commands begin in one second. */
  static Path fresh(Path work, String name) throws IOException {
    for (int i = 1; ; i++) {
      try {
        return Files.createDirectory(work.resolve(i == 1 ? name : name + "-" + i));
      } catch (FileAlreadyExistsException e) {
        if (i == 1000) {
          throw e;
        }
      }
    }
  }

  /** The lock goes with the process, however it ends. */
  private static void occupy(Path dir) throws IOException {
    FileChannel channel =
        FileChannel.open(dir.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      throw new IOException(dir + " is new and in use");
    }
    HELD.add(lock);
  }

  /** Removes the oldest directories of a command, but for the newest. */
  static void prune(Path work, String command, Output output) throws IOException {
    List<Path> removed = new ArrayList<>();
    for (Path old : older(work, command)) {
      if (!inUse(old) && !holdsCheckpoint(old)) {
        remove(old);
        removed.add(old.getFileName());
      }
    }
    if (!removed.isEmpty()) {
      output.note(
          "removed %s from %s, where the newest %d of a command stay; --work-dir keeps one for good",
          removed, work, KEPT);
    }
  }

  private static List<Path> older(Path work, String command) throws IOException {
    try (Stream<Path> all = Files.list(work)) {
      List<Path> newestFirst =
          all.filter(p -> p.getFileName().toString().matches(command + "-\\d{8}-\\d{6}(-\\d+)?"))
              .sorted(Comparator.reverseOrder())
              .toList();
      return newestFirst.subList(Math.min(KEPT, newestFirst.size()), newestFirst.size());
    }
  }

  private static boolean inUse(Path dir) throws IOException {
    if (!Files.exists(dir.resolve(LOCK))) {
      return false; // of a release that made none, or of a command that ended while it was made
    }
    try (FileChannel channel = FileChannel.open(dir.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true; // by this very process
    }
  }

  /** A broker of its own is gone with its process, and what it held is of no use to go on from. */
  private static boolean holdsCheckpoint(Path dir) throws IOException {
    if (Files.exists(dir.resolve("broker"))) {
      return false;
    }
    try (Stream<Path> all = Files.walk(dir)) {
      return all.anyMatch(p -> p.getFileName().toString().equals("_metadata"));
    }
  }

  private static void remove(Path dir) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(dir)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path p : deepestFirst) {
      Files.deleteIfExists(p);
    }
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

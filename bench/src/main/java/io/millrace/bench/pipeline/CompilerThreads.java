package io.millrace.bench.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * CPU time of the just-in-time compiler's threads, which Java does not tell: from Linux's {@code
 * /proc}. A job of some seconds spends much of its CPU there, a job of some hours next to nothing.
 */
final class CompilerThreads {
  private static final Path TASKS = Path.of("/proc/self/task");

  private CompilerThreads() {}

  /** Nanoseconds so far; 0 where this is not Linux. */
  static long cpuNanos() {
    if (!Files.isDirectory(TASKS)) {
      return 0;
    }
    long sum = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        sum += cpuNanos(task);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(TASKS.toString(), e);
    }
    return sum;
  }

  private static long cpuNanos(Path task) throws IOException {
    try {
      String name = Files.readString(task.resolve("comm"));
      if (!name.startsWith("C1 Compiler") && !name.startsWith("C2 Compiler")) {
        return 0;
      }
      String stat = Files.readString(task.resolve("schedstat"));
      return Long.parseLong(stat.substring(0, stat.indexOf(' ')));
    } catch (NoSuchFileException e) {
      return 0; // the thread ended while we looked
    }
  }
}

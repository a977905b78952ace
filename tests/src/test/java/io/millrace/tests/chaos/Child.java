package io.millrace.tests.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Java process that dies with this one. A shell stands between: it sends {@code kill -9} as soon
 * as its standard input ends, which it does when {@link #kill} closes it and when this JVM ends,
 * however it ends.
 */
final class Child implements AutoCloseable {
  private static final String GUARD =
      """
      exec 3<&0
      "$@" </dev/null 3<&- &
      child=$!
      (read -r _ <&3; kill -9 "$child") 2>/dev/null &
      watch=$!
      wait "$child"
      code=$?
      kill "$watch" 2>/dev/null
      exit "$code"
      """;
  private static final Duration END_LIMIT = Duration.ofSeconds(20);
  private static final int KILLED = 128 + 9;

  private final String name;
  private final Path log;
  private final Process guard;

  private Child(String name, Path log, Process guard) {
    this.name = name;
    this.log = log;
    this.guard = guard;
  }

  /**
   * Starts a JVM of this Java.
   *
   * @param arguments of {@code java}: options, main class, its arguments
   */
  static Child java(
      String name, Path directory, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", GUARD, name));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    Path log = directory.resolve(name + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return new Child(name, log, builder.start());
  }

  boolean running() {
    return guard.isAlive();
  }

  /** Kills it as {@code kill -9} does, and waits until it is gone. */
  void kill() {
    if (!running()) {
      throw new IllegalStateException(name + " has ended before; its output: " + tail());
    }
    int code = end();
    if (code != KILLED) {
      throw new IllegalStateException(
          name + " ended with code " + code + " on its own; its output: " + tail());
    }
  }

  /** Waits for its own end and gives its exit code. */
  int await(Duration limit) {
    try {
      if (!guard.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not end within " + limit + "; output: " + tail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " was to end", e);
    }
    return guard.exitValue();
  }

  @Override
  public void close() {
    if (running()) {
      end();
    }
  }

  private int end() {
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": cannot end its input", e);
    }
    return await(END_LIMIT);
  }

  /** The last lines of its output. */
  String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return log
          + "\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return log + " cannot be read: " + e;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

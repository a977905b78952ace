package io.millrace.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A peer in a Python process of its own, on one thread, that works when told to, so that its passes
 * take turns with the others'. Its script says "ready VERSION", then answers every line by one.
 */
public final class PythonPeer implements AutoCloseable {
  private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

  private final Process process;
  private final BufferedReader replies;
  private final String version;
  private final Path log;

  private PythonPeer(Process process, BufferedReader replies, String version, Path log) {
    this.process = process;
    this.replies = replies;
    this.version = version;
    this.log = log;
  }

  /**
   * Starts a script.
   *
   * @param owner class whose package the script is a resource of
   * @return null where no Python with what the script imports is there
   */
  public static PythonPeer start(
      Class<?> owner, String script, Path workDir, List<String> arguments) throws IOException {
    Path copy = workDir.resolve(script);
    try (InputStream in = owner.getResourceAsStream(script)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    Path log = workDir.resolve(script + ".log");
    for (String python : PYTHONS) {
      List<String> command = new ArrayList<>(List.of(python, copy.toString()));
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("OMP_NUM_THREADS", "1");
      builder.environment().put("OPENBLAS_NUM_THREADS", "1");
      builder.redirectError(log.toFile());
      Process process;
      try {
        process = builder.start();
      } catch (IOException e) {
        continue; // this Python is not installed: the next one, or the peer is skipped with a line
      }
      BufferedReader replies = process.inputReader(StandardCharsets.UTF_8);
      String ready = replies.readLine();
      if (ready != null && ready.startsWith("ready ")) {
        return new PythonPeer(process, replies, ready.substring(6), log);
      }
      process.destroy();
    }
    return null;
  }

  /** Of the library that is measured. */
  public String version() {
    return version;
  }

  /** Lets it work once; the words of its reply. */
  public String[] ask() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    String reply = replies.readLine();
    if (reply == null) {
      throw new IOException("the Python peer ended; see " + log);
    }
    return reply.split(" ");
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
  }
}

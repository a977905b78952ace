package io.millrace.cli.console;

import io.millrace.core.ConfigException;
import io.millrace.core.TextFiles;
import io.millrace.core.state.StateException;
import java.io.FileNotFoundException;
import java.nio.file.FileSystemException;

/** Says in a sentence for people why something failed, where Java has a chain of exceptions. */
public final class Causes {
  private Causes() {}

  /**
   * The innermost cause that says something.
   *
   * @return one line, without the names of packages
   */
  public static String of(Throwable failure) {
    Throwable said = failure;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof ConfigException
          || t instanceof StateException
          || t instanceof CommandFailed) {
        return line(t.getMessage());
      }
      if (t.getMessage() != null && !t.getMessage().isBlank() || said.getMessage() == null) {
        said = t;
      }
    }
    return sentence(said);
  }

  private static String sentence(Throwable t) {
    String message = t.getMessage() == null ? "" : line(t.getMessage());
    if (t instanceof FileSystemException f && f.getFile() != null) {
      return "'" + f.getFile() + "': " + line(TextFiles.why(f));
    }
    if (t instanceof FileNotFoundException) {
      return message;
    }
    // Flink carries failures as text that begins with the name of their class.
    String text = message.replaceAll("\\b(?:[a-z][a-z0-9_]*\\.){2,}(?=[A-Z])", "");
    String kind = t.getClass().getSimpleName();
    return text.isEmpty()
        ? kind
        : text.startsWith(kind) || unnamed(kind) ? text : kind + ": " + text;
  }

  /** Classes whose names say nothing beside their message. */
  private static boolean unnamed(String kind) {
    return kind.equals("SerializedThrowable")
        || kind.equals("RuntimeException")
        || kind.equals("IOException")
        || kind.equals("Exception");
  }

  private static String line(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}

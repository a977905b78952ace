package io.millrace.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs command lines in this JVM and keeps all that they print. */
public final class Cli {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Runs a line of {@code millrace}; its exit code. */
  public int run(String... args) {
    return run(Millrace.commandLine(), args);
  }

  /** Runs a line under a parser that knows more commands; its exit code. */
  int run(CommandLine parser, String... args) {
    return parser.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
  }

  /** Standard output of all lines. */
  public String out() {
    return out.toString();
  }

  /** Standard error of all lines. */
  public String err() {
    return err.toString();
  }
}

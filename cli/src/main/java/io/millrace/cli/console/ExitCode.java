package io.millrace.cli.console;

/** Exit codes of every command. */
public final class ExitCode {
  /** Success. */
  public static final int OK = 0;

  /** The command was understood and did not succeed. */
  public static final int FAILURE = 1;

  /** The command line was not understood. */
  public static final int USAGE = 2;

  private ExitCode() {}
}

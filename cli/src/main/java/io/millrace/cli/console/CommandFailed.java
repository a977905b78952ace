package io.millrace.cli.console;

/** A command could not do what was asked, for a reason its user can act on; printed as one line. */
public final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message has the form "where: what is, what is allowed; what to do". */
  public CommandFailed(String message) {
    super(message);
  }

  /** As above, with what brought it about. */
  public CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.millrace.cli.tune;

/** A decision of a log that cannot be used: what is, and what is allowed. */
final class BadDecision extends Exception {
  private static final long serialVersionUID = 1;

  BadDecision(String message) {
    super(message);
  }

  /** Refuses a decision that something is wrong with. */
  static void refuse(String fault) throws BadDecision {
    if (fault != null) {
      throw new BadDecision(fault);
    }
  }
}

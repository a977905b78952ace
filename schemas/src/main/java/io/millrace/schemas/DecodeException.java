package io.millrace.schemas;

/** Bytes that are not the record they should be. Carries the reason code for the dead letter. */
public final class DecodeException extends Exception {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Bytes that cannot be used, for a reason. */
  public DecodeException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** As above, with what brought it about. */
  public DecodeException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Code for a dead letter. */
  public Reason reason() {
    return reason;
  }
}

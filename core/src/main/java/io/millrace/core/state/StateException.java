package io.millrace.core.state;

/**
 * State or a snapshot that this build cannot use. The message names what was found and what is
 * supported.
 */
public final class StateException extends RuntimeException {
  public StateException(String message) {
    super(message);
  }

  public StateException(String message, Throwable cause) {
    super(message, cause);
  }
}

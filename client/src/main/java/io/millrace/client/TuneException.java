package io.millrace.client;

/** A tuner could not be asked, or has not answered. */
public final class TuneException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TuneException(String message, Throwable cause) {
    super(message, cause);
  }
}

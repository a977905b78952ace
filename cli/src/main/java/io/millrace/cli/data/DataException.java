package io.millrace.cli.data;

import java.io.IOException;

/** A data file that cannot be used as asked; the message names file, row and what is allowed. */
public final class DataException extends IOException {
  private static final long serialVersionUID = 1;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}

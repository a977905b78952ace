package io.millrace.client;

/** The models topic cannot be followed any longer. */
public final class ModelStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ModelStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}

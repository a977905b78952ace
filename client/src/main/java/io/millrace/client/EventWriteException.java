package io.millrace.client;

/** Records that Kafka did not take; the first cause is given. */
public final class EventWriteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long records;

  EventWriteException(long records, String message, Throwable cause) {
    super(message, cause);
    this.records = records;
  }

  /** How many records were not written since the last report. */
  public long records() {
    return records;
  }
}

package io.millrace.operators.ingress;

import io.millrace.schemas.Reason;

/** Which event times are taken. */
final class EventTimes {
  /** End of the year 9999. What is beyond is another unit, and would end all waiting in a key. */
  static final long MAX_MILLIS = 253_402_300_799_999L;

  private EventTimes() {}

  /**
   * Event time of an event.
   *
   * @param own as the event says, 0: it does not
   * @param timestamp of the Kafka record, negative: none
   * @return in [0, {@value #MAX_MILLIS}]; 0 after a fault
   */
  static long resolve(long own, long timestamp, Fault fault) {
    if (own == 0) {
      return timestamp < 0 || timestamp > MAX_MILLIS ? 0 : timestamp;
    }
    if (own < 0 || own > MAX_MILLIS) {
      fault.set(
          Reason.BAD_EVENT_TIME,
          "eventTime = "
              + own
              + "; must be milliseconds since the epoch, at most "
              + MAX_MILLIS
              + ", or 0 for the record's timestamp");
      return 0;
    }
    return own;
  }
}

package io.millrace.operators.ingress;

import io.millrace.schemas.Reason;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/**
 * Which event times are taken: the one clock of all readers. An event says its time itself, or has
 * that of its Kafka record. A time far beyond the record's timestamp is a fault, because it would
 * move the clock of its key to where no later event reaches. Immutable.
 */
public final class EventTimes implements Serializable {
  private static final long serialVersionUID = 1;

  /** End of the year 9999. What is beyond is another unit. */
  static final long MAX_MILLIS = 253_402_300_799_999L;

  /** No time at all. */
  static final long NONE = Long.MIN_VALUE;

  private final Duration ahead;
  private final long aheadMillis;

  /**
   * Times within a bound.
   *
   * @param ahead how far an event's own time may lie beyond its record's timestamp; null: anywhere
   */
  public EventTimes(Duration ahead) {
    this.ahead = ahead;
    this.aheadMillis = ahead == null ? MAX_MILLIS : ahead.toMillis();
  }

  /** The bound; null: there is none. */
  public Duration ahead() {
    return ahead;
  }

  /**
   * Event time of an event.
   *
   * @param own as the event says, 0: it does not
   * @param timestamp of the Kafka record, milliseconds since the epoch; negative: it has none, and
   *     an event without a time of its own is of 1970
   * @return in [0, {@value #MAX_MILLIS}]; 0 after a fault
   */
  long resolve(long own, long timestamp, Fault fault) {
    long time = time(own, timestamp);
    if (time != NONE) {
      return time;
    }
    fault.set(Reason.BAD_EVENT_TIME, message(own, timestamp));
    return 0;
  }

  /** The same where nobody asks for the reason; {@link #NONE} after a fault. */
  long time(long own, long timestamp) {
    if (own == 0) {
      return timestamp < 0 ? 0 : timestamp <= MAX_MILLIS ? timestamp : NONE;
    }
    boolean taken =
        own > 0 && own <= MAX_MILLIS && (timestamp < 0 || own - aheadMillis <= timestamp);
    return taken ? own : NONE;
  }

  private String message(long own, long timestamp) {
    if (own == 0) {
      return "the record's timestamp = "
          + timestamp
          + "; must be milliseconds since the epoch, at most "
          + MAX_MILLIS;
    }
    if (own < 0 || own > MAX_MILLIS) {
      return "eventTime = "
          + own
          + "; must be milliseconds since the epoch, at most "
          + MAX_MILLIS
          + ", or 0 for the record's timestamp";
    }
    return "eventTime = "
        + own
        + " ("
        + Instant.ofEpochMilli(own)
        + "), the record's timestamp is "
        + timestamp
        + " ("
        + Instant.ofEpochMilli(timestamp)
        + "); must be at most "
        + ahead
        + " later (event-time.ahead)";
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof EventTimes other && other.aheadMillis == aheadMillis;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(aheadMillis);
  }

  @Override
  public String toString() {
    return "EventTimes[ahead=" + ahead + "]";
  }
}

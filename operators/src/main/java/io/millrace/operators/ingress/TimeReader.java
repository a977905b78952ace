package io.millrace.operators.ingress;

import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.SingleObject;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Reads when an event was, and nothing else of its body. Total: no bytes make it throw. One per
 * subtask, not thread-safe.
 */
public final class TimeReader {
  /** There is no time that counts. */
  public static final long NONE = EventTimes.NONE;

  private final EventTimes times;
  private final SingleObject schemas = SingleObject.standard();
  private final EventKind[] kinds = new EventKind[EventKind.LAST_CODE + 2];
  private final long[] current = new long[kinds.length];
  private final AvroCursor cursor = new AvroCursor();

  /**
   * A reader.
   *
   * @param kinds of events that may come
   * @param times which event times are taken
   */
  public TimeReader(List<EventKind> kinds, EventTimes times) {
    this.times = times;
    for (EventKind kind : kinds) {
      this.kinds[kind.code()] = kind;
      current[kind.code()] = kind.fingerprint();
    }
  }

  /**
   * The event's time, of a batch its first item's, in milliseconds since the epoch. {@link #NONE}
   * where the kind has no time, or the event is going to be refused for it.
   */
  public long read(RoutedEvent event) {
    EventKind kind = kinds[event.kind];
    if (kind == null || kind.timeAt().length == 0) {
      return NONE;
    }
    byte[] body = event.value;
    if (SingleObject.fingerprint(body) != current[event.kind]) {
      try {
        body = SingleObject.encode(schemas.decode(body));
      } catch (DecodeException e) {
        return NONE; // the stage says why
      }
    }
    AvroCursor c = cursor.reset(body, SingleObject.HEADER_BYTES, body.length);
    Schema at = kind.schema();
    for (int position : kind.timeAt()) {
      for (int f = 0; f < position; f++) {
        skip(c, at.getFields().get(f).schema());
      }
      at = at.getFields().get(position).schema();
      if (at.getType() == Schema.Type.ARRAY) {
        at = at.getElementType();
        if (c.readBlock(1) == 0) {
          return NONE;
        }
      }
    }
    long own = c.readLong();
    return c.failed() ? NONE : times.time(own, event.timestamp);
  }

  private static void skip(AvroCursor c, Schema field) {
    if (field.getType() == Schema.Type.STRING) {
      c.readSlice(); // whoever uses the text checks it
    } else {
      c.skip(field);
    }
  }
}

package io.millrace.operators.ingress;

import io.millrace.core.features.InputSpec;
import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Label;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.StrictUtf8;
import java.util.List;

/**
 * Reads Label bodies. Total like {@link ExampleReader}: no bytes make it throw. A label of the
 * current schema allocates its id and nothing else. One per subtask, not thread-safe.
 */
public final class LabelReader {
  private static final long LABEL = SingleObject.fingerprint(RecordKind.LABEL);

  private final SingleObject schemas;
  private final List<String> topics;
  private final int maxIdBytes;
  private final EventTimes times;
  private final LabelRule labels;
  private final Fault fault;
  private final AvroCursor cursor = new AvroCursor();
  private String id = "";
  private long eventTime;
  private double label;
  private double weight;

  /**
   * A reader over the standard schemas.
   *
   * @param topics names of the job's input topics, for messages
   * @param maxIdBytes longest id in UTF-8
   * @param times which event times are taken
   */
  public LabelReader(InputSpec spec, List<String> topics, int maxIdBytes, EventTimes times) {
    this(spec, topics, maxIdBytes, times, SingleObject.standard());
  }

  /** A reader over other schemas. */
  public LabelReader(
      InputSpec spec, List<String> topics, int maxIdBytes, EventTimes times, SingleObject schemas) {
    this.topics = List.copyOf(topics);
    this.maxIdBytes = maxIdBytes;
    this.times = times;
    this.schemas = schemas;
    labels = new LabelRule(spec);
    fault = new Fault();
  }

  /** Reads an event of kind LABEL; false: {@link #reason()} and {@link #message()} say why. */
  public boolean read(RoutedEvent event) {
    fault.at(topics.get(event.topic), event.partition, event.offset, -1);
    id = "";
    eventTime = 0;
    label = Double.NaN;
    weight = Double.NaN;
    byte[] body = event.value;
    boolean current =
        body != null && SingleObject.hasHeader(body) && SingleObject.fingerprint(body) == LABEL;
    if (!current) {
      try {
        body = SingleObject.encode(schemas.decode(Label.class, body));
      } catch (DecodeException e) {
        fault.set(e.reason(), e.getMessage());
        return false;
      }
    }
    fields(body, event.timestamp);
    return fault.none();
  }

  private void fields(byte[] body, long timestamp) {
    AvroCursor c = cursor.reset(body, SingleObject.HEADER_BYTES, body.length);
    c.readSlice(); // the key, which the router has checked
    int idLength = c.readSlice();
    int idOffset = c.sliceOffset();
    long own = c.readLong();
    boolean named = c.readIndex(2) == 1;
    double number = named ? 0 : c.readDouble();
    int nameLength = named ? c.readSlice() : 0;
    int nameOffset = c.sliceOffset();
    boolean weighted = c.readIndex(2) == 1;
    double w = weighted ? c.readDouble() : Double.NaN;
    if (c.failed() || c.remaining() > 0) {
      unreadable(body);
      return;
    }
    String text = StrictUtf8.decode(body, idOffset, idLength);
    if (text == null) {
      fault.set(
          Reason.MALFORMED,
          "id is '" + LabelRule.shown(body, idOffset, idLength) + "', must be UTF-8");
    } else if (text.isEmpty()) {
      fault.set(Reason.MISSING_ID, "id is empty, must be the id of an example");
    } else if (idLength > maxIdBytes) {
      fault.set(
          Reason.ID_TOO_LONG, "id has " + idLength + " bytes, limits.id-bytes is " + maxIdBytes);
    } else {
      id = text;
    }
    eventTime = times.resolve(own, timestamp, fault);
    label = named ? labels.name(body, nameOffset, nameLength, fault) : labels.number(number, fault);
    if (weighted && !(w >= 0 && w <= Double.MAX_VALUE)) {
      fault.set(Reason.BAD_WEIGHT, "weight is " + w + ", must be finite and at least 0");
    } else {
      weight = w;
    }
  }

  private void unreadable(byte[] body) {
    try {
      schemas.decode(body);
      fault.set(Reason.MALFORMED, "bytes do not make a Label");
    } catch (DecodeException e) {
      fault.set(e.reason(), e.getMessage());
    }
  }

  /** Id of the example; empty only after a fault. */
  public String id() {
    return id;
  }

  /** Milliseconds since the epoch: the event's own, else the Kafka record's, else 0. */
  public long eventTime() {
    return eventTime;
  }

  /** Target, or class index. */
  public double label() {
    return label;
  }

  /** Weight in place of the example's; NaN: the example's stays. */
  public double weight() {
    return weight;
  }

  /** Why the label cannot be used; null: it can. */
  public Reason reason() {
    return fault.reason();
  }

  /** The same for people. */
  public String message() {
    return fault.message();
  }
}

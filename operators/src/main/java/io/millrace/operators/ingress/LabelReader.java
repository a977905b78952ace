package io.millrace.operators.ingress;

import io.millrace.core.features.InputSpec;
import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import java.util.List;

/**
 * Reads Label bodies. Total like {@link ExampleReader}: no bytes make it throw. A label of the
 * current schema allocates its id and nothing else. One per subtask, not thread-safe.
 */
public final class LabelReader {
  private final RecordBody body;
  private final List<String> topics;
  private final int maxIdBytes;
  private final EventTimes times;
  private final LabelRule labels;
  private final Fault fault;
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
    this.body = new RecordBody(RecordKind.LABEL, schemas);
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
    AvroCursor c = body.open(event.value, fault);
    if (c != null) {
      fields(c, event.timestamp);
    }
    return fault.none();
  }

  private void fields(AvroCursor c, long timestamp) {
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
    if (!body.end(fault)) {
      return;
    }
    id = body.id(idOffset, idLength, "an example", maxIdBytes, fault);
    eventTime = times.resolve(own, timestamp, fault);
    label =
        named
            ? labels.name(c.bytes(), nameOffset, nameLength, fault)
            : labels.number(number, fault);
    if (weighted && !(w >= 0 && w <= Double.MAX_VALUE)) {
      fault.set(Reason.BAD_WEIGHT, "weight is " + w + ", must be finite and at least 0");
    } else {
      weight = w;
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

package io.millrace.operators.ingress;

import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import java.util.List;

/**
 * Reads TuneFeedback bodies. Total like {@link ExampleReader}: no bytes make it throw. One per
 * subtask, not thread-safe.
 */
public final class TuneFeedbackReader {
  private static final FeedbackSource[] SOURCES = FeedbackSource.values();

  private final RecordBody body;
  private final List<String> topics;
  private final int maxIdBytes;
  private final EventTimes times;
  private final Fault fault = new Fault();
  private String id = "";
  private long eventTime;
  private double cost;
  private boolean fallback;
  private String arm = "";

  /**
   * A reader over the standard schemas.
   *
   * @param topics names of the job's input topics, for messages
   * @param maxIdBytes longest id in UTF-8
   * @param times which event times are taken
   */
  public TuneFeedbackReader(List<String> topics, int maxIdBytes, EventTimes times) {
    this.body = new RecordBody(RecordKind.TUNE_FEEDBACK, SingleObject.standard());
    this.topics = List.copyOf(topics);
    this.maxIdBytes = maxIdBytes;
    this.times = times;
  }

  /**
   * Reads an event of kind TUNE_FEEDBACK; false: {@link #reason()} and {@link #message()} say why.
   */
  public boolean read(RoutedEvent event) {
    fault.at(topics.get(event.topic), event.partition, event.offset, -1);
    return read(event.value, event.timestamp);
  }

  /** Reads again feedback that has been read before; whether it can be used is not different. */
  public void readAgain(byte[] value, long timestamp) {
    fault.at("", 0, 0, -1);
    if (!read(value, timestamp)) {
      throw new IllegalStateException("feedback was read before and cannot be: " + message());
    }
  }

  private boolean read(byte[] value, long timestamp) {
    id = "";
    eventTime = 0;
    cost = Double.NaN;
    fallback = false;
    arm = "";
    AvroCursor c = body.open(value, fault);
    if (c != null) {
      fields(c, timestamp);
    }
    return fault.none();
  }

  private void fields(AvroCursor c, long timestamp) {
    c.readSlice(); // the key, which the router has checked
    int idLength = c.readSlice();
    int idOffset = c.sliceOffset();
    long own = c.readLong();
    cost = c.readDouble();
    FeedbackSource source = SOURCES[c.readIndex(SOURCES.length)];
    arm = c.readString();
    if (!body.end(fault)) {
      return;
    }
    id = body.id(idOffset, idLength, "a request", maxIdBytes, fault);
    eventTime = times.resolve(own, timestamp, fault);
    fallback = source == FeedbackSource.FALLBACK;
    if (!(Math.abs(cost) <= Double.MAX_VALUE)) {
      fault.set(Reason.NOT_FINITE, "cost is " + cost + ", must be finite");
    }
    if (source == FeedbackSource.UNKNOWN) {
      fault.set(Reason.BAD_LABEL, "source is UNKNOWN, must be DECISION or FALLBACK");
    }
    if (fallback && arm.isEmpty()) {
      fault.set(Reason.UNKNOWN_ARM, "arm is empty; must be the one that was used as FALLBACK");
    }
  }

  /** Id of the request; empty only after a fault. */
  public String id() {
    return id;
  }

  /** Milliseconds since the epoch: the event's own, else the Kafka record's, else 0. */
  public long eventTime() {
    return eventTime;
  }

  /** Finite; lower is better. */
  public double cost() {
    return cost;
  }

  /** Whether something else than the decision was done because it came too late. */
  public boolean fallback() {
    return fallback;
  }

  /** Name of the arm that was used; empty: that of the decision. */
  public String arm() {
    return arm;
  }

  /** Why the feedback cannot be used; null: it can. */
  public Reason reason() {
    return fault.reason();
  }

  /** The same for people. */
  public String message() {
    return fault.message();
  }
}

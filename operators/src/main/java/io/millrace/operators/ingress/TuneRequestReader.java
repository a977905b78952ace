package io.millrace.operators.ingress;

import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads TuneRequest bodies. Total like {@link ExampleReader}: no bytes make it throw. Which arms
 * there are is not known here. One per subtask, not thread-safe.
 */
public final class TuneRequestReader {
  private final RecordBody body;
  private final List<String> topics;
  private final int maxIdBytes;
  private final EventTimes times;
  private final int contextSize;
  private final Fault fault = new Fault();
  private final List<String> arms = new ArrayList<>();
  private final NumberList context = new NumberList();
  private final NumberList armFeatures = new NumberList();
  private String id = "";
  private long eventTime;
  private long deadline;

  /**
   * A reader over the standard schemas.
   *
   * @param topics names of the job's input topics, for messages
   * @param maxIdBytes longest id in UTF-8
   * @param times which event times are taken
   * @param contextSize numbers of a request's context
   */
  public TuneRequestReader(List<String> topics, int maxIdBytes, EventTimes times, int contextSize) {
    this.body = new RecordBody(RecordKind.TUNE_REQUEST, SingleObject.standard());
    this.topics = List.copyOf(topics);
    this.maxIdBytes = maxIdBytes;
    this.times = times;
    this.contextSize = contextSize;
  }

  /**
   * Reads an event of kind TUNE_REQUEST; false: {@link #reason()} and {@link #message()} say why.
   */
  public boolean read(RoutedEvent event) {
    fault.at(topics.get(event.topic), event.partition, event.offset, -1);
    read(event.value, event.timestamp);
    return fault.none();
  }

  /**
   * Reads again a request that has been read before.
   *
   * @param value of its record
   * @param timestamp of its record
   */
  public void readAgain(byte[] value, long timestamp) {
    fault.at("", 0, 0, -1);
    read(value, timestamp);
    if (!fault.none()) {
      throw new IllegalStateException("a request was read before and cannot be: " + message());
    }
  }

  private void read(byte[] value, long timestamp) {
    id = "";
    eventTime = 0;
    deadline = 0;
    arms.clear();
    context.clear();
    armFeatures.clear();
    AvroCursor c = body.open(value, fault);
    if (c != null) {
      fields(c, timestamp);
    }
  }

  private void fields(AvroCursor c, long timestamp) {
    c.readSlice(); // the key, which the router has checked
    int idLength = c.readSlice();
    int idOffset = c.sliceOffset();
    long own = c.readLong();
    deadline = c.readLong();
    context.read(c);
    for (int n; (n = c.readBlock(1)) > 0; ) {
      for (int i = 0; i < n && !c.failed(); i++) {
        arms.add(c.readString());
      }
    }
    armFeatures.read(c);
    if (!body.end(fault)) {
      return;
    }
    id = body.id(idOffset, idLength, "the request", maxIdBytes, fault);
    eventTime = times.resolve(own, timestamp, fault);
    if (deadline < 0 || deadline > EventTimes.MAX_MILLIS) {
      fault.set(
          Reason.BAD_EVENT_TIME,
          "deadline = "
              + deadline
              + "; must be milliseconds since the epoch, at most "
              + EventTimes.MAX_MILLIS
              + ", or 0");
    }
    if (context.count() != contextSize) {
      fault.set(
          Reason.DIMENSION_MISMATCH,
          "context has " + context.count() + " values, request.context is " + contextSize);
    }
    finite(context, "context");
    finite(armFeatures, "armFeatures");
  }

  private void finite(NumberList list, String name) {
    int bad = list.notFinite();
    if (bad >= 0) {
      fault.set(
          Reason.NOT_FINITE, name + "[" + bad + "] is " + list.values()[bad] + ", must be finite");
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

  /** Until when its feedback counts, milliseconds since the epoch; 0: it does not say. */
  public long deadline() {
    return deadline;
  }

  /** Names of the eligible arms as they came; empty: all. Good until the next read. */
  public List<String> arms() {
    return arms;
  }

  /** The context from the front on. Good until the next read. */
  public double[] context() {
    return context.values();
  }

  /** Features of arms, arm by arm, from the front on. Good until the next read. */
  public double[] armFeatures() {
    return armFeatures.values();
  }

  /** How many {@link #armFeatures} there are, over all arms. */
  public int armFeatureCount() {
    return armFeatures.count();
  }

  /** Why the request cannot be used; null: it can. */
  public Reason reason() {
    return fault.reason();
  }

  /** The same for people. */
  public String message() {
    return fault.message();
  }
}

package io.millrace.operators.ingress;

import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.StrictUtf8;
import io.millrace.schemas.WriterSchema;
import java.util.List;

/**
 * Reads Example and ExampleBatch bodies into {@link Rows}, checking every rule of an {@link
 * InputSpec}. Total: no bytes make it throw, nor allocate more than in proportion to their number.
 * In steady state an event of the current schema allocates nothing.
 *
 * <p>The bodies are read as the current schemas lay them out; a record of an older schema goes
 * through Avro's resolving reader first. An item that is well-formed but breaks a rule is passed
 * over alone. A batch is walked through to its end before its first item is given out: if its bytes
 * make no sense anywhere, the whole record is one fault, whose {@link #itemAsExample} is null, and
 * none of its items is. So a record that has become one dead letter can be sent again.
 *
 * <p>One per subtask, not thread-safe.
 */
public final class ExampleReader {
  private static final long EXAMPLE = SingleObject.fingerprint(RecordKind.EXAMPLE);
  private static final long BATCH = SingleObject.fingerprint(RecordKind.EXAMPLE_BATCH);

  /** Fewest bytes of an ExampleItem: empty id, time, weight, no label, dense and empty. */
  private static final int MIN_ITEM_BYTES = 1 + 1 + 8 + 1 + 2;

  /** None, a number, a name. */
  private static final int LABEL_BRANCHES = 3;

  private enum Stage {
    /** The record itself is not readable: {@link #next} reports it once. */
    UNREADABLE,
    EXAMPLE,
    BATCH,
    DONE
  }

  private final SingleObject schemas;
  private final InputSpec spec;
  private final List<String> topics;
  private final int maxIdBytes;
  private final EventTimes times;
  private final LabelRule labels;
  private final FeatureReader features;
  private final Fault fault;
  private final AvroCursor cursor = new AvroCursor();
  private final AvroSink sink = new AvroSink();

  private Stage stage = Stage.DONE;
  private DecodeException unreadable;
  private byte[] body;
  private long timestamp;
  private int keyEnd;
  private int itemStart;
  private int itemEnd;
  private int items;
  private int leftInBlock;
  private int idOffset;
  private int idLength;
  private String id;
  private long eventTime;
  private boolean labelled;

  /**
   * A reader over the standard schemas.
   *
   * @param topics names of the job's input topics, for messages
   * @param maxIdBytes longest id in UTF-8
   * @param times which event times are taken
   */
  public ExampleReader(InputSpec spec, List<String> topics, int maxIdBytes, EventTimes times) {
    this(spec, topics, maxIdBytes, times, SingleObject.standard());
  }

  /** A reader over other schemas. */
  public ExampleReader(
      InputSpec spec, List<String> topics, int maxIdBytes, EventTimes times, SingleObject schemas) {
    this.spec = spec;
    this.topics = List.copyOf(topics);
    this.maxIdBytes = maxIdBytes;
    this.times = times;
    this.schemas = schemas;
    labels = new LabelRule(spec);
    features = new FeatureReader(spec);
    fault = new Fault();
  }

  /** Starts on an event of kind EXAMPLE or EXAMPLE_BATCH, which is kept until the next open. */
  public void open(RoutedEvent event) {
    open(topics.get(event.topic), event.partition, event.offset, -1, event.timestamp, event.value);
  }

  /**
   * Starts on an example kept by {@link #itemAsExample}.
   *
   * @param topic name of the topic it came from, which need not be one of the job's any more
   * @param index its {@link #itemIndex()} when it was first read
   * @param recordTimestamp of the Kafka record it came in
   * @param example kept until the next open
   */
  public void open(
      String topic, int partition, long offset, int index, long recordTimestamp, byte[] example) {
    fault.at(topic, partition, offset, index);
    timestamp = recordTimestamp;
    body = example;
    items = 0;
    leftInBlock = 0;
    unreadable = null;
    clearItem();
    boolean header = body != null && SingleObject.hasHeader(body);
    long fingerprint = header ? SingleObject.fingerprint(body) : 0;
    if (header && fingerprint == EXAMPLE) {
      stage = Stage.EXAMPLE;
    } else if (header && fingerprint == BATCH) {
      stage = Stage.BATCH;
    } else {
      stage = resolve();
    }
    if (stage != Stage.UNREADABLE) {
      cursor.reset(body, SingleObject.HEADER_BYTES, body.length);
      cursor.readSlice(); // the key, which the router has checked
      keyEnd = cursor.position();
    }
    if (stage == Stage.BATCH && !whole()) {
      stage = Stage.UNREADABLE;
      unreadable = structural();
    }
  }

  /** Walks through the items of a batch and back; whether its bytes make sense to the end. */
  private boolean whole() {
    AvroCursor c = cursor;
    for (int n; (n = c.readBlock(MIN_ITEM_BYTES)) > 0; ) {
      for (int i = 0; i < n && !c.failed(); i++) {
        c.readSlice();
        c.readLong();
        c.skip(Double.BYTES);
        int branch = c.readIndex(LABEL_BRANCHES);
        if (branch == 1) {
          c.skip(Double.BYTES);
        } else if (branch == 2) {
          c.readSlice();
        }
        FeatureReader.skip(c);
      }
    }
    boolean whole = !c.failed() && c.remaining() == 0;
    c.reset(body, keyEnd, body.length);
    return whole;
  }

  /** Brings a record of an older schema to the current one. */
  private Stage resolve() {
    WriterSchema writer = body == null ? null : schemas.writerOf(body);
    try {
      if (writer != null
          && writer.kind() != RecordKind.EXAMPLE
          && writer.kind() != RecordKind.EXAMPLE_BATCH) {
        throw new DecodeException(
            Reason.WRONG_TYPE,
            "record is a " + writer.schema().getName() + ", must be Example or ExampleBatch");
      }
      body = SingleObject.encode(schemas.decode(body));
      return writer.kind() == RecordKind.EXAMPLE ? Stage.EXAMPLE : Stage.BATCH;
    } catch (DecodeException e) {
      unreadable = e;
      return Stage.UNREADABLE;
    }
  }

  /**
   * Reads the next item. True: there was one, and either a row has been appended and {@link
   * #reason()} is null, or nothing has and {@link #reason()} and {@link #message()} say why. False:
   * there are no more.
   *
   * @param rows of the kind of the specification; the row's label is NaN where there is none
   */
  public boolean next(Rows rows) {
    if (rows.dense() != spec.dense()) {
      throw new IllegalStateException(
          "rows are " + (rows.dense() ? "dense" : "sparse") + ", features are " + spec.kind());
    }
    switch (stage) {
      case EXAMPLE:
        stage = Stage.DONE;
        itemStart = cursor.position();
        item(rows, true);
        return true;
      case BATCH:
        return nextOfBatch(rows);
      case UNREADABLE:
        stage = Stage.DONE;
        fault.set(unreadable.reason(), unreadable.getMessage());
        return true;
      default:
        return false;
    }
  }

  /**
   * Whether nothing comes behind the item read last. False is also the answer where that would take
   * a longer look.
   */
  public boolean atEnd() {
    return stage == Stage.DONE
        || stage == Stage.BATCH
            && leftInBlock == 0
            && cursor.remaining() <= 1; // the end's own byte
  }

  private boolean nextOfBatch(Rows rows) {
    clearItem();
    if (leftInBlock == 0) {
      leftInBlock = cursor.readBlock(MIN_ITEM_BYTES);
    }
    fault.item(items);
    if (leftInBlock > 0) {
      itemStart = cursor.position();
      item(rows, false);
      leftInBlock--;
      items++;
      return true;
    }
    stage = Stage.DONE;
    return false;
  }

  /** Reads the fields of an item, which are those of Example behind its key. */
  private void item(Rows rows, boolean alone) {
    AvroCursor c = cursor;
    idLength = c.readSlice();
    idOffset = c.sliceOffset();
    id = null;
    eventTime = times.resolve(c.readLong(), timestamp, fault);
    double weight = c.readDouble();
    if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
      fault.set(Reason.BAD_WEIGHT, "weight is " + weight + ", must be finite and at least 0");
    }
    double label = label(c);
    text("id", idOffset, idLength);
    if (idLength > maxIdBytes) {
      fault.set(
          Reason.ID_TOO_LONG, "id has " + idLength + " bytes, limits.id-bytes is " + maxIdBytes);
    }
    rows.beginRow();
    features.read(c, rows, fault);
    if (c.failed()) { // of an Example: a batch has been walked through
      rows.dropRow();
      stage = Stage.DONE;
      fault.item(fault.index()); // a rule broken before it is not worth saying
      DecodeException e = structural();
      fault.set(e.reason(), e.getMessage());
      clearItem();
      return;
    }
    itemEnd = c.position();
    if (alone && c.remaining() > 0) {
      fault.set(
          Reason.TRAILING_BYTES,
          c.remaining() + " bytes follow the Example; one record holds one object");
      itemEnd = 0;
    }
    if (fault.none()) {
      rows.endRow(label, weight);
    } else {
      rows.dropRow();
    }
  }

  private double label(AvroCursor c) {
    int branch = c.readIndex(LABEL_BRANCHES);
    labelled = branch != 0 && labels.any();
    if (branch == 1) {
      double v = c.readDouble();
      return labelled && !c.failed() ? labels.number(v, fault) : Double.NaN;
    }
    if (branch == 2) {
      int length = c.readSlice();
      int at = c.sliceOffset();
      if (labelled && !c.failed()) {
        return labels.name(body, at, length, fault);
      }
      text("label", at, length);
    }
    return Double.NaN;
  }

  /** Refuses text that Avro's readers would refuse. */
  private void text(String field, int offset, int length) {
    if (length > 0 && !StrictUtf8.valid(body, offset, length)) {
      fault.set(
          Reason.MALFORMED,
          field + " is '" + LabelRule.shown(body, offset, length) + "', must be UTF-8");
    }
  }

  /** What does not make sense in the record at hand. */
  private DecodeException structural() {
    try {
      schemas.decode(body);
      return new DecodeException(Reason.MALFORMED, "bytes do not make an Example or ExampleBatch");
    } catch (DecodeException e) {
      return e;
    }
  }

  private void clearItem() {
    itemEnd = 0;
    idLength = 0;
    id = null;
    eventTime = 0;
    labelled = false;
  }

  /** Position in the batch; -1 for an Example. */
  public int itemIndex() {
    return fault.index();
  }

  /** Event id, empty if there is none; decoded when asked for. */
  public String id() {
    if (id == null) {
      String text = StrictUtf8.decode(body, idOffset, idLength);
      id = text == null ? "" : text;
    }
    return id;
  }

  /** Whether the event has an id, without decoding it. */
  public boolean hasId() {
    return idLength > 0;
  }

  /** Milliseconds since the epoch: the event's own, else the Kafka record's, else 0. */
  public long eventTime() {
    return eventTime;
  }

  /** Whether the item came with a label; false in a job that takes none. */
  public boolean labelled() {
    return labelled;
  }

  /** Why the item cannot be used; null: it can. */
  public Reason reason() {
    return fault.reason();
  }

  /** The same for people. */
  public String message() {
    return fault.message();
  }

  /** Hash collisions among named features this reader has seen: a metric. */
  public long collisions() {
    return features.collisions();
  }

  /**
   * The item as a stand-alone Example record of the current schema, header included. Null where the
   * item has no end because its bytes make no sense: then the record as a whole is the evidence.
   * For an Example of the current schema this is the record's value itself, not a copy.
   */
  public byte[] itemAsExample() {
    if (itemEnd == 0) {
      return null;
    }
    if (SingleObject.fingerprint(body) == EXAMPLE) {
      return body;
    }
    int header = SingleObject.HEADER_BYTES;
    return sink.clear()
        .header(EXAMPLE)
        .append(body, header, keyEnd - header)
        .append(body, itemStart, itemEnd - itemStart)
        .toByteArray();
  }
}

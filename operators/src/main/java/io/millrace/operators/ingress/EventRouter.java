package io.millrace.operators.ingress;

import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.WriterSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Turns Kafka records into {@link RoutedEvent}s by their header and key alone. Total: whatever the
 * bytes are, it returns an event and never throws, and it allocates no more than in proportion to
 * them. One per source subtask, not thread-safe.
 */
public final class EventRouter {
  private static final RecordKind[] KINDS = {
    RecordKind.EXAMPLE, RecordKind.EXAMPLE_BATCH, RecordKind.LABEL, RecordKind.CONTROL
  };

  private final RouterOptions options;
  private final SingleObject schemas;
  private final Fault fault;
  private final AvroCursor cursor = new AvroCursor();
  private final KeyCache keys = new KeyCache();
  private final long[] current = new long[KINDS.length];
  private final boolean[] taken = new boolean[KINDS.length];

  /** A router over the standard schemas. */
  public EventRouter(RouterOptions options) {
    this(options, SingleObject.standard());
  }

  /** A router over other schemas. */
  public EventRouter(RouterOptions options, SingleObject schemas) {
    this.options = options;
    this.schemas = schemas;
    fault = new Fault(options.topics());
    for (int i = 0; i < KINDS.length; i++) {
      current[i] = SingleObject.fingerprint(KINDS[i]);
      taken[i] = options.kinds().contains((byte) i);
    }
  }

  /**
   * Finds kind and key of a record. A record without a value (a tombstone) is a dead letter in
   * every topic: nothing that goes into a job is compacted away by one.
   *
   * @param topic index into {@link RouterOptions#topics()}
   * @param timestamp of the record, negative: none
   * @param recordKey key of the record, may be null; kept
   * @param value value of the record, may be null; kept
   */
  public RoutedEvent route(
      int topic, int partition, long offset, long timestamp, byte[] recordKey, byte[] value) {
    fault.at(topic, partition, offset, -1);
    int kind = kind(value);
    String key = kind < 0 ? null : key(kind, value);
    if (key == null) {
      return new RoutedEvent(
          RoutedEvent.UNDECODABLE,
          topic,
          partition,
          offset,
          timestamp,
          recordKey,
          "",
          value,
          fault.reason(),
          fault.message());
    }
    return new RoutedEvent(
        (byte) kind, topic, partition, offset, timestamp, recordKey, key, value, null, null);
  }

  /** Kind of a record that this job takes, -1 after a fault. */
  private int kind(byte[] value) {
    if (value == null || value.length == 0) {
      fault.set(
          Reason.EMPTY,
          "record has "
              + (value == null ? "no value" : "an empty value")
              + ", must be an Avro single object");
      return -1;
    }
    if (value.length > options.maxRecordBytes()) {
      fault.set(
          Reason.TOO_LARGE,
          "record has "
              + value.length
              + " bytes, limits.record-bytes is "
              + options.maxRecordBytes());
      return -1;
    }
    if (!SingleObject.hasHeader(value)) {
      fault.set(Reason.NOT_SINGLE_OBJECT, looksLike(value));
      return -1;
    }
    long fingerprint = SingleObject.fingerprint(value);
    for (int i = 0; i < current.length; i++) {
      if (fingerprint == current[i] && taken[i]) {
        return i;
      }
    }
    WriterSchema writer = schemas.writer(fingerprint);
    if (writer == null) {
      fault.set(
          Reason.UNKNOWN_SCHEMA,
          String.format(
              "record has schema fingerprint %016x, which this build does not know; upgrade the"
                  + " job, or see the table in docs/wire-format.md",
              fingerprint));
      return -1;
    }
    for (int i = 0; i < KINDS.length; i++) {
      if (writer.kind() == KINDS[i] && taken[i]) {
        return i;
      }
    }
    fault.set(
        Reason.WRONG_TYPE,
        "record is a " + writer.schema().getName() + ", this job takes " + takenNames());
    return -1;
  }

  private List<String> takenNames() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < KINDS.length; i++) {
      if (taken[i]) {
        names.add(KINDS[i].schema().getName());
      }
    }
    return names;
  }

  private static String looksLike(byte[] value) {
    String hint;
    if (value[0] == 0 && value.length > 5) {
      hint = "looks like a schema registry's framing";
    } else if (value[0] == '{') {
      hint = "looks like JSON";
    } else if (value[0] == SingleObject.MARKER_0) {
      hint = "is cut short or has another marker";
    } else {
      hint = "does not begin with c3 01";
    }
    return "record of "
        + value.length
        + " bytes "
        + hint
        + ", must be Avro single-object encoding: c3 01, 8 bytes of fingerprint, body";
  }

  /** Model key, null after a fault. */
  private String key(int kind, byte[] value) {
    byte[] bytes = value;
    int offset;
    int length;
    if (SingleObject.fingerprint(value) == current[kind]) {
      cursor.reset(value, SingleObject.HEADER_BYTES, value.length);
      length = cursor.readSlice();
      offset = cursor.sliceOffset();
      if (cursor.failed()) {
        fault.set(
            Reason.MALFORMED,
            "key cannot be read: the record ends inside it after "
                + (value.length - SingleObject.HEADER_BYTES)
                + " bytes behind the header");
        return null;
      }
    } else {
      String old = oldKey(value);
      if (old == null) {
        return null;
      }
      bytes = old.getBytes(StandardCharsets.UTF_8);
      offset = 0;
      length = bytes.length;
    }
    if (length == 0) {
      fault.set(Reason.MISSING_KEY, "key is empty, must be a model key");
      return null;
    }
    if (length > options.maxKeyBytes()) {
      fault.set(
          Reason.KEY_TOO_LONG,
          "key has " + length + " bytes, limits.key-bytes is " + options.maxKeyBytes());
      return null;
    }
    KeyCache.Entry key = keys.get(bytes, offset, length);
    if (key == null) {
      fault.set(
          Reason.MALFORMED,
          "key is '" + LabelRule.shown(bytes, offset, length) + "', must be UTF-8");
      return null;
    }
    if (kind != RoutedEvent.CONTROL && key.text.equals(RoutedEvent.ALL_KEYS)) {
      fault.set(Reason.MISSING_KEY, "key is '*', which only a Control may have");
      return null;
    }
    return key.text;
  }

  /** Key of a record of an older schema, null after a fault. */
  private String oldKey(byte[] value) {
    try {
      SpecificRecordBase record = schemas.decode(value);
      Schema.Field field = record.getSchema().getField("key");
      return record.get(field.pos()).toString();
    } catch (DecodeException e) {
      fault.set(e.reason(), e.getMessage());
      return null;
    }
  }
}

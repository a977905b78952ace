package io.millrace.operators.ingress;

import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.WriterSchema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Turns Kafka records into {@link RoutedEvent}s by their header and keys alone. Total: whatever the
 * bytes are, it returns an event and never throws, and it allocates no more than in proportion to
 * them. One per source subtask, not thread-safe.
 */
public final class EventRouter {
  private final RouterOptions options;
  private final EventKind[] kinds;
  private final SingleObject schemas;
  private final Fault fault;
  private final AvroCursor cursor = new AvroCursor();
  private final KeyCache keys = new KeyCache();
  private final long[] current;
  private final int[] partitions;
  private String secondKey;
  private KeyCache.Entry firstKey;
  private boolean misplaced;

  /** A router over the standard schemas. */
  public EventRouter(RouterOptions options) {
    this(options, new int[options.topics().size()]);
  }

  /**
   * The same where it is known how many partitions topics have.
   *
   * @param partitions by topic, 0: not known
   */
  public EventRouter(RouterOptions options, int[] partitions) {
    this(options, partitions, SingleObject.standard());
  }

  /** A router over other schemas. */
  public EventRouter(RouterOptions options, SingleObject schemas) {
    this(options, new int[options.topics().size()], schemas);
  }

  private EventRouter(RouterOptions options, int[] partitions, SingleObject schemas) {
    this.options = options;
    this.partitions = partitions.clone();
    this.schemas = schemas;
    fault = new Fault();
    kinds = options.kinds().toArray(EventKind[]::new);
    current = options.kinds().stream().mapToLong(EventKind::fingerprint).toArray();
  }

  /**
   * Finds kind and keys of a record. A record without a value (a tombstone) is a dead letter in
   * every topic: nothing that goes into a job is compacted away by one.
   *
   * @param topic index into {@link RouterOptions#topics()}
   * @param timestamp of the record, negative: none
   * @param recordKey key of the record, may be null; kept
   * @param value value of the record, may be null; kept
   */
  public RoutedEvent route(
      int topic, int partition, long offset, long timestamp, byte[] recordKey, byte[] value) {
    fault.at(options.topics().get(topic), partition, offset, -1);
    secondKey = null;
    firstKey = null;
    int kind = kind(value);
    String key = kind < 0 ? null : keys(kind, value);
    misplaced = key != null && isMisplaced(topic, partition, recordKey);
    if (key == null) {
      return new RoutedEvent(
          RoutedEvent.UNUSABLE,
          topic,
          partition,
          offset,
          timestamp,
          recordKey,
          "",
          null,
          value,
          fault.reason(),
          fault.message());
    }
    return new RoutedEvent(
        kinds[kind].code(),
        topic,
        partition,
        offset,
        timestamp,
        recordKey,
        key,
        secondKey,
        value,
        null,
        null);
  }

  /**
   * Whether the record routed last stands where the others of its key do not: it has another record
   * key, or is on another partition than its key belongs to. The order of a key's events is then
   * that of arrival. An order for all keys belongs to every partition.
   */
  public boolean misplaced() {
    return misplaced;
  }

  private boolean isMisplaced(int topic, int partition, byte[] recordKey) {
    if (firstKey.text.equals(ModelKeys.ALL)) {
      return false;
    }
    int count = partitions[topic];
    return !Arrays.equals(recordKey, firstKey.bytes)
        || count > 0 && partition != firstKey.hash % count;
  }

  /** Which of the job's kinds a record is of, -1 after a fault. */
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
      if (fingerprint == current[i]) {
        return i;
      }
    }
    WriterSchema writer = schemas.writer(fingerprint);
    if (writer == null) {
      fault.set(
          Reason.UNKNOWN_SCHEMA,
          String.format(
              Locale.ROOT,
              "record has schema fingerprint %016x, which this build does not know; upgrade the"
                  + " job, or see the table in docs/wire-format.md",
              fingerprint));
      return -1;
    }
    for (int i = 0; i < kinds.length; i++) {
      if (writer.schema().getFullName().equals(kinds[i].schema().getFullName())) {
        return i;
      }
    }
    fault.set(
        Reason.WRONG_TYPE,
        "record is a " + writer.schema().getName() + ", this job takes " + options.kinds());
    return -1;
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

  /** The key, null after a fault; finds the second key too, if the kind has one. */
  private String keys(int i, byte[] value) {
    EventKind kind = kinds[i];
    if (SingleObject.fingerprint(value) != current[i]) {
      return oldKeys(kind, value);
    }
    cursor.reset(value, SingleObject.HEADER_BYTES, value.length);
    String key = nextKey(kind, 0, kind.keyAt(), value);
    if (key == null || kind.secondKeyAt() < 0) {
      return key;
    }
    secondKey = nextKey(kind, kind.keyAt() + 1, kind.secondKeyAt(), value);
    return secondKey == null ? null : key;
  }

  /** The string in field {@code at}, the cursor standing before field {@code from}. */
  private String nextKey(EventKind kind, int from, int at, byte[] value) {
    for (int f = from; f < at; f++) {
      cursor.skip(kind.schema().getFields().get(f).schema());
    }
    int length = cursor.readSlice();
    if (cursor.failed()) {
      fault.set(
          Reason.MALFORMED,
          field(kind, at)
              + " cannot be read: the record ends before or inside it after "
              + (value.length - SingleObject.HEADER_BYTES)
              + " bytes behind the header");
      return null;
    }
    return key(kind, at, value, cursor.sliceOffset(), length);
  }

  private String key(EventKind kind, int at, byte[] bytes, int offset, int length) {
    if (length == 0) {
      fault.set(Reason.MISSING_KEY, field(kind, at) + " is empty, must be a key");
      return null;
    }
    if (length > options.maxKeyBytes()) {
      fault.set(
          Reason.KEY_TOO_LONG,
          field(kind, at)
              + " has "
              + length
              + " bytes, limits.key-bytes is "
              + options.maxKeyBytes());
      return null;
    }
    KeyCache.Entry key = keys.get(bytes, offset, length);
    if (key == null) {
      fault.set(
          Reason.MALFORMED,
          field(kind, at) + " is '" + LabelRule.shown(bytes, offset, length) + "', must be UTF-8");
      return null;
    }
    if (key.text.equals(ModelKeys.ALL) && kind.code() != EventKind.CONTROL.code()) {
      fault.set(Reason.MISSING_KEY, field(kind, at) + " is '*', which only a Control may have");
      return null;
    }
    if (at == kind.keyAt()) {
      firstKey = key;
    }
    return key.text;
  }

  private static String field(EventKind kind, int at) {
    return kind.schema().getFields().get(at).name();
  }

  /** Keys of a record of an older schema, null after a fault. */
  private String oldKeys(EventKind kind, byte[] value) {
    SpecificRecordBase record;
    try {
      record = schemas.decode(value);
    } catch (DecodeException e) {
      fault.set(e.reason(), e.getMessage());
      return null;
    }
    String key = oldKey(kind, kind.keyAt(), record);
    if (key == null || kind.secondKeyAt() < 0) {
      return key;
    }
    secondKey = oldKey(kind, kind.secondKeyAt(), record);
    return secondKey == null ? null : key;
  }

  private String oldKey(EventKind kind, int at, SpecificRecordBase record) {
    byte[] key = record.get(at).toString().getBytes(StandardCharsets.UTF_8);
    return key(kind, at, key, 0, key.length);
  }
}

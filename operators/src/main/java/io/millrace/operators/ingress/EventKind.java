package io.millrace.operators.ingress;

import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.RecordKind;
import java.io.Serializable;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * A kind of record that a job reads, declared once: its code on the way to the operator, its
 * schema, and where in it the keys stand and the time. A family lists the kinds it takes; source,
 * shuffle and split know no kind by name.
 *
 * <p>Codes are written into channel state: a code once given is never given to another kind. {@link
 * #FIRST_CODE} to {@link #LAST_CODE} are for kinds; the others are {@link RoutedEvent}'s own.
 */
public final class EventKind implements Serializable {
  private static final long serialVersionUID = 1;

  /** Least code of a kind. */
  public static final int FIRST_CODE = 2;

  /** Largest code of a kind. */
  public static final int LAST_CODE = 254;

  /** One Example. */
  public static final EventKind EXAMPLE = of(2, RecordKind.EXAMPLE).timed("eventTime");

  /** Many examples of one key. */
  public static final EventKind EXAMPLE_BATCH =
      of(3, RecordKind.EXAMPLE_BATCH).timed("items.eventTime");

  /** The label of an example that came before. */
  public static final EventKind LABEL = of(4, RecordKind.LABEL);

  /** An order, for one key or for {@link ModelKeys#ALL}. */
  public static final EventKind CONTROL = of(5, RecordKind.CONTROL);

  /** A tuner is asked for an arm. */
  public static final EventKind TUNE_REQUEST = of(20, RecordKind.TUNE_REQUEST).timed("eventTime");

  /** What an arm has cost. */
  public static final EventKind TUNE_FEEDBACK = of(21, RecordKind.TUNE_FEEDBACK);

  /** An order about an arm of a tuner. */
  public static final EventKind ARM_CHANGE = of(22, RecordKind.ARM_CHANGE);

  /** A chain on its way to a client. */
  public static final EventKind CHAIN_TOKEN = of(30, RecordKind.CHAIN_TOKEN.schema(), "client");

  /** What came of a visit. */
  public static final EventKind CHAIN_DRAWS = of(31, RecordKind.CHAIN_DRAWS);

  /** How a client describes its rows. */
  public static final EventKind SURROGATE = of(32, RecordKind.SURROGATE);

  /** What a client is asked, or told, of an epoch. */
  public static final EventKind SURROGATE_EPOCH =
      of(33, RecordKind.SURROGATE_EPOCH.schema(), "client");

  /** That time has passed. */
  public static final EventKind SAMPLE_TICK = of(34, RecordKind.SAMPLE_TICK);

  private final int code;
  private final Schema schema;
  private final int keyAt;
  private final int secondKeyAt;
  private final int[] timeAt;

  private EventKind(int code, Schema schema, int keyAt, int secondKeyAt, int[] timeAt) {
    this.code = code;
    this.schema = schema;
    this.keyAt = keyAt;
    this.secondKeyAt = secondKeyAt;
    this.timeAt = timeAt;
  }

  private static EventKind of(int code, Schema schema, String keyField, int secondKeyAt) {
    if (code < FIRST_CODE || code > LAST_CODE) {
      throw new IllegalStateException(
          "code of "
              + schema.getName()
              + " = "
              + code
              + "; must lie in ["
              + FIRST_CODE
              + ", "
              + LAST_CODE
              + "]");
    }
    return new EventKind(code, schema, position(schema, keyField), secondKeyAt, new int[0]);
  }

  private static EventKind of(int code, RecordKind kind) {
    return of(code, kind.schema(), "key");
  }

  /**
   * A kind with one key.
   *
   * @param code of no other kind, in [{@value #FIRST_CODE}, {@value #LAST_CODE}]
   * @param schema that this build writes; older ones are found by the schema's name
   * @param keyField name of the string field that is the key
   */
  public static EventKind of(int code, Schema schema, String keyField) {
    return of(code, schema, keyField, -1);
  }

  /**
   * A kind with two keys, of which each stage of a job takes one: a client and a chain, say.
   *
   * @param secondKeyField name of a string field behind {@code keyField}
   */
  public static EventKind of(int code, Schema schema, String keyField, String secondKeyField) {
    EventKind kind = of(code, schema, keyField, position(schema, secondKeyField));
    if (kind.secondKeyAt <= kind.keyAt) {
      throw new IllegalStateException(
          "'"
              + secondKeyField
              + "' of "
              + schema.getName()
              + " must stand behind '"
              + keyField
              + "'");
    }
    return kind;
  }

  /**
   * The kind, whose events move the time of their partition; see {@link TimeReader}.
   *
   * @param path names, with dots between, of the long field that is the event's own time; behind an
   *     array the first item's counts
   */
  public EventKind timed(String path) {
    Schema at = schema;
    String[] names = path.split("\\.");
    int[] positions = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      Schema.Field f = at.getType() == Schema.Type.RECORD ? at.getField(names[i]) : null;
      if (f == null) {
        throw new IllegalStateException(schema.getName() + " has no field '" + path + "'");
      }
      positions[i] = f.pos();
      at = f.schema().getType() == Schema.Type.ARRAY ? f.schema().getElementType() : f.schema();
    }
    if (at.getType() != Schema.Type.LONG) {
      throw new IllegalStateException(
          "'" + path + "' of " + schema.getName() + " must be a long to be a time");
    }
    return new EventKind(code, schema, keyAt, secondKeyAt, positions);
  }

  private static int position(Schema schema, String field) {
    Schema.Field f = schema.getField(field);
    if (f == null || f.schema().getType() != Schema.Type.STRING) {
      throw new IllegalStateException(
          schema.getName() + " has no string field '" + field + "' to be a key");
    }
    return f.pos();
  }

  /** Its code. */
  public int code() {
    return code;
  }

  /** Name of the record. */
  public String name() {
    return schema.getName();
  }

  /** The schema this build writes. */
  public Schema schema() {
    return schema;
  }

  /** Fingerprint of {@link #schema}. */
  long fingerprint() {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  /** Position of the field that is the key. */
  int keyAt() {
    return keyAt;
  }

  /** Position of the field that is the second key; -1: there is none. */
  int secondKeyAt() {
    return secondKeyAt;
  }

  /** Positions of the fields on the way to the event's time; none: the kind has none. */
  int[] timeAt() {
    return timeAt;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof EventKind other && other.code == code && other.schema.equals(schema);
  }

  @Override
  public int hashCode() {
    return code;
  }

  @Override
  public String toString() {
    return name();
  }
}

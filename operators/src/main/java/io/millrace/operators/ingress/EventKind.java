package io.millrace.operators.ingress;

import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.RecordKind;
import java.io.Serializable;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * A kind of record that a job reads, declared once: its code on the way to the operator, its
 * schema, and where in it the keys stand. A family lists the kinds it takes; source, shuffle and
 * split know no kind by name.
 *
 * <p>Codes are written into channel state: a code once given is never given to another kind. {@link
 * #FIRST_CODE} to {@link #LAST_CODE} are for kinds; 0 and 1 are {@link RoutedEvent}'s own.
 */
public final class EventKind implements Serializable {
  private static final long serialVersionUID = 1;

  /** Least code of a kind. */
  public static final int FIRST_CODE = 2;

  /** Largest code of a kind. */
  public static final int LAST_CODE = 255;

  /** One Example. */
  public static final EventKind EXAMPLE = of(2, RecordKind.EXAMPLE);

  /** Many examples of one key. */
  public static final EventKind EXAMPLE_BATCH = of(3, RecordKind.EXAMPLE_BATCH);

  /** The label of an example that came before. */
  public static final EventKind LABEL = of(4, RecordKind.LABEL);

  /** An order, for one key or for {@link ModelKeys#ALL}. */
  public static final EventKind CONTROL = of(5, RecordKind.CONTROL);

  private final int code;
  private final Schema schema;
  private final int keyAt;
  private final int secondKeyAt;

  private EventKind(int code, Schema schema, String keyField, String secondKeyField) {
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
    this.code = code;
    this.schema = schema;
    this.keyAt = position(schema, keyField);
    this.secondKeyAt = secondKeyField == null ? -1 : position(schema, secondKeyField);
    if (secondKeyAt >= 0 && secondKeyAt <= keyAt) {
      throw new IllegalStateException(
          "'"
              + secondKeyField
              + "' of "
              + schema.getName()
              + " must stand behind '"
              + keyField
              + "'");
    }
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
    return new EventKind(code, schema, keyField, null);
  }

  /**
   * A kind with two keys, of which each stage of a job takes one: a client and a chain, say.
   *
   * @param secondKeyField name of a string field behind {@code keyField}
   */
  public static EventKind of(int code, Schema schema, String keyField, String secondKeyField) {
    return new EventKind(code, schema, keyField, secondKeyField);
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

package io.millrace.operators.ingress;

import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.StrictUtf8;

/**
 * The body of an event of one kind, laid out as the current schema says: one of an older schema
 * goes through Avro's resolving reader first. Total: no bytes make it throw.
 */
final class RecordBody {
  private final RecordKind kind;
  private final long current;
  private final SingleObject schemas;
  private final AvroCursor cursor = new AvroCursor();

  RecordBody(RecordKind kind, SingleObject schemas) {
    this.kind = kind;
    this.current = SingleObject.fingerprint(kind);
    this.schemas = schemas;
  }

  /** A cursor behind the header; null: a fault has been set. */
  AvroCursor open(byte[] value, Fault fault) {
    byte[] body = value;
    boolean asIs =
        body != null && SingleObject.hasHeader(body) && SingleObject.fingerprint(body) == current;
    if (!asIs) {
      try {
        body = SingleObject.encode(schemas.decode(kind.type(), body));
      } catch (DecodeException e) {
        fault.set(e.reason(), e.getMessage());
        return null;
      }
    }
    return cursor.reset(body, SingleObject.HEADER_BYTES, body.length);
  }

  /** Whether all of the body has been read and made sense; else a fault is set. */
  boolean end(Fault fault) {
    if (!cursor.failed() && cursor.remaining() == 0) {
      return true;
    }
    try {
      schemas.decode(kind.type(), whole());
      fault.set(Reason.MALFORMED, "bytes do not make a " + kind.schema().getName());
    } catch (DecodeException e) {
      fault.set(e.reason(), e.getMessage());
    }
    return false;
  }

  private byte[] whole() {
    return cursor.bytes();
  }

  /**
   * An id of a slice of the body.
   *
   * @param of what the id is of, for messages
   * @param maxBytes longest in UTF-8
   * @return empty after a fault
   */
  String id(int offset, int length, String of, int maxBytes, Fault fault) {
    String text = StrictUtf8.decode(cursor.bytes(), offset, length);
    if (text == null) {
      fault.set(
          Reason.MALFORMED,
          "id is '" + LabelRule.shown(cursor.bytes(), offset, length) + "', must be UTF-8");
    } else if (text.isEmpty()) {
      fault.set(Reason.MISSING_ID, "id is empty, must be the id of " + of);
    } else if (length > maxBytes) {
      fault.set(Reason.ID_TOO_LONG, "id has " + length + " bytes, limits.id-bytes is " + maxBytes);
    } else {
      return text;
    }
    return "";
  }
}

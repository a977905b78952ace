package io.millrace.schemas;

import org.apache.avro.Schema;

/** Walks a record's bytes under its writer schema and says whether they are such a record. */
final class BodyCheck {
  private static final int MAX_DEPTH = 32;

  /**
   * Most bytes of a record beside its blocks of numbers. Text, numbers and lists take up to some
   * thirty times as much as objects, blocks of numbers what they are; no record of ours comes near.
   */
  static final int MOST_STRUCTURE = 8 << 20;

  private final AvroCursor cursor;
  private long numbers;
  private String where = "";

  private BodyCheck(AvroCursor cursor) {
    this.cursor = cursor;
  }

  /** Passes over a value, which is a fault of the cursor where it is none of the schema. */
  static void skip(AvroCursor cursor, Schema schema) {
    new BodyCheck(cursor).value(schema, "", 0);
  }

  /**
   * Checks a body.
   *
   * @throws DecodeException MALFORMED with the field's path, or if reading the record would take
   *     far more memory than it has bytes; or TRAILING_BYTES
   */
  static void check(Schema schema, byte[] b, int from, int to) throws DecodeException {
    BodyCheck walk = new BodyCheck(new AvroCursor().reset(b, from, to));
    walk.value(schema, schema.getName(), 0);
    if (walk.cursor.failed()) {
      throw new DecodeException(
          Reason.MALFORMED,
          walk.where
              + " cannot be read: the "
              + (to - from)
              + " bytes behind the header are truncated or are not of this schema");
    }
    long structure = walk.cursor.position() - from - walk.numbers;
    if (structure > MOST_STRUCTURE) {
      throw new DecodeException(
          Reason.MALFORMED,
          schema.getName()
              + " has "
              + structure
              + " bytes of text and lists beside its blocks of numbers, at most "
              + MOST_STRUCTURE
              + " are read");
    }
    if (walk.cursor.remaining() > 0) {
      throw new DecodeException(
          Reason.TRAILING_BYTES,
          schema.getName()
              + " ends after "
              + (walk.cursor.position() - from)
              + " bytes, "
              + walk.cursor.remaining()
              + " more follow; one record holds one object");
    }
  }

  private void value(Schema schema, String path, int depth) {
    if (cursor.failed()) {
      return;
    }
    if (depth > MAX_DEPTH) {
      cursor.fail();
    } else {
      branch(schema, path, depth);
    }
    if (cursor.failed() && where.isEmpty()) {
      where = path;
    }
  }

  private void branch(Schema schema, String path, int depth) {
    switch (schema.getType()) {
      case NULL -> {}
      case BOOLEAN -> cursor.readBoolean();
      case INT -> cursor.readInt();
      case LONG -> cursor.readLong();
      case FLOAT -> cursor.skip(Float.BYTES);
      case DOUBLE -> cursor.skip(Double.BYTES);
      case BYTES -> numbers += cursor.readSlice();
      case STRING -> string();
      case FIXED -> cursor.skip(schema.getFixedSize());
      case ENUM -> cursor.readIndex(schema.getEnumSymbols().size());
      case UNION ->
          value(schema.getTypes().get(cursor.readIndex(schema.getTypes().size())), path, depth + 1);
      case ARRAY -> array(schema, path, depth);
      case MAP -> map(schema, path, depth);
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          value(field.schema(), path + "." + field.name(), depth + 1);
        }
      }
    }
  }

  private void string() {
    int n = cursor.readSlice();
    if (!StrictUtf8.valid(cursor.bytes(), cursor.sliceOffset(), n)) {
      cursor.fail();
    }
  }

  private void array(Schema schema, String path, int depth) {
    Schema items = schema.getElementType();
    for (int n; (n = cursor.readBlock(1)) > 0; ) {
      int fixed =
          switch (items.getType()) {
            case FLOAT -> Float.BYTES;
            case DOUBLE -> Double.BYTES;
            default -> 0;
          };
      if (fixed > 0) {
        cursor.skip(n > cursor.remaining() / fixed ? -1 : n * fixed);
        numbers += (long) n * fixed;
        continue;
      }
      for (int i = 0; i < n && !cursor.failed(); i++) {
        value(items, path, depth + 1);
      }
    }
  }

  private void map(Schema schema, String path, int depth) {
    for (int n; (n = cursor.readBlock(1)) > 0; ) {
      for (int i = 0; i < n && !cursor.failed(); i++) {
        string();
        value(schema.getValueType(), path, depth + 1);
      }
    }
  }
}

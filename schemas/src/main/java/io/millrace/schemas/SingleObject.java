package io.millrace.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Avro's single-object encoding: <em>Avro specification 1.12, "Single-object encoding"</em>.
 *
 * <pre>
 * offset 0   C3 01                      marker
 * offset 2   8 bytes, little-endian     CRC-64-AVRO of the writer schema's parsing canonical form
 * offset 10  the record                 Avro binary
 * </pre>
 *
 * Thread-safe.
 */
public final class SingleObject {
  /** First byte of every record. */
  public static final byte MARKER_0 = (byte) 0xC3;

  /** Second byte of every record. */
  public static final byte MARKER_1 = 0x01;

  static final int FINGERPRINT_OFFSET = 2;

  /** Where the record begins. */
  public static final int HEADER_BYTES = 10;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final SingleObject STANDARD = new SingleObject(StoredSchemas.load());
  private static final Map<RecordKind, Long> CURRENT = new EnumMap<>(RecordKind.class);

  static {
    for (RecordKind kind : RecordKind.values()) {
      CURRENT.put(kind, fingerprint(kind));
    }
  }

  private final SchemaStore store;
  private final RecordReader reader = new RecordReader();

  /** Over the schemas of a store. */
  public SingleObject(SchemaStore store) {
    this.store = store;
  }

  /** Over the current schemas and every stored version. */
  public static SingleObject standard() {
    return STANDARD;
  }

  /** Fingerprint of the schema this build writes for a kind. */
  public static long fingerprint(RecordKind kind) {
    return SchemaNormalization.parsingFingerprint64(kind.schema());
  }

  /** Whether bytes begin with a marker and a fingerprint. */
  public static boolean hasHeader(byte[] b) {
    return b.length >= HEADER_BYTES && b[0] == MARKER_0 && b[1] == MARKER_1;
  }

  /** The fingerprint in a header; only where {@link #hasHeader}. */
  public static long fingerprint(byte[] b) {
    return (long) LONG.get(b, FINGERPRINT_OFFSET);
  }

  /**
   * The writer schema a record names.
   *
   * @return null without a header or for a schema that is not known
   */
  public WriterSchema writerOf(byte[] b) {
    return hasHeader(b) ? store.find(fingerprint(b)) : null;
  }

  /** The writer schema with a fingerprint, or null. */
  public WriterSchema writer(long fingerprint) {
    return store.find(fingerprint);
  }

  /** Header and body under the current schema; equal records give equal bytes (maps sorted). */
  public static byte[] encode(SpecificRecordBase record) {
    RecordKind kind = RecordKind.of(record.getSchema());
    if (kind == null) {
      throw new IllegalStateException(
          "'" + record.getSchema().getFullName() + "' does not travel alone");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.writeBytes(new AvroSink().header(CURRENT.get(kind)).toByteArray());
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new SortedMapWriter<>(record.getSchema(), record.getSpecificData()).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail
    }
    return out.toByteArray();
  }

  /**
   * Decodes a record of any kind, brought to the current schema. Allocates in proportion to the
   * bytes, whatever lengths they claim.
   *
   * @param b may be anything
   * @throws DecodeException EMPTY, NOT_SINGLE_OBJECT, UNKNOWN_SCHEMA, MALFORMED or TRAILING_BYTES
   */
  public SpecificRecordBase decode(byte[] b) throws DecodeException {
    return reader.read(require(b), b, HEADER_BYTES, b.length);
  }

  /**
   * Decodes a record of one kind, brought to the current schema.
   *
   * @throws DecodeException as {@link #decode(byte[])}, and WRONG_TYPE for another kind
   */
  public <T extends SpecificRecordBase> T decode(Class<T> type, byte[] b) throws DecodeException {
    WriterSchema writer = require(b);
    if (writer.kind().type() != type) {
      throw new DecodeException(
          Reason.WRONG_TYPE,
          "record is a " + writer.schema().getName() + "; must be a " + type.getSimpleName());
    }
    return type.cast(reader.read(writer, b, HEADER_BYTES, b.length));
  }

  private WriterSchema require(byte[] b) throws DecodeException {
    if (b == null || b.length == 0) {
      throw new DecodeException(Reason.EMPTY, "record has no value; must be a single Avro object");
    }
    if (!hasHeader(b)) {
      throw new DecodeException(
          Reason.NOT_SINGLE_OBJECT,
          "record of "
              + b.length
              + " bytes does not begin with c3 01 and 8 bytes of fingerprint; write Avro"
              + " single-object encoding");
    }
    WriterSchema writer = store.find(fingerprint(b));
    if (writer == null) {
      throw new DecodeException(
          Reason.UNKNOWN_SCHEMA,
          String.format(
              Locale.ROOT,
              "record has schema fingerprint %016x, which this build does not know; see the table"
                  + " in docs/wire-format.md",
              fingerprint(b)));
    }
    return writer;
  }
}

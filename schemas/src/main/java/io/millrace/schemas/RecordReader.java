package io.millrace.schemas;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Reads the body of a record with Avro's resolving reader, from any writer schema to the current
 * one. The bytes are walked first ({@link BodyCheck}), so lengths in them are true before Avro
 * allocates for them. Thread-safe.
 */
final class RecordReader {
  private final Map<WriterSchema, SpecificDatumReader<SpecificRecordBase>> readers =
      new ConcurrentHashMap<>();

  SpecificRecordBase read(WriterSchema writer, byte[] b, int from, int to) throws DecodeException {
    BodyCheck.check(writer.schema(), b, from, to);
    SpecificDatumReader<SpecificRecordBase> reader =
        readers.computeIfAbsent(
            writer,
            w -> new SpecificDatumReader<>(w.schema(), w.kind().schema(), RecordClasses.ALL));
    try {
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(b, from, to - from, null);
      return reader.read(null, decoder);
    } catch (IOException | RuntimeException e) { // a value that resolves to nothing, e.g. an enum
      throw new DecodeException(
          Reason.MALFORMED,
          writer.schema().getName() + " cannot be read under the current schema: " + e,
          e);
    }
  }
}

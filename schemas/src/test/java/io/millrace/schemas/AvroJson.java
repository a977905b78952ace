package io.millrace.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;

/** Single objects read generically, so that generated classes have no part in it. */
final class AvroJson {
  private AvroJson() {}

  /** The body as its writer wrote it, in Avro's JSON encoding. */
  static String decode(Schema writer, byte[] singleObject) throws IOException {
    return decode(writer, writer, singleObject);
  }

  /** The body under another schema, in Avro's JSON encoding. */
  static String decode(Schema writer, Schema reader, byte[] b) throws IOException {
    GenericData data = new GenericData(); // without logical types: longs stay longs
    Object value =
        new GenericDatumReader<>(writer, reader, data)
            .read(
                null,
                DecoderFactory.get()
                    .binaryDecoder(
                        b, SingleObject.HEADER_BYTES, b.length - SingleObject.HEADER_BYTES, null));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonEncoder encoder = EncoderFactory.get().jsonEncoder(reader, out);
    new SortedMaps(reader, data).write(value, encoder);
    encoder.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static final class SortedMaps extends GenericDatumWriter<Object> {
    SortedMaps(Schema schema, GenericData data) {
      super(schema, data);
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Iterable<Map.Entry<Object, Object>> getMapEntries(Object map) {
      List<Map.Entry<Object, Object>> entries =
          new ArrayList<>(((Map<Object, Object>) map).entrySet());
      entries.sort(Comparator.comparing(e -> e.getKey().toString()));
      return entries;
    }
  }
}

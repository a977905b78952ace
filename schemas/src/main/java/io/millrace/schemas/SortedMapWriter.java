package io.millrace.schemas;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * Writes the entries of a map in the order of their keys, so that equal records are equal bytes.
 */
final class SortedMapWriter<T> extends SpecificDatumWriter<T> {
  SortedMapWriter(Schema schema, SpecificData data) {
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

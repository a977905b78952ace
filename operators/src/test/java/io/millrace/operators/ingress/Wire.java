package io.millrace.operators.ingress;

import io.millrace.schemas.AvroSink;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleBatch;
import io.millrace.schemas.ExampleItem;
import io.millrace.schemas.NamedFeatures;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseFeatures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Events for tests, written by the generated classes where they are good. */
final class Wire {
  static final List<String> TOPICS = List.of("examples", "events");

  static final EventTimes TIMES = new EventTimes(Duration.ofHours(1));

  static final List<EventKind> ALL_KINDS =
      List.of(EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH, EventKind.LABEL, EventKind.CONTROL);

  private Wire() {}

  static byte[] example(String key, String id, long time, double weight, Object y, Object x) {
    return SingleObject.encode(new Example(key, id, Instant.ofEpochMilli(time), weight, y, x));
  }

  static ExampleItem item(String id, long time, double weight, Object y, Object x) {
    return new ExampleItem(id, Instant.ofEpochMilli(time), weight, y, x);
  }

  static byte[] batch(String key, ExampleItem... items) {
    return SingleObject.encode(new ExampleBatch(key, List.of(items)));
  }

  static DenseFeatures dense(float... values) {
    return new DenseFeatures(list(values));
  }

  static SparseFeatures sparse(int[] indices, float... values) {
    return new SparseFeatures(
        new ArrayList<>(Arrays.stream(indices).boxed().toList()), list(values));
  }

  static NamedFeatures named(Map<String, Double> numbers, Map<String, String> categories) {
    return new NamedFeatures(numbers, categories);
  }

  private static List<Float> list(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float v : values) {
      list.add(v);
    }
    return list;
  }

  /** A batch whose items are written by hand. */
  static byte[] rawBatch(String key, Consumer<AvroSink> items) {
    AvroSink s = new AvroSink();
    s.header(SingleObject.fingerprint(RecordKind.EXAMPLE_BATCH)).writeString(key);
    items.accept(s);
    return s.toByteArray();
  }

  static RoutedEvent event(EventKind kind, byte[] value) {
    return new RoutedEvent(kind.code(), 1, 3, 10442, 5000, null, "a", null, value, null, null);
  }
}

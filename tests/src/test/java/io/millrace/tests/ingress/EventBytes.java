package io.millrace.tests.ingress;

import io.millrace.schemas.AvroSink;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/** Writes events field by field, good ones and ones the generated classes would refuse. */
final class EventBytes {
  private EventBytes() {}

  /** A dense Example of key "a", id "i". */
  static byte[] denseExample(long time, double weight, Consumer<AvroSink> label, float... values) {
    return example("a", s -> item(s, "i", time, weight, label, denseFeatures(values)));
  }

  /** A sparse Example of key "a", id "i". */
  static byte[] sparseExample(Consumer<AvroSink> label, int[] indices, float... values) {
    return example(
        "a",
        s -> item(s, "i", 0, 1, label, f -> f.writeInt(1).writeInts(indices).writeFloats(values)));
  }

  /** A named Example of key "a", id "i". */
  static byte[] namedExample(Map<String, Double> numbers, Map<String, String> categories) {
    return example("a", s -> item(s, "i", 0, 1, noLabel(), namedFeatures(numbers, categories)));
  }

  /** An Example: header, key and what follows. */
  static byte[] example(String key, Consumer<AvroSink> rest) {
    AvroSink s = new AvroSink();
    s.header(SingleObject.fingerprint(RecordKind.EXAMPLE)).writeString(key);
    rest.accept(s);
    return s.toByteArray();
  }

  /** An ExampleBatch of key "a", its items in one block. */
  @SafeVarargs
  static byte[] batch(Consumer<AvroSink>... items) {
    AvroSink s = new AvroSink();
    s.header(SingleObject.fingerprint(RecordKind.EXAMPLE_BATCH)).writeString("a");
    s.writeLong(items.length);
    for (Consumer<AvroSink> item : items) {
      item.accept(s);
    }
    return s.writeLong(0).toByteArray();
  }

  /** The fields of an item, which are those of an Example behind its key. */
  static void item(
      AvroSink s,
      String id,
      long time,
      double weight,
      Consumer<AvroSink> label,
      Consumer<AvroSink> features) {
    s.writeString(id).writeLong(time).writeDouble(weight);
    label.accept(s);
    features.accept(s);
  }

  static Consumer<AvroSink> noLabel() {
    return s -> s.writeInt(0);
  }

  static Consumer<AvroSink> number(double y) {
    return s -> s.writeInt(1).writeDouble(y);
  }

  static Consumer<AvroSink> name(String y) {
    return s -> s.writeInt(2).writeString(y);
  }

  static Consumer<AvroSink> denseFeatures(float... values) {
    return s -> s.writeInt(0).writeFloats(values);
  }

  static Consumer<AvroSink> namedFeatures(
      Map<String, Double> numbers, Map<String, String> categories) {
    return s -> {
      s.writeInt(2);
      if (!numbers.isEmpty()) {
        s.writeLong(numbers.size());
        numbers.forEach((k, v) -> s.writeString(k).writeDouble(v));
      }
      s.writeLong(0);
      if (!categories.isEmpty()) {
        s.writeLong(categories.size());
        categories.forEach((k, v) -> s.writeString(k).writeString(v));
      }
      s.writeLong(0);
    };
  }

  /** A Label of key "a"; its union has no null, so a branch is one less than an Example's. */
  static byte[] label(String id, long time, Consumer<AvroSink> label, Double weight) {
    AvroSink one = new AvroSink();
    label.accept(one);
    byte[] b = one.toByteArray();
    b[0] -= 2;
    AvroSink s = new AvroSink();
    s.header(SingleObject.fingerprint(RecordKind.LABEL)).writeString("a").writeString(id);
    s.writeLong(time).append(b, 0, b.length).writeInt(weight == null ? 0 : 1);
    if (weight != null) {
      s.writeDouble(weight);
    }
    return s.toByteArray();
  }

  static byte[] control(int command, String name, double value) {
    AvroSink s = new AvroSink();
    s.header(SingleObject.fingerprint(RecordKind.CONTROL)).writeString("a").writeInt(command);
    s.writeString(name).writeDouble(value).writeLong(0).writeString("").writeLong(0).writeInt(0);
    return s.toByteArray();
  }

  static byte[] filled(int n, int b) {
    byte[] bytes = new byte[n];
    Arrays.fill(bytes, (byte) b);
    return bytes;
  }

  static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}

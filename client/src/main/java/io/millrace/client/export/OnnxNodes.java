package io.millrace.client.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A GraphProto in the making. Numbers are the field numbers of onnx.proto3. */
final class OnnxNodes {
  /** TensorProto.DataType. */
  static final int FLOAT = 1;

  /** TensorProto.DataType. */
  static final int INT64 = 7;

  /** TensorProto.DataType. */
  static final int BOOL = 9;

  /** TensorProto.DataType. */
  static final int DOUBLE = 11;

  /** Domain of the operators of classical machine learning. */
  static final String ML = "ai.onnx.ml";

  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_FLOATS = 6;
  private static final int ATTRIBUTE_INTS = 7;
  private static final int ATTRIBUTE_STRINGS = 8;

  private final Proto graph = new Proto();

  /** Everything so far, under a name. */
  Proto proto(String name) {
    return graph.text(2, name);
  }

  void node(String op, String output, String... inputs) {
    node(op, output, Map.of(), inputs);
  }

  /** NodeProto with attributes that are integers. */
  void node(String op, String output, Map<String, Long> attributes, String... inputs) {
    List<Proto> all = new ArrayList<>();
    new TreeMap<>(attributes).forEach((name, value) -> all.add(integer(name, value)));
    node("", op, output, all, inputs);
  }

  /** NodeProto with attributes that are integers, and the axes it works over. */
  void node(
      String op, String output, Map<String, Long> attributes, List<Long> axes, String... inputs) {
    List<Proto> all = new ArrayList<>();
    all.add(integers("axes", axes));
    new TreeMap<>(attributes).forEach((name, value) -> all.add(integer(name, value)));
    node("", op, output, all, inputs);
  }

  /**
   * NodeProto.
   *
   * @param domain empty: that of ONNX itself
   */
  void node(String domain, String op, String output, List<Proto> attributes, String... inputs) {
    Proto node = new Proto();
    Arrays.stream(inputs).forEach(in -> node.text(1, in));
    node.text(2, output).text(3, output).text(4, op);
    attributes.forEach(a -> node.message(5, a));
    if (!domain.isEmpty()) {
      node.text(7, domain);
    }
    graph.message(1, node);
  }

  /** AttributeProto. */
  static Proto integer(String name, long value) {
    return new Proto().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
  }

  /** AttributeProto. */
  static Proto integers(String name, List<Long> values) {
    Proto packed = new Proto();
    values.forEach(packed::packed);
    return new Proto().text(1, name).bytes(8, packed.toByteArray()).number(20, ATTRIBUTE_INTS);
  }

  /** AttributeProto. */
  static Proto floats(String name, float[] values) {
    ByteBuffer raw = buffer(values.length * Float.BYTES);
    for (float v : values) {
      raw.putFloat(v);
    }
    return new Proto().text(1, name).bytes(7, raw.array()).number(20, ATTRIBUTE_FLOATS);
  }

  /** AttributeProto. */
  static Proto texts(String name, List<String> values) {
    Proto attribute = new Proto().text(1, name);
    values.forEach(v -> attribute.text(9, v));
    return attribute.number(20, ATTRIBUTE_STRINGS);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** TensorProto of floats, with raw little-endian data. */
  void initializer(String name, double[] values, int... dims) {
    ByteBuffer raw = buffer(values.length * Float.BYTES);
    for (double v : values) {
      raw.putFloat((float) v);
    }
    initializer(name, FLOAT, raw, dims);
  }

  /** TensorProto of doubles. */
  void doubles(String name, double[] values, int... dims) {
    ByteBuffer raw = buffer(values.length * Double.BYTES);
    for (double v : values) {
      raw.putDouble(v);
    }
    initializer(name, DOUBLE, raw, dims);
  }

  /** TensorProto of integers, one dimension. */
  void integers(String name, long... values) {
    ByteBuffer raw = buffer(values.length * Long.BYTES);
    for (long v : values) {
      raw.putLong(v);
    }
    initializer(name, INT64, raw, values.length);
  }

  private void initializer(String name, int type, ByteBuffer raw, int... dims) {
    Proto tensor = new Proto();
    Arrays.stream(dims).forEach(d -> tensor.number(1, d));
    graph.message(5, tensor.number(2, type).text(8, name).bytes(9, raw.array()));
  }

  void input(String name, int columns) {
    graph.message(11, value(name, FLOAT, columns));
  }

  void output(String name, int type, int columns) {
    graph.message(12, value(name, type, columns));
  }

  /** ValueInfoProto of [N, columns]. */
  private static Proto value(String name, int type, int columns) {
    Proto shape =
        new Proto().message(1, new Proto().text(2, "N")).message(1, new Proto().number(1, columns));
    Proto tensor = new Proto().number(1, type).message(2, shape);
    return new Proto().text(1, name).message(2, new Proto().message(1, tensor));
  }
}

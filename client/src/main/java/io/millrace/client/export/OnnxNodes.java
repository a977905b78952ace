package io.millrace.client.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** A GraphProto in the making. Numbers are the field numbers of onnx.proto3. */
final class OnnxNodes {
  /** TensorProto.DataType. */
  static final int FLOAT = 1;

  /** TensorProto.DataType. */
  static final int INT64 = 7;

  private static final int ATTRIBUTE_INT = 2;

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
    Proto node = new Proto();
    Arrays.stream(inputs).forEach(in -> node.text(1, in));
    node.text(2, output).text(3, output).text(4, op);
    new TreeMap<>(attributes)
        .forEach(
            (name, value) ->
                node.message(
                    5, new Proto().text(1, name).number(3, value).number(20, ATTRIBUTE_INT)));
    graph.message(1, node);
  }

  /** TensorProto of floats, with raw little-endian data. */
  void initializer(String name, double[] values, int... dims) {
    Proto tensor = new Proto();
    Arrays.stream(dims).forEach(d -> tensor.number(1, d));
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double v : values) {
      raw.putFloat((float) v);
    }
    graph.message(5, tensor.number(2, FLOAT).text(8, name).bytes(9, raw.array()));
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

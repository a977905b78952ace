package io.millrace.client.export;

import io.millrace.core.special.Erfc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads an ONNX file with a parser of its own and computes one row of it. */
final class OnnxGraph {
  /** A field of a message: a varint, or bytes. */
  record Field(int number, long value, byte[] bytes) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private final List<Field> graph;
  final Map<String, String> metadata = new HashMap<>();
  final long irVersion;
  final long opset;
  final List<String> outputs = new ArrayList<>();

  OnnxGraph(byte[] file) {
    List<Field> model = parse(file);
    irVersion = one(model, 1).value();
    graph = parse(one(model, 7).bytes());
    opset = one(parse(one(model, 8).bytes()), 2).value();
    for (Field f : all(model, 14)) {
      List<Field> entry = parse(f.bytes());
      metadata.put(one(entry, 1).text(), one(entry, 2).text());
    }
    all(graph, 12).forEach(f -> outputs.add(one(parse(f.bytes()), 1).text()));
  }

  /** Values of all names after a run on one row. */
  Map<String, float[]> run(float[] features) {
    Map<String, float[]> values = new HashMap<>();
    Map<String, long[]> dims = new HashMap<>();
    values.put("features", features);
    for (Field f : all(graph, 5)) {
      List<Field> tensor = parse(f.bytes());
      ByteBuffer raw = ByteBuffer.wrap(one(tensor, 9).bytes()).order(ByteOrder.LITTLE_ENDIAN);
      float[] v = new float[raw.remaining() / 4];
      raw.asFloatBuffer().get(v);
      values.put(one(tensor, 8).text(), v);
      dims.put(one(tensor, 8).text(), all(tensor, 1).stream().mapToLong(Field::value).toArray());
    }
    for (Field f : all(graph, 1)) {
      List<Field> node = parse(f.bytes());
      List<String> in = all(node, 1).stream().map(Field::text).toList();
      float[] a = values.get(in.get(0));
      float[] b = in.size() > 1 ? values.get(in.get(1)) : null;
      String op = one(node, 4).text();
      float[] out =
          op.equals("MatMul") ? multiply(a, b, (int) dims.get(in.get(1))[1]) : apply(op, a, b);
      values.put(one(node, 2).text(), out);
    }
    return values;
  }

  private static float[] multiply(float[] a, float[] b, int columns) {
    float[] out = new float[columns];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < columns; k++) {
        out[k] += a[i] * b[i * columns + k];
      }
    }
    return out;
  }

  private static float[] apply(String op, float[] a, float[] b) {
    float[] out = new float[op.equals("ArgMax") ? 1 : a.length];
    double sum = 0;
    for (float v : a) {
      sum += Math.exp(v);
    }
    for (int i = 0; i < a.length; i++) {
      double c = b == null ? 0 : b[b.length == 1 ? 0 : i]; // the only broadcast there is
      double y =
          switch (op) {
            case "Sub" -> a[i] - c;
            case "Clip" -> Math.max(c, Math.min(-c, a[i])); // its bounds are -b and b
            case "Mul" -> a[i] * c;
            case "Add" -> a[i] + c;
            case "Sign" -> Math.signum(a[i]);
            case "Relu" -> Math.max(a[i], 0);
            case "Tanh" -> Math.tanh(a[i]);
            case "Sqrt" -> Math.sqrt(a[i]);
            case "Div" -> a[i] / c;
            case "Erf" -> 2 * Erfc.phi(a[i] * Math.sqrt(2)) - 1;
            case "Exp" -> Math.exp(a[i]);
            case "Sigmoid" -> 1 / (1 + Math.exp(-a[i]));
            case "Softmax" -> Math.exp(a[i]) / sum;
            case "Greater" -> a[i] > c ? 1 : 0;
            case "Cast" -> a[i];
            case "ArgMax" -> a[i] > a[(int) out[0]] ? i : out[0];
            default -> throw new IllegalArgumentException(op);
          };
      out[op.equals("ArgMax") ? 0 : i] = (float) y;
    }
    return out;
  }

  static List<Field> all(List<Field> message, int number) {
    return message.stream().filter(f -> f.number() == number).toList();
  }

  static Field one(List<Field> message, int number) {
    return all(message, number).get(0);
  }

  static List<Field> parse(byte[] b) {
    List<Field> fields = new ArrayList<>();
    int[] at = {0};
    while (at[0] < b.length) {
      long tag = varint(b, at);
      if ((tag & 7) == 0) {
        fields.add(new Field((int) (tag >> 3), varint(b, at), null));
      } else if ((tag & 7) == 2) {
        int length = (int) varint(b, at);
        byte[] bytes = Arrays.copyOfRange(b, at[0], at[0] + length);
        at[0] += length;
        fields.add(new Field((int) (tag >> 3), 0, bytes));
      } else {
        throw new IllegalArgumentException("wire type " + (tag & 7));
      }
    }
    return fields;
  }

  private static long varint(byte[] b, int[] at) {
    long v = 0;
    for (int shift = 0; ; shift += 7) {
      byte x = b[at[0]++];
      v |= (long) (x & 0x7F) << shift;
      if (x >= 0) {
        return v;
      }
    }
  }
}

package io.millrace.client.export;

import static io.millrace.client.export.OnnxGraph.all;
import static io.millrace.client.export.OnnxGraph.one;
import static io.millrace.client.export.OnnxGraph.parse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Computes one row of an ONNX file of trees, by the definitions of its operators. */
final class OnnxTreeGraph {
  /** Numbers and their shape. */
  record Array(int[] shape, double[] data) {
    int size() {
      return data.length;
    }
  }

  private final List<OnnxGraph.Field> graph;

  OnnxTreeGraph(byte[] file) {
    graph = parse(one(parse(file), 7).bytes());
  }

  Map<String, Array> run(double[] features) {
    Map<String, Array> values = new HashMap<>();
    values.put("features", new Array(new int[] {1, features.length}, features));
    all(graph, 5).forEach(f -> initializer(parse(f.bytes()), values));
    for (OnnxGraph.Field f : all(graph, 1)) {
      List<OnnxGraph.Field> node = parse(f.bytes());
      List<Array> in = all(node, 1).stream().map(i -> values.get(i.text())).toList();
      Map<String, List<OnnxGraph.Field>> attributes = new HashMap<>();
      all(node, 5).forEach(a -> attributes.put(one(parse(a.bytes()), 1).text(), parse(a.bytes())));
      values.put(one(node, 2).text(), apply(one(node, 4).text(), in, attributes));
    }
    return values;
  }

  private static void initializer(List<OnnxGraph.Field> tensor, Map<String, Array> values) {
    ByteBuffer raw = ByteBuffer.wrap(one(tensor, 9).bytes()).order(ByteOrder.LITTLE_ENDIAN);
    double[] data = new double[raw.remaining() / Double.BYTES];
    boolean integers = one(tensor, 2).value() == OnnxNodes.INT64;
    for (int i = 0; i < data.length; i++) {
      data[i] = integers ? raw.getLong() : raw.getDouble();
    }
    int[] shape = all(tensor, 1).stream().mapToInt(d -> (int) d.value()).toArray();
    values.put(one(tensor, 8).text(), new Array(shape, data));
  }

  private static Array apply(
      String op, List<Array> in, Map<String, List<OnnxGraph.Field>> attributes) {
    Array a = in.get(0);
    return switch (op) {
      case "TreeEnsembleRegressor" -> trees(a.data, attributes);
      case "Cast", "Identity" -> a;
      case "Exp" -> each(a, Math::exp);
      case "Sign" -> each(a, Math::signum);
      case "Abs" -> each(a, Math::abs);
      case "Add" -> pairs(a, in.get(1), (x, y) -> x + y);
      case "Sub" -> pairs(a, in.get(1), (x, y) -> x - y);
      case "Mul" -> pairs(a, in.get(1), (x, y) -> x * y);
      case "Div" -> pairs(a, in.get(1), (x, y) -> x / y);
      case "Greater" -> pairs(a, in.get(1), (x, y) -> x > y ? 1 : 0);
      case "Where" -> where(a, in.get(1), in.get(2));
      case "Reshape" -> reshape(a, in.get(1).data);
      case "Gather" -> gather(a, in.get(1), (int) number(attributes, "axis", 0));
      case "ReduceSum" ->
          reduce(a, (int) in.get(1).data[0], number(attributes, "keepdims", 1) == 1, false);
      case "ReduceMax" ->
          reduce(
              a,
              (int) integers(attributes, "axes")[0],
              number(attributes, "keepdims", 1) == 1,
              true);
      case "ArgMax" -> argMax(a);
      default -> throw new IllegalArgumentException(op);
    };
  }

  private interface One {
    double of(double x);
  }

  private interface Two {
    double of(double x, double y);
  }

  private static Array each(Array a, One f) {
    return new Array(a.shape, Arrays.stream(a.data).map(f::of).toArray());
  }

  private static int[] broadcast(Array a, Array b) {
    int n = Math.max(a.shape.length, b.shape.length);
    int[] shape = new int[n];
    for (int i = 0; i < n; i++) {
      shape[n - 1 - i] = Math.max(dimension(a, i), dimension(b, i));
    }
    return shape;
  }

  /** From the last one on. */
  private static int dimension(Array a, int i) {
    return i < a.shape.length ? a.shape[a.shape.length - 1 - i] : 1;
  }

  private static double at(Array a, int[] shape, int flat) {
    int index = 0;
    int stride = 1;
    for (int i = 0; i < a.shape.length; i++) {
      int d = shape[shape.length - 1 - i];
      index += stride * (dimension(a, i) == 1 ? 0 : flat % d);
      stride *= dimension(a, i);
      flat /= d;
    }
    return a.data[index];
  }

  private static Array pairs(Array a, Array b, Two f) {
    int[] shape = broadcast(a, b);
    double[] out = new double[Arrays.stream(shape).reduce(1, (x, y) -> x * y)];
    for (int i = 0; i < out.length; i++) {
      out[i] = f.of(at(a, shape, i), at(b, shape, i));
    }
    return new Array(shape, out);
  }

  private static Array where(Array condition, Array a, Array b) {
    int[] shape = broadcast(condition, new Array(broadcast(a, b), new double[0]));
    double[] out = new double[Arrays.stream(shape).reduce(1, (x, y) -> x * y)];
    for (int i = 0; i < out.length; i++) {
      out[i] = at(condition, shape, i) != 0 ? at(a, shape, i) : at(b, shape, i);
    }
    return new Array(shape, out);
  }

  private static Array reshape(Array a, double[] to) {
    int known = 1;
    for (double d : to) {
      known *= d < 0 ? 1 : (int) d;
    }
    int rest = a.size() / known;
    return new Array(Arrays.stream(to).mapToInt(d -> d < 0 ? rest : (int) d).toArray(), a.data);
  }

  private static Array gather(Array a, Array index, int axis) {
    int inner = 1;
    for (int i = axis + 1; i < a.shape.length; i++) {
      inner *= a.shape[i];
    }
    int outer = a.size() / inner / a.shape[axis];
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < axis; i++) {
      shape.add(a.shape[i]);
    }
    Arrays.stream(index.shape).forEach(shape::add);
    for (int i = axis + 1; i < a.shape.length; i++) {
      shape.add(a.shape[i]);
    }
    double[] out = new double[outer * index.size() * inner];
    for (int o = 0; o < outer; o++) {
      for (int j = 0; j < index.size(); j++) {
        int from = (o * a.shape[axis] + (int) index.data[j]) * inner;
        System.arraycopy(a.data, from, out, (o * index.size() + j) * inner, inner);
      }
    }
    return new Array(shape.stream().mapToInt(Integer::intValue).toArray(), out);
  }

  private static Array reduce(Array a, int axis, boolean keeps, boolean max) {
    int inner = 1;
    for (int i = axis + 1; i < a.shape.length; i++) {
      inner *= a.shape[i];
    }
    int n = a.shape[axis];
    double[] out = new double[a.size() / n];
    for (int i = 0; i < out.length; i++) {
      double r = max ? Double.NEGATIVE_INFINITY : 0;
      for (int j = 0; j < n; j++) {
        double v = a.data[(i / inner * n + j) * inner + i % inner];
        r = max ? Math.max(r, v) : r + v;
      }
      out[i] = r;
    }
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < a.shape.length; i++) {
      if (i != axis || keeps) {
        shape.add(i == axis ? 1 : a.shape[i]);
      }
    }
    return new Array(shape.stream().mapToInt(Integer::intValue).toArray(), out);
  }

  private static Array argMax(Array a) {
    int best = 0;
    for (int i = 1; i < a.size(); i++) {
      best = a.data[i] > a.data[best] ? i : best;
    }
    return new Array(new int[] {1, 1}, new double[] {best});
  }

  private static double number(
      Map<String, List<OnnxGraph.Field>> attributes, String name, double otherwise) {
    return attributes.containsKey(name) ? one(attributes.get(name), 3).value() : otherwise;
  }

  private static long[] integers(Map<String, List<OnnxGraph.Field>> attributes, String name) {
    byte[] packed = one(attributes.get(name), 8).bytes();
    List<Long> all = new ArrayList<>();
    long v = 0;
    int shift = 0;
    for (byte b : packed) {
      v |= (long) (b & 0x7F) << shift;
      shift += 7;
      if (b >= 0) {
        all.add(v);
        v = 0;
        shift = 0;
      }
    }
    return all.stream().mapToLong(Long::longValue).toArray();
  }

  private static float[] floats(Map<String, List<OnnxGraph.Field>> attributes, String name) {
    ByteBuffer raw =
        ByteBuffer.wrap(one(attributes.get(name), 7).bytes()).order(ByteOrder.LITTLE_ENDIAN);
    float[] all = new float[raw.remaining() / Float.BYTES];
    raw.asFloatBuffer().get(all);
    return all;
  }

  private static Array trees(double[] x, Map<String, List<OnnxGraph.Field>> attributes) {
    double[] out = new double[(int) number(attributes, "n_targets", 1)];
    long[] tree = integers(attributes, "nodes_treeids");
    long[] node = integers(attributes, "nodes_nodeids");
    long[] feature = integers(attributes, "nodes_featureids");
    long[] yes = integers(attributes, "nodes_truenodeids");
    long[] no = integers(attributes, "nodes_falsenodeids");
    float[] value = floats(attributes, "nodes_values");
    List<OnnxGraph.Field> modes = all(attributes.get("nodes_modes"), 9);
    Map<Long, Integer> place = new HashMap<>();
    for (int i = 0; i < tree.length; i++) {
      place.put(tree[i] << 32 | node[i], i);
    }
    long[] targetTree = integers(attributes, "target_treeids");
    long[] targetNode = integers(attributes, "target_nodeids");
    float[] weight = floats(attributes, "target_weights");
    for (int t = 0; t < out.length; t++) {
      int i = place.get((long) t << 32);
      while (!modes.get(i).text().equals("LEAF")) {
        float v = (float) x[(int) feature[i]];
        boolean holds = modes.get(i).text().equals("BRANCH_LEQ") ? v <= value[i] : v == value[i];
        i = place.get((long) t << 32 | (holds ? yes[i] : no[i]));
      }
      for (int j = 0; j < targetTree.length; j++) {
        out[t] += targetTree[j] == t && targetNode[j] == node[i] ? weight[j] : 0;
      }
    }
    return new Array(new int[] {1, out.length}, out);
  }
}

package io.millrace.client.export;

import io.millrace.client.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Trees of a model as one TreeEnsembleRegressor of ONNX, which finds the leaf of each tree: its
 * output is the number of the leaf among all leaves. What a leaf says of a row, which may depend on
 * the row, is computed behind it, by what {@link OnnxLeaves} makes of these numbers.
 *
 * <p>A threshold becomes the largest float that is not above it: a float is below the one if and
 * only if it is below the other.
 */
final class OnnxTrees {
  private static final int COLUMNS = 7;
  private static final int KIND = 0;
  private static final int ATTRIBUTE = 1;
  private static final int THRESHOLD = 2;
  private static final int FIRST_CHILD = 3;
  private static final int CHILDREN = 4;
  private static final int ACTIVE = 5;
  private static final int LEAF = 0;
  private static final int NUMERIC = 1;
  private static final int EACH_VALUE = 3;

  /** A leaf of one of the trees. */
  record Leaf(String tree, int node, int place) {
    /** Whether it is one of the active ones, and which. */
    boolean active() {
      return place >= 0;
    }
  }

  private final List<Leaf> leaves = new ArrayList<>();
  private final List<Long> treeIds = new ArrayList<>();
  private final List<Long> nodeIds = new ArrayList<>();
  private final List<Long> features = new ArrayList<>();
  private final List<String> modes = new ArrayList<>();
  private final List<Float> values = new ArrayList<>();
  private final List<Long> yes = new ArrayList<>();
  private final List<Long> no = new ArrayList<>();
  private final List<Long> leafTrees = new ArrayList<>();
  private final List<Long> leafNodes = new ArrayList<>();
  private int trees;

  /** The trees of a model, in order. */
  OnnxTrees(Model model, List<String> names) {
    names.forEach(name -> add(name, model.tensor(name + ".nodes")));
  }

  /** Leaves of all trees; their places are what the regressor gives. */
  List<Leaf> leaves() {
    return leaves;
  }

  /** Number of trees. */
  int count() {
    return trees;
  }

  /** Parent of each node; -1 of the root. */
  static int[] parents(double[] nodes) {
    int[] parents = new int[nodes.length / COLUMNS];
    parents[0] = -1;
    for (int i = 0; i < parents.length; i++) {
      for (int b = 0; b < nodes[i * COLUMNS + CHILDREN]; b++) {
        parents[(int) nodes[i * COLUMNS + FIRST_CHILD] + b] = i;
      }
    }
    return parents;
  }

  private void add(String name, double[] nodes) {
    int n = nodes.length / COLUMNS;
    int active = 0;
    long next = n; // ids of the nodes that tests of many branches need beside their own
    for (int i = 0; i < n; i++) {
      int at = i * COLUMNS;
      int first = (int) nodes[at + FIRST_CHILD];
      if (nodes[at + KIND] == LEAF) {
        boolean isActive = nodes[at + ACTIVE] == 1;
        leafTrees.add((long) trees);
        leafNodes.add((long) i);
        leaves.add(new Leaf(name, i, isActive ? active++ : -1));
        node(i, 0, "LEAF", 0, 0, 0);
      } else if (nodes[at + KIND] == EACH_VALUE) {
        next = chain(i, (long) nodes[at + ATTRIBUTE], first, (int) nodes[at + CHILDREN], next);
      } else {
        boolean numeric = nodes[at + KIND] == NUMERIC;
        double t = nodes[at + THRESHOLD];
        node(
            i,
            (long) nodes[at + ATTRIBUTE],
            numeric ? "BRANCH_LEQ" : "BRANCH_EQ",
            numeric ? notAbove(t) : (float) t,
            first,
            first + 1);
      }
    }
    trees++;
  }

  /** A branch for each value as tests of one value after the other; the last one needs none. */
  private long chain(long id, long feature, long first, int count, long next) {
    long at = id;
    for (int v = 0; v + 1 < count; v++) {
      boolean last = v + 2 == count;
      node(at, feature, "BRANCH_EQ", v, first + v, last ? first + v + 1 : next);
      at = last ? at : next++;
    }
    return next;
  }

  private void node(
      long id, long feature, String mode, float value, long whenTrue, long whenFalse) {
    treeIds.add((long) trees);
    nodeIds.add(id);
    features.add(feature);
    modes.add(mode);
    values.add(value);
    yes.add(whenTrue);
    no.add(whenFalse);
  }

  private static float notAbove(double t) {
    float f = (float) t;
    return f > t ? Math.nextDown(f) : f;
  }

  /**
   * Appends the regressor and the numbers of the leaves as integers.
   *
   * @param leaf name for them, [N, trees]
   */
  void write(OnnxNodes graph, String input, String leaf) {
    float[] weights = new float[leaves.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i;
    }
    graph.node(
        OnnxNodes.ML,
        "TreeEnsembleRegressor",
        leaf + ".found",
        List.of(
            OnnxNodes.integer("n_targets", trees),
            OnnxNodes.integers("nodes_treeids", treeIds),
            OnnxNodes.integers("nodes_nodeids", nodeIds),
            OnnxNodes.integers("nodes_featureids", features),
            OnnxNodes.texts("nodes_modes", modes),
            OnnxNodes.floats("nodes_values", floats(values)),
            OnnxNodes.integers("nodes_truenodeids", yes),
            OnnxNodes.integers("nodes_falsenodeids", no),
            OnnxNodes.integers("target_treeids", leafTrees),
            OnnxNodes.integers("target_nodeids", leafNodes),
            OnnxNodes.integers("target_ids", leafTrees),
            OnnxNodes.floats("target_weights", weights)),
        input);
    graph.node("Cast", leaf, Map.of("to", (long) OnnxNodes.INT64), leaf + ".found");
  }

  private static float[] floats(List<Float> list) {
    float[] all = new float[list.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = list.get(i);
    }
    return all;
  }
}

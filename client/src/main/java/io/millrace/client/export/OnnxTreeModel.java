package io.millrace.client.export;

import io.millrace.client.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The graph of a model of trees: {@link OnnxTrees} finds the leaves, and what these say is computed
 * in doubles, so that only the result is rounded to a float.
 */
final class OnnxTreeModel {
  private static final Set<String> KINDS = Set.of("tree", "regression-tree", "forest");

  private final Model model;
  private final Map<String, String> config;
  private final OnnxNodes graph;
  private final int width;
  private final OnnxTrees trees;

  private OnnxTreeModel(Model model, OnnxNodes graph) {
    model.requireUsable(); // then the tensors are those of its configuration
    this.model = model;
    this.config = model.config();
    this.graph = graph;
    this.width =
        "named".equals(config.get("features.kind"))
            ? 1 << Integer.parseInt(config.get("features.hash-bits"))
            : Integer.parseInt(config.get("features.dimension"));
    List<String> names = new ArrayList<>();
    TreeOutline.of(model).forEach(t -> names.add(t.name()));
    this.trees = new OnnxTrees(model, names);
  }

  /** Whether a model is one of trees. */
  static boolean suits(Model model) {
    return KINDS.contains(model.config().getOrDefault("model.kind", ""));
  }

  /** Appends the graph with its input and outputs; that of classes where there are some. */
  static void write(Model model, OnnxNodes graph, String input, String scores, String classes) {
    OnnxTreeModel m = new OnnxTreeModel(model, graph);
    graph.input(input, m.width);
    m.trees.write(graph, input, "leaf");
    boolean regression = m.config.get("model.kind").equals("regression-tree");
    int outputs = regression ? 1 : m.votes(input, "result");
    if (regression) {
      new OnnxLines(model, m.trees.leaves(), m.width).write(graph, input, "leaf", "result");
    }
    graph.node("Cast", scores, Map.of("to", (long) OnnxNodes.FLOAT), "result");
    graph.output(scores, OnnxNodes.FLOAT, outputs);
    if (!regression) {
      m.classes(classes, outputs);
      graph.output(classes, OnnxNodes.INT64, 1);
    }
  }

  /** Appends the votes of the trees, joined; how many numbers they are. */
  private int votes(String input, String to) {
    OnnxClassLeaves leaves = new OnnxClassLeaves(model, trees.leaves(), width);
    boolean forest = config.get("model.kind").equals("forest");
    leaves.write(graph, input, "leaf", !forest, "votes");
    int n = trees.count();
    graph.doubles("tree.weights", forest ? weights(n) : new double[] {1}, n, 1);
    graph.node("Mul", "votes.weighted", "votes", "tree.weights");
    graph.integers("axis.trees", 1);
    graph.node("ReduceSum", "sums", Map.of("keepdims", 0L), "votes.weighted", "axis.trees");
    graph.integers("axis.last", 1);
    graph.node("ReduceSum", "sum", Map.of("keepdims", 1L), "sums", "axis.last");
    graph.node("Div", "shares", "sums", "sum");
    if (leaves.classes() > 2) {
      graph.node("Identity", to, "shares");
      return leaves.classes();
    }
    graph.integers("second", 1);
    graph.node("Gather", to, Map.of("axis", 1L), "shares", "second");
    return 1;
  }

  private double[] weights(int n) {
    double[] answers = model.tensor("answers");
    boolean weighted = Double.parseDouble(config.get("model.weighted-votes")) != 0;
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      weights[i] = weighted ? (answers[2 * i] + 1) / (answers[2 * i + 1] + 2) : 1;
    }
    return weights;
  }

  private void classes(String to, int outputs) {
    if (outputs > 1) {
      graph.node("ArgMax", to, Map.of("axis", 1L, "keepdims", 1L), "result");
      return;
    }
    graph.doubles("half", new double[] {0.5}, 1);
    graph.node("Greater", "positive", "result", "half");
    graph.node("Cast", to, Map.of("to", (long) OnnxNodes.INT64), "positive");
  }
}

package io.millrace.client.export;

import io.millrace.client.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A tree of a model as people read it: tests by the names of the features, leaves by what they say.
 * Values of nominal features are their places. Immutable.
 */
public final class TreeOutline {
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

  private final String name;
  private final Map<String, String> config;
  private final double[] nodes;
  private final double[] numbers;
  private final int columns;

  private TreeOutline(Model model, String name) {
    this.name = name;
    this.config = model.config();
    this.nodes = model.tensor(name + ".nodes");
    this.numbers = model.tensor(name + ".numbers");
    this.columns = model.shape(name + ".numbers")[1];
  }

  /** The trees of a model that vote, in order; none where it has no trees. */
  public static List<TreeOutline> of(Model model) {
    List<TreeOutline> all = new ArrayList<>();
    List<String> tensors = model.tensors();
    if (tensors.contains("tree.nodes")) {
      all.add(new TreeOutline(model, "tree"));
    }
    for (int i = 0; tensors.contains("tree." + i + ".nodes"); i++) {
      all.add(new TreeOutline(model, "tree." + i));
    }
    return all;
  }

  /** What its tensors begin with. */
  public String name() {
    return name;
  }

  /** Number of nodes. */
  public int nodes() {
    return nodes.length / COLUMNS;
  }

  /**
   * One line for each node.
   *
   * @param depth below it nodes are counted, not shown; the root's is 0
   */
  public List<String> lines(int depth) {
    List<String> lines = new ArrayList<>();
    append(0, depth, "", "", lines);
    return lines;
  }

  private void append(int node, int depth, String indent, String branch, List<String> lines) {
    if (isLeaf(node)) {
      lines.add(indent + branch + "-> " + says(node));
      return;
    }
    if (depth == 0) {
      lines.add(indent + branch + test(node) + " ... (" + (size(node) - 1) + " nodes below it)");
      return;
    }
    lines.add(indent + branch + test(node));
    for (int b = 0; b < children(node); b++) {
      append(child(node, b), depth - 1, indent + "  ", label(node, b) + ": ", lines);
    }
  }

  /**
   * Nested objects: {@code test} with {@code yes} and {@code no}, or with a field for each value;
   * leaves with {@code weight} and {@code classes} or {@code mean}.
   *
   * @param depth below it a test has {@code nodesBelow} only
   */
  public Map<String, Object> json(int depth) {
    return json(0, depth);
  }

  private Map<String, Object> json(int node, int depth) {
    Map<String, Object> o = new LinkedHashMap<>();
    if (isLeaf(node)) {
      o.put("weight", weight(node));
      if (isRegression()) {
        o.put("mean", mean(node));
      } else {
        o.put("classes", shares(node));
        o.put("active", at(node, ACTIVE) == 1);
      }
      return o;
    }
    o.put("test", test(node));
    if (depth == 0) {
      o.put("nodesBelow", size(node) - 1);
      return o;
    }
    for (int b = 0; b < children(node); b++) {
      o.put(label(node, b), json(child(node, b), depth - 1));
    }
    return o;
  }

  private double at(int node, int column) {
    return nodes[node * COLUMNS + column];
  }

  private boolean isLeaf(int node) {
    return at(node, KIND) == LEAF;
  }

  private int children(int node) {
    return (int) at(node, CHILDREN);
  }

  private int child(int node, int branch) {
    return (int) at(node, FIRST_CHILD) + branch;
  }

  private int size(int node) {
    int n = 1;
    for (int b = 0; b < children(node); b++) {
      n += size(child(node, b));
    }
    return n;
  }

  private String test(int node) {
    int attribute = (int) at(node, ATTRIBUTE);
    String feature = config.getOrDefault("features.names." + attribute, "x" + attribute);
    double t = at(node, THRESHOLD);
    if (at(node, KIND) == NUMERIC) {
      return feature + " <= " + t;
    }
    return at(node, KIND) == EACH_VALUE ? feature : feature + " = " + (long) t;
  }

  private String label(int node, int branch) {
    if (at(node, KIND) == EACH_VALUE) {
      return Integer.toString(branch);
    }
    return branch == 0 ? "yes" : "no";
  }

  private boolean isRegression() {
    return !config.containsKey("model.classes.0");
  }

  private double weight(int node) {
    if (isRegression()) {
      return numbers[node * columns];
    }
    double sum = 0;
    for (int k = 0; k < columns; k++) {
      sum += numbers[node * columns + k];
    }
    return sum;
  }

  private double mean(int node) {
    return numbers[node * columns + 1];
  }

  private Map<String, Double> shares(int node) {
    Map<String, Double> shares = new LinkedHashMap<>();
    double weight = weight(node);
    for (int k = 0; k < columns; k++) {
      double share = weight > 0 ? numbers[node * columns + k] / weight : 1.0 / columns;
      shares.put(config.get("model.classes." + k), share);
    }
    return shares;
  }

  private String says(int node) {
    String weight = String.format(Locale.ROOT, "%.1f", weight(node));
    if (isRegression()) {
      return String.format(Locale.ROOT, "mean %.6g of %s", mean(node), weight);
    }
    StringBuilder out = new StringBuilder();
    shares(node)
        .forEach(
            (name, share) ->
                out.append(out.isEmpty() ? "" : ", ")
                    .append(String.format(Locale.ROOT, "%s %.3f", name, share)));
    String parked = at(node, ACTIVE) == 1 ? "" : ", parked";
    return out + " of " + weight + parked;
  }
}

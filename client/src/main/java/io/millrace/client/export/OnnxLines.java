package io.millrace.client.export;

import io.millrace.client.Model;
import java.util.List;
import java.util.Map;

/**
 * What leaves of a regression tree say, as tables with a row for each leaf; see
 * docs/wire-format.md.
 *
 * <pre>
 * constant + sum over numeric features of slope (x - mean), and of nominal ones of table[x]
 * </pre>
 */
final class OnnxLines {
  private static final int MEAN_ERROR = 5;
  private static final int LINE_ERROR = 6;
  private static final int LINE = 7;
  private static final int WHOLE = 3;

  private final int width;
  private final int leaves;
  private final int[] values;
  private final double[] constant;
  private final double[] slope;
  private final double[] mean;
  private final double[][] tables;

  OnnxLines(Model model, List<OnnxTrees.Leaf> all, int width) {
    this.width = width;
    this.leaves = all.size();
    this.values = new int[width];
    this.constant = new double[leaves];
    this.slope = new double[leaves * width];
    this.mean = new double[width];
    this.tables = new double[width][];
    double[] deviation = new double[width];
    double[] whole = model.tensor("tree.whole");
    double n = whole[WHOLE];
    double sd = n > 0 ? Math.sqrt(whole[WHOLE + 2] / n) : 0;
    int at = WHOLE + 3;
    for (int a = 0; a < width; a++) {
      values[a] = Integer.parseInt(model.config().getOrDefault("features.nominal." + a, "0"));
      if (values[a] == 0) {
        mean[a] = whole[at];
        deviation[a] = n > 0 ? Math.sqrt(whole[at + 1] / n) : 0;
        at += 2;
      } else {
        tables[a] = new double[leaves * values[a]];
      }
    }
    double[] rows = model.tensor("tree.leaves");
    int columns = model.shape("tree.leaves")[1];
    double[] nodes = model.tensor("tree.numbers");
    int nodeColumns = model.shape("tree.numbers")[1];
    int[] parents = OnnxTrees.parents(model.tensor("tree.nodes"));
    String rule = model.config().get("model.leaf");
    for (int i = 0; i < leaves; i++) {
      int row = all.get(i).place() * columns;
      boolean means =
          rule.equals("mean")
              || rule.equals("adaptive") && rows[row + MEAN_ERROR] < rows[row + LINE_ERROR];
      if (means) {
        int node = all.get(i).node();
        while (!(nodes[node * nodeColumns] > 0) && parents[node] >= 0) {
          node = parents[node];
        }
        constant[i] = nodes[node * nodeColumns + 1];
      } else {
        line(i, rows, row + LINE, whole[WHOLE + 1], sd, deviation);
      }
    }
  }

  private void line(
      int i, double[] rows, int from, double meanOfLabels, double sd, double[] deviation) {
    int at = from;
    for (int a = 0; a < width; a++) {
      if (values[a] == 0) {
        double w = rows[at++];
        slope[i * width + a] = deviation[a] > 0 ? sd * w / deviation[a] : 0;
      } else {
        for (int v = 0; v < values[a]; v++) {
          tables[a][i * values[a] + v] = 3 * sd * rows[at++];
        }
      }
    }
    constant[i] = meanOfLabels + 3 * sd * rows[at];
  }

  /**
   * Appends what the leaves say.
   *
   * @param x features, float [N, width]
   * @param leaf numbers of leaves, [N, 1]
   * @param to name for the predictions, double [N, 1]
   */
  void write(OnnxNodes g, String x, String leaf, String to) {
    g.doubles("mean", mean, width);
    g.doubles("slope.table", slope, leaves, width);
    g.doubles("constant.table", constant, leaves);
    g.integers("shape.leaves", -1);
    g.integers("shape.column", -1, 1);
    g.node("Reshape", "leaf.flat", leaf, "shape.leaves");
    g.node("Gather", "slope", "slope.table", "leaf.flat");
    g.node("Gather", "constant.flat", "constant.table", "leaf.flat");
    g.node("Reshape", "constant", "constant.flat", "shape.column");
    g.node("Cast", "x", Map.of("to", (long) OnnxNodes.DOUBLE), x);
    g.node("Sub", "distance", "x", "mean");
    g.node("Mul", "rises", "distance", "slope");
    g.integers("axis.features", 1);
    g.node("ReduceSum", "rise", Map.of("keepdims", 1L), "rises", "axis.features");
    g.node("Add", "sums.0", "constant", "rise");
    String sums = "sums.0";
    for (int a = 0; a < width; a++) {
      if (values[a] > 0) {
        sums = addNominal(g, a, leaf, sums);
      }
    }
    g.node("Identity", to, sums);
  }

  private String addNominal(OnnxNodes g, int a, String leaf, String sums) {
    String name = "nominal." + a;
    g.integers(name + ".column", a);
    g.integers(name + ".count", values[a]);
    g.doubles(name + ".table", tables[a], leaves * values[a]);
    g.node("Gather", name + ".value", Map.of("axis", 1L), "x", name + ".column");
    g.node("Cast", name + ".place", Map.of("to", (long) OnnxNodes.INT64), name + ".value");
    g.node("Mul", name + ".first", leaf, name + ".count");
    g.node("Add", name + ".row", name + ".first", name + ".place");
    g.node("Gather", name + ".part", name + ".table", name + ".row");
    g.node("Add", name + ".sums", sums, name + ".part");
    return name + ".sums";
  }
}

package io.millrace.golden.trees;

import static io.millrace.core.state.LittleEndian.getDouble;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.drift.PageHinkley;
import io.millrace.core.tree.KeyMap;
import io.millrace.core.tree.RegressionForm;
import io.millrace.core.tree.RegressionLeaf;
import io.millrace.core.tree.RegressionScratch;
import io.millrace.core.tree.RegressionTree;
import io.millrace.core.tree.TreeMemory;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A regression tree over a stream. A case is a run. */
public final class RegressionTreeRun implements GoldenKind {
  private static final int EVERY = 10;
  private static final Map<String, RegressionLeaf> LEAVES =
      Map.of(
          "mean", RegressionLeaf.MEAN,
          "linear", RegressionLeaf.LINEAR,
          "adaptive", RegressionLeaf.ADAPTIVE);
  private static final Map<String, Boolean> DRIFT = Map.of("regrow", true, "none", false);

  @Override
  public String id() {
    return "regression_tree";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    Map<String, TreeStream> streams = new HashMap<>();
    JsonNode cases = Fields.array(file, "cases");
    for (int i = 0; i < cases.size(); i++) {
      tally.begin();
      JsonNode inputs = Fields.object(cases.get(i), "inputs");
      TreeStream stream = TreeStream.read(inputs, "stream", streams, true);
      JsonNode p = Fields.object(inputs, "parameters");
      RegressionForm form = new RegressionForm(stream.kinds(), Fields.integer(p, "keys", 2, 4096));
      String where = "cases[" + i + "] " + Fields.text(inputs, "case");
      run(where, stream, rule(p, form), Fields.object(cases.get(i), "expected"), tally);
    }
  }

  private static RegressionTree rule(JsonNode p, RegressionForm form) {
    PageHinkley test =
        PageHinkley.rising(Fields.number(p, "ph_delta"), TreeReplay.positive(p, "ph_lambda", 1e9));
    return new RegressionTree(
        form,
        TreeReplay.word(p, "leaf", LEAVES),
        TreeReplay.positive(p, "grace", 1e9),
        TreeReplay.positive(p, "delta", 1),
        Fields.number(p, "tau"),
        Fields.number(p, "min_samples"),
        Fields.number(p, "decay"),
        Fields.number(p, "rate"),
        Fields.number(p, "rate_decay"),
        Fields.flag(p, "binary"),
        Fields.integer(p, "max_depth", 0, 1 << 20),
        Fields.integer(p, "max_nodes", 1, 1 << 20),
        Long.MAX_VALUE,
        TreeReplay.word(p, "drift", DRIFT) ? test : null);
  }

  private static void run(
      String where, TreeStream stream, RegressionTree tree, JsonNode expected, Tally tally) {
    RegressionScratch s = new RegressionScratch(tree.form());
    TreeReplay.Log log = new TreeReplay.Log();
    s.watchedBy(log);
    TreeMemory m = s.memory().aim(tree.root(s));
    List<Object[]> predictions = new ArrayList<>();
    for (int e = 0; e < stream.events(); e++) {
      log.event = e;
      double[] x = stream.x()[e];
      double prediction = tree.predict(m, x, 0, s);
      if ((e + 1) % EVERY == 0) {
        predictions.add(new Object[] {e, prediction});
      }
      boolean learned = tree.learn(m, x, 0, stream.y()[e], stream.weights()[e], s);
      tally.exact(where + ".event " + e + " is learned", true, learned);
    }
    compare(where, "predictions", expected, predictions, tally);
    compare(where, "attempts", expected, log.attempts, tally);
    compare(where, "splits", expected, log.splits, tally);
    compare(where, "regrown", expected, log.regrown, tally);
    Object[] census = {m.nodes(), m.leaves(), m.depth()};
    TreeReplay.row(where + ".census", Fields.array(expected, "census"), census, tally);
    List<Object[]> nodes =
        TreeReplay.nodes(
            m, i -> new Object[] {number(m, m.own(i)), number(m, m.own(i) + Double.BYTES)});
    nodes.forEach(row -> row[5] = row[4].equals("leaf") ? NO_ATTRIBUTE : row[5]);
    compare(where, "nodes", expected, nodes, tally);
    compare(where, "leaves", expected, leaves(m, tree.form()), tally);
    keys(where + ".first_leaf_keys", m, tree.form(), expected, tally);
    scale(where + ".root_scale", m, tree.form(), expected, tally);
  }

  /** What the files have for the attribute of a leaf. */
  private static final int NO_ATTRIBUTE = -1;

  private static double number(TreeMemory m, int at) {
    return getDouble(m.bytes(), at);
  }

  private static void compare(
      String where, String field, JsonNode expected, List<Object[]> found, Tally tally) {
    TreeReplay.happenings(where + "." + field, Fields.array(expected, field), found, tally);
  }

  private static List<Object[]> leaves(TreeMemory m, RegressionForm form) {
    List<Object[]> all = new ArrayList<>();
    for (int i = 0; i < m.nodes(); i++) {
      if (m.isLeaf(i)) {
        int at = m.statistics(i);
        double[] line = new double[form.inputs() + 1];
        for (int j = 0; j < line.length; j++) {
          line[j] = number(m, at + RegressionForm.LINE + Double.BYTES * j);
        }
        all.add(
            new Object[] {
              m.id(i),
              number(m, at + RegressionForm.MEAN_ERROR),
              number(m, at + RegressionForm.LINE_ERROR),
              number(m, at + RegressionForm.LINE_WEIGHT),
              line
            });
      }
    }
    return all;
  }

  private static void keys(
      String where, TreeMemory m, RegressionForm form, JsonNode expected, Tally tally) {
    int leaf = 0;
    while (!m.isLeaf(leaf)) {
      leaf++;
    }
    List<Object[]> all = new ArrayList<>();
    for (int a = 0; a < form.attributes(); a++) {
      int at = m.statistics(leaf) + form.at(a);
      int values = form.values(a);
      int n = values == 0 ? KeyMap.size(m.bytes(), at) : values;
      double[] keys = new double[n];
      double[] weights = new double[n];
      double[] means = new double[n];
      for (int i = 0; i < n; i++) {
        if (values == 0) {
          keys[i] = KeyMap.key(m.bytes(), at, i);
          weights[i] = KeyMap.weight(m.bytes(), at, i);
          means[i] = KeyMap.mean(m.bytes(), at, i);
        } else {
          weights[i] = number(m, at + RegressionForm.VALUE * i);
          means[i] = number(m, at + RegressionForm.VALUE * i + Double.BYTES);
        }
      }
      all.add(values == 0 ? new Object[] {keys, weights, means} : new Object[] {weights, means});
    }
    TreeReplay.happenings(where, Fields.array(expected, "first_leaf_keys"), all, tally);
  }

  private static void scale(
      String where, TreeMemory m, RegressionForm form, JsonNode expected, Tally tally) {
    double[] means = new double[form.attributes()]; // of nominal ones there is none
    double[] squares = new double[form.attributes()];
    for (int a = 0; a < form.attributes(); a++) {
      if (form.values(a) == 0) {
        means[a] = number(m, m.whole() + form.scaleAt(a));
        squares[a] = number(m, m.whole() + form.scaleAt(a) + Double.BYTES);
      }
    }
    Object[] found = {
      number(m, m.whole()),
      number(m, m.whole() + RegressionForm.MEAN),
      number(m, m.whole() + RegressionForm.M2),
      means,
      squares
    };
    TreeReplay.row(where, Fields.array(expected, "root_scale"), found, tally);
  }
}

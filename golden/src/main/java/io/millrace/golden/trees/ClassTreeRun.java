package io.millrace.golden.trees;

import static io.millrace.core.state.LittleEndian.getDouble;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.tree.ClassForm;
import io.millrace.core.tree.HoeffdingTree;
import io.millrace.core.tree.LeafVotes;
import io.millrace.core.tree.TreeMemory;
import io.millrace.core.tree.TreeScratch;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Hoeffding tree for classes over a stream. A case is a run. */
public final class ClassTreeRun implements GoldenKind {
  private static final int VOTES_EVERY = 50;
  private static final int CENSUS_EVERY = 100;

  @Override
  public String id() {
    return "hoeffding_tree";
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
      TreeStream stream = TreeStream.read(inputs, "stream", streams, false);
      String where = "cases[" + i + "] " + Fields.text(inputs, "case");
      run(where, stream, inputs, Fields.object(cases.get(i), "expected"), tally);
    }
  }

  private static void run(
      String where, TreeStream stream, JsonNode inputs, JsonNode expected, Tally tally) {
    ClassForm form = new ClassForm(stream.kinds(), stream.classes(), stream.kinds().length);
    HoeffdingTree tree = TreeReplay.rule(Fields.object(inputs, "parameters"), form);
    TreeScratch s = new TreeScratch(form);
    TreeReplay.Log log = new TreeReplay.Log();
    s.watchedBy(log);
    TreeMemory m = s.memory().aim(tree.root(0, s));
    StringBuilder classes = new StringBuilder();
    List<Object[]> votes = new ArrayList<>();
    List<Object[]> census = new ArrayList<>();
    for (int e = 0; e < stream.events(); e++) {
      log.event = e;
      LeafVotes v = s.votes();
      tree.vote(m, stream.x()[e], 0, v);
      classes.append(LeafVotes.best(v.vote()));
      if ((e + 1) % VOTES_EVERY == 0) {
        votes.add(new Object[] {e, v.vote().clone(), v.probability().clone()});
      }
      tree.learn(m, stream.x()[e], 0, (int) stream.y()[e], stream.weights()[e], v, s);
      if ((e + 1) % CENSUS_EVERY == 0) {
        census.add(new Object[] {e, m.nodes(), m.leaves(), m.active(), m.depth(), m.counted()});
      }
    }
    tally.exact(where + ".classes", Fields.text(expected, "classes"), classes.toString());
    compare(where, "votes_and_probabilities", expected, votes, tally);
    compare(where, "attempts", expected, log.attempts, tally);
    compare(where, "splits", expected, log.splits, tally);
    compare(where, "census", expected, census, tally);
    compare(where, "nodes", expected, TreeReplay.nodes(m, i -> counts(m, form, i)), tally);
    compare(where, "leaf_counters", expected, counters(m, form), tally);
    gaussians(where, m, form, Fields.array(expected, "gaussians_of_first_active_leaf"), tally);
  }

  private static void compare(
      String where, String field, JsonNode expected, List<Object[]> found, Tally tally) {
    TreeReplay.happenings(where + "." + field, Fields.array(expected, field), found, tally);
  }

  private static Object[] counts(TreeMemory m, ClassForm form, int node) {
    double[] counts = new double[form.classes()];
    for (int k = 0; k < counts.length; k++) {
      counts[k] = getDouble(m.bytes(), m.own(node) + Double.BYTES * k);
    }
    return new Object[] {counts};
  }

  private static List<Object[]> counters(TreeMemory m, ClassForm form) {
    List<Object[]> all = new ArrayList<>();
    for (int i = 0; i < m.nodes(); i++) {
      if (m.isActive(i)) {
        int at = m.statistics(i);
        double own = 0;
        for (int k = 0; k < form.classes(); k++) {
          own += getDouble(m.bytes(), at + ClassForm.OWN + Double.BYTES * k);
        }
        all.add(
            new Object[] {
              m.id(i),
              getDouble(m.bytes(), at + ClassForm.MAJORITY),
              getDouble(m.bytes(), at + ClassForm.BAYES),
              own,
              getDouble(m.bytes(), at + ClassForm.LAST)
            });
      }
    }
    return all;
  }

  private static void gaussians(
      String where, TreeMemory m, ClassForm form, JsonNode expected, Tally tally) {
    int leaf = 0;
    while (leaf < m.nodes() && !m.isActive(leaf)) {
      leaf++;
    }
    String here = where + ".gaussians_of_first_active_leaf";
    tally.exact(here + ".size", expected.size(), 2);
    if (expected.size() < 2 || leaf == m.nodes()) {
      return;
    }
    tally.exact(here + ".leaf", expected.get(0).asInt(), m.id(leaf));
    JsonNode byAttribute = expected.get(1);
    int place = m.statistics(leaf) + form.first();
    for (int a = 0; a < form.attributes(); a++) {
      JsonNode classes = byAttribute.get(Integer.toString(a));
      tally.exact(here + "." + a + " is there", classes != null, form.values(a) == 0);
      for (int k = 0; classes != null && form.values(a) == 0 && k < form.classes(); k++) {
        gaussian(here + "." + a + "[" + k + "]", m, leaf, place, k, classes.get(k), tally);
      }
      place += form.bytes(a);
    }
  }

  private static void gaussian(
      String where, TreeMemory m, int leaf, int place, int k, JsonNode expected, Tally tally) {
    boolean none =
        !(getDouble(m.bytes(), m.statistics(leaf) + ClassForm.OWN + Double.BYTES * k) > 0);
    boolean expectedNone = expected == null || expected.isNull();
    tally.exact(where + " is null", expectedNone, none);
    if (!none && !expectedNone) {
      double[] found = new double[ClassForm.GAUSSIAN / Double.BYTES];
      for (int i = 0; i < found.length; i++) {
        found[i] = getDouble(m.bytes(), place + ClassForm.GAUSSIAN * k + Double.BYTES * i);
      }
      tally.compare(where, Fields.flat(where, expected), found);
    }
  }
}

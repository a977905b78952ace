package io.millrace.golden.trees;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.tree.ClassForm;
import io.millrace.core.tree.HoeffdingTree;
import io.millrace.core.tree.Impurity;
import io.millrace.core.tree.LeafRule;
import io.millrace.core.tree.TreeMemory;
import io.millrace.core.tree.TreeWatch;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** What the replays of trees share: parameters, words, lists of happenings. */
final class TreeReplay {
  private static final Map<String, LeafRule> LEAVES =
      Map.of(
          "mc", LeafRule.MAJORITY,
          "nb", LeafRule.NAIVE_BAYES,
          "nba", LeafRule.NAIVE_BAYES_ADAPTIVE,
          "mix", LeafRule.MIXTURE);
  private static final Map<String, Impurity> CRITERIA =
      Map.of("info_gain", Impurity.INFORMATION_GAIN, "gini", Impurity.GINI);
  private static final List<String> KINDS = List.of("leaf", "num", "one", "multi");
  private static final int MOST_NODES = 1 << 20;

  private TreeReplay() {}

  static <T> T word(JsonNode parent, String field, Map<String, T> known) {
    String word = Fields.text(parent, field);
    T value = known.get(word);
    if (value == null) {
      throw new UnsupportedGolden(field + " is '" + word + "'; known: " + known.keySet());
    }
    return value;
  }

  /** A number above 0, and at most {@code most}. */
  static double positive(JsonNode parent, String field, double most) {
    double v = Fields.number(parent, field);
    if (!(v > 0 && v <= most)) {
      throw new MalformedGolden(field + " is " + v + "; must lie in (0, " + most + "]");
    }
    return v;
  }

  /** The rule that a case asks for. */
  static HoeffdingTree rule(JsonNode p, ClassForm form) {
    return new HoeffdingTree(
        form,
        word(p, "leaf", LEAVES),
        word(p, "criterion", CRITERIA),
        positive(p, "grace", 1e9),
        positive(p, "delta", 1),
        Fields.number(p, "tau"),
        Fields.integer(p, "bins", 1, 1000),
        Fields.flag(p, "binary"),
        Fields.number(p, "min_branch"),
        Fields.integer(p, "max_depth", 0, MOST_NODES),
        Fields.integer(p, "max_nodes", 1, MOST_NODES),
        Fields.integer(p, "max_bytes"),
        Fields.integer(p, "review", 1, Integer.MAX_VALUE));
  }

  /** The rule of a forest's trees, whose other parameters are the defaults. */
  static HoeffdingTree forestRule(JsonNode p, ClassForm form) {
    return new HoeffdingTree(
        form,
        word(p, "leaf", LEAVES),
        Impurity.INFORMATION_GAIN,
        positive(p, "grace", 1e9),
        positive(p, "delta", 1),
        Fields.number(p, "tau"),
        10,
        true,
        0.01,
        1000,
        1 << 16,
        1 << 20,
        10_000);
  }

  /** Compares a list of happenings: whole numbers and words exactly, other numbers within. */
  static void happenings(String where, JsonNode expected, List<Object[]> found, Tally tally) {
    tally.exact(where + ".size", expected.size(), found.size());
    for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
      row(where + "[" + i + "]", expected.get(i), found.get(i), tally);
    }
  }

  /** Compares one row of values; NaN and infinity stand for null. */
  static void row(String where, JsonNode expected, Object[] found, Tally tally) {
    tally.exact(where + ".size", expected.size(), found.length);
    for (int j = 0; j < Math.min(expected.size(), found.length); j++) {
      value(where + "[" + j + "]", expected.get(j), found[j], tally);
    }
  }

  private static void value(String where, JsonNode e, Object v, Tally tally) {
    if (v instanceof List<?> rows) {
      tally.exact(where + ".size", e.size(), rows.size());
      for (int i = 0; i < Math.min(e.size(), rows.size()); i++) {
        row(where + "[" + i + "]", e.get(i), (Object[]) rows.get(i), tally);
      }
    } else if (v instanceof double[] array) {
      tally.compare(where, Fields.flat(where, e), array);
    } else if (v instanceof int[] array) {
      tally.exact(
          where,
          Arrays.toString(Fields.integers(where, e, Integer.MIN_VALUE, Integer.MAX_VALUE)),
          Arrays.toString(array));
    } else if (v instanceof Double d) {
      boolean none = Double.isNaN(d) || Double.isInfinite(d);
      if (none || e.isNull()) {
        tally.exact(where + " is null", e.isNull(), none);
      } else {
        tally.compare(where, Fields.number(where, e), d);
      }
    } else if (v instanceof String s) {
      tally.exact(where, e.asText(), s);
    } else {
      tally.exact(where, number(where, e), ((Number) v).longValue());
    }
  }

  private static long number(String where, JsonNode e) {
    if (!e.isIntegralNumber() || !e.canConvertToLong()) {
      throw new MalformedGolden("'" + where + "' is " + e + ", not a whole number");
    }
    return e.longValue();
  }

  /** Word of a node's kind. */
  static String kind(int kind) {
    return KINDS.get(kind);
  }

  /** The nodes of a tree, with what belongs to each behind. */
  static List<Object[]> nodes(TreeMemory m, IntFunction<Object[]> own) {
    List<Object[]> all = new ArrayList<>();
    for (int i = 0; i < m.nodes(); i++) {
      boolean leaf = m.isLeaf(i);
      List<Object> row = new ArrayList<>();
      row.add(m.id(i));
      row.add(m.parent(i) < 0 ? -1 : m.id(m.parent(i)));
      row.add(m.branch(i));
      row.add(m.depth(i));
      row.add(kind(m.kind(i)));
      row.add(leaf ? m.isActive(i) ? 1 : 0 : m.attribute(i));
      row.add(m.threshold(i));
      row.addAll(List.of(own.apply(i)));
      all.add(row.toArray());
    }
    return all;
  }

  /** Keeps what a tree does. */
  static final class Log implements TreeWatch {
    final List<Object[]> attempts = new ArrayList<>();
    final List<Object[]> splits = new ArrayList<>();
    final List<Object[]> regrown = new ArrayList<>();

    /** The event at hand. */
    int event;

    @Override
    public void attempt(
        int leaf, int attribute, double best, double second, double eps, boolean split) {
      attempts.add(new Object[] {event, leaf, attribute, best, second, eps, split ? 1 : 0});
    }

    @Override
    public void split(int leaf, int kind, int attribute, double threshold, double gain, int nodes) {
      splits.add(new Object[] {event, leaf, kind(kind), attribute, threshold, gain, nodes});
    }

    @Override
    public void regrown(int node) {
      regrown.add(new Object[] {event, node});
    }
  }
}

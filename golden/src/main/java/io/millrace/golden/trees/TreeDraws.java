package io.millrace.golden.trees;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.rng.Philox;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.tree.PoissonTable;
import io.millrace.core.tree.SubsetDraw;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Arrays;

/**
 * What trees draw: Poisson numbers, how often a tree takes an event, subsets of attributes, and the
 * cuts of half-space trees. Everything has to be equal. A case is a case of the file.
 */
public final class TreeDraws implements GoldenKind {
  /** Trees whose roots' uniform numbers the files list. */
  private static final int[] ROOTS = {0, 1};

  /** Attributes among which the files' half-space trees choose. */
  private static final int ATTRIBUTES = 7;

  private static final int MOST_ATTRIBUTES = 1000;

  @Override
  public String id() {
    return "tree_draws";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      String function = Fields.text(inputs, "function");
      switch (function) {
        case "poisson" -> poisson(inputs, expected, tally);
        case "streams" -> streams(inputs, expected, tally);
        default -> throw new UnsupportedGolden("function '" + function + "'");
      }
    }
  }

  private static void poisson(JsonNode inputs, JsonNode expected, Tally tally) {
    PoissonTable table = new PoissonTable(TreeReplay.positive(inputs, "lambda", 100));
    double[] u = Fields.flat("u", Fields.array(inputs, "u"));
    int[] k = Fields.integers("k", Fields.array(expected, "k", u.length), 0, 1000);
    for (int i = 0; i < u.length; i++) {
      tally.exact("k[" + i + "]", k[i], table.of(u[i]));
    }
  }

  private static void streams(JsonNode inputs, JsonNode expected, Tally tally) {
    long seed = seed(Fields.text(inputs, "job_seed"));
    String key = Fields.text(inputs, "model_key");
    long words = Philox.key(seed, key);
    JsonNode listed = Fields.array(expected, "key_words", 2);
    tally.exact("key_words[0]", listed.get(0).asLong(), words & 0xFFFFFFFFL);
    tally.exact("key_words[1]", listed.get(1).asLong(), words >>> Integer.SIZE);
    PhiloxDraws stream = new PhiloxDraws(seed, key);
    bags(expected, stream, tally);
    subsets(expected, seed, key, tally);
    halfSpaces(expected, stream, tally);
  }

  private static long seed(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new MalformedGolden("job_seed is '" + text + "', not a whole number of 64 bits");
    }
  }

  private static void bags(JsonNode expected, PhiloxDraws stream, Tally tally) {
    PoissonTable six = new PoissonTable(6);
    for (JsonNode b : Fields.array(expected, "bag")) {
      long[] v = longs("bag", b, 3);
      double u = stream.at(v[0]).fork(Purpose.BAGGING).uniform(2 * v[1]);
      tally.exact("bag " + b, v[2], (long) six.of(u));
    }
  }

  private static void subsets(JsonNode expected, long seed, String key, Tally tally) {
    for (JsonNode s : Fields.array(expected, "subset")) {
      if (s.size() != 5) {
        throw new MalformedGolden("subset " + s + " has " + s.size() + " entries");
      }
      int d = Fields.integer("d", s.get(2), 1, MOST_ATTRIBUTES);
      SubsetDraw draw = new SubsetDraw(d, Fields.integer("m", s.get(3), 1, d));
      draw.aim(seed, key);
      int serial = Fields.integer("serial", s.get(0), 0, Integer.MAX_VALUE);
      int node = Fields.integer("node", s.get(1), 0, Integer.MAX_VALUE);
      int[] attributes = Fields.integers("attributes", s.get(4), 0, d);
      tally.exact(
          "subset " + s, Arrays.toString(attributes), Arrays.toString(draw.draw(serial, node)));
    }
  }

  private static void halfSpaces(JsonNode expected, PhiloxDraws stream, Tally tally) {
    JsonNode roots = Fields.array(expected, "half_space_root_uniforms", ROOTS.length);
    for (int i = 0; i < ROOTS.length; i++) {
      double[] u = Fields.flat("half_space_root_uniforms", roots.get(i));
      PhiloxDraws draws = node(stream, ROOTS[i], 0);
      for (int j = 0; j < u.length; j++) {
        tally.exact("half_space_root_uniforms[" + i + "][" + j + "]", u[j], draws.uniform(j));
      }
    }
    for (JsonNode a : Fields.array(expected, "half_space_attribute")) {
      long[] v = longs("half_space_attribute", a, 3);
      long found = (long) (node(stream, v[0], v[1]).uniform(0) * ATTRIBUTES);
      tally.exact("half_space_attribute " + a, v[2], found);
    }
  }

  private static PhiloxDraws node(PhiloxDraws stream, long tree, long node) {
    return stream.at(tree << Integer.SIZE | node).fork(Purpose.HALF_SPACES);
  }

  private static long[] longs(String what, JsonNode v, int length) {
    if (v.size() != length) {
      throw new MalformedGolden(what + " " + v + " has " + v.size() + " entries");
    }
    long[] all = new long[length];
    for (int i = 0; i < length; i++) {
      if (!v.get(i).isIntegralNumber() || v.get(i).asLong() < 0) {
        throw new MalformedGolden(what + " " + v + ": entry " + i + " is no whole number from 0");
      }
      all[i] = v.get(i).longValue();
    }
    return all;
  }
}

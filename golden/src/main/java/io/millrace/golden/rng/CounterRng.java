package io.millrace.golden.rng;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Philox;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counter-based random numbers: known answers of the generator, and what the streams of a job draw.
 * Whole numbers have to be equal, normals within the tolerance as an absolute one. A case is a case
 * of the file.
 */
public final class CounterRng implements GoldenKind {
  private static final Pattern NORMALS = Pattern.compile("normals(\\d+)");
  private static final Pattern INDEXES = Pattern.compile("indexes_n(\\d+)_N(\\d+)");

  /** Of the categorical draws, where a file does not list its own under {@code probabilities}. */
  private static final double[] PROBABILITIES = {0.1, 0.2, 0.3, 0.4};

  @Override
  public String id() {
    return "counter_rng";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals("counter_rng");
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      String name = Fields.text(c, "name");
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      tally.begin();
      if (inputs.has("ctr")) {
        knownAnswer(name, inputs, expected, tally);
      } else if (inputs.has("chain_id")) {
        stream(name, inputs, expected, tally);
      } else {
        throw new UnsupportedGolden("case '" + name + "' has neither 'ctr' nor 'chain_id'");
      }
    }
  }

  private static void knownAnswer(String name, JsonNode inputs, JsonNode expected, Tally tally) {
    int[] c = words(Fields.array(inputs, "ctr"), 4);
    int[] k = words(Fields.array(inputs, "key"), 2);
    int[] expectedWords = words(Fields.array(expected, "out"), 4);
    int[] out = new int[4];
    Philox.block(c[0], c[1], c[2], c[3], k[0], k[1], out);
    for (int i = 0; i < out.length; i++) {
      tally.exact(
          name + ".out[" + i + "]",
          Integer.toUnsignedString(expectedWords[i]),
          Integer.toUnsignedString(out[i]));
    }
  }

  private static void stream(String name, JsonNode inputs, JsonNode expected, Tally tally) {
    long seed = Fields.integer(inputs, "job_seed");
    String id = Fields.text(inputs, "chain_id");
    long key = Philox.key(seed, id);
    tally.exact(
        name + ".fnv1a64",
        Fields.need(expected, "fnv1a64").asText(),
        Long.toUnsignedString(Philox.fnv1a64(id)));
    tally.exact(
        name + ".key64", Fields.need(expected, "key64").asText(), Long.toUnsignedString(key));
    int[] words = words(Fields.array(expected, "key_words"), 2);
    tally.exact(name + ".key_words[0]", words[0], (int) key);
    tally.exact(name + ".key_words[1]", words[1], (int) (key >>> 32));
    JsonNode steps = Fields.array(inputs, "cases");
    JsonNode draws = Fields.array(expected, "cases");
    if (steps.size() != draws.size()) {
      throw new MalformedGolden(
          name + ": " + steps.size() + " steps, " + draws.size() + " results");
    }
    PhiloxDraws stream = new PhiloxDraws(seed, id);
    for (int i = 0; i < steps.size(); i++) {
      stream.at(Fields.integer(steps.get(i), "step"));
      draws(name + ".cases[" + i + "]", steps.get(i), draws.get(i), stream, tally);
    }
  }

  private static void draws(
      String where, JsonNode inputs, JsonNode expected, PhiloxDraws stream, Tally tally) {
    for (Map.Entry<String, JsonNode> e : expected.properties()) {
      String what = where + "." + e.getKey();
      Matcher normals = NORMALS.matcher(e.getKey());
      Matcher indexes = INDEXES.matcher(e.getKey());
      if (normals.matches()) {
        double[] values = Fields.flat(what, e.getValue(), count(what, normals.group(1)));
        Draws noise = stream.fork(Purpose.NOISE);
        for (int i = 0; i < values.length; i++) {
          tally.compare(
              what + "[" + i + "]", values[i], noise.normal(i), tally.tolerance().absolute());
        }
      } else if (indexes.matches()) {
        int bound = count(what, indexes.group(2));
        int[] listed = Fields.integers(what, e.getValue(), 0, bound - 1);
        if (listed.length != count(what, indexes.group(1))) {
          throw new MalformedGolden(what + " has " + listed.length + " entries");
        }
        Draws rows = stream.fork(Purpose.MINI_BATCH);
        for (int i = 0; i < listed.length; i++) {
          tally.exact(what + "[" + i + "]", listed[i], rows.index(i, bound));
        }
      } else if (e.getKey().equals("categorical")) {
        double[] p =
            Fields.given(inputs, "probabilities")
                ? Fields.flat("probabilities", Fields.array(inputs, "probabilities"))
                : PROBABILITIES;
        tally.exact(
            what,
            Fields.integer(what, e.getValue(), 0, p.length - 1),
            stream.fork(Purpose.SCHEDULE).categorical(0, p));
      } else {
        throw new UnsupportedGolden(what + " is a draw that is not known");
      }
    }
  }

  /** A count that is part of a field's name. */
  private static int count(String what, String digits) {
    int n = digits.length() > 9 ? 0 : Integer.parseInt(digits);
    if (n == 0) {
      throw new MalformedGolden(what + ": " + digits + " is no count");
    }
    return n;
  }

  private static int[] words(JsonNode values, int count) {
    if (values.size() != count) {
      throw new MalformedGolden(values.size() + " words, expected " + count);
    }
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      JsonNode v = values.get(i);
      if (!v.isIntegralNumber() || !v.canConvertToLong() || v.longValue() >>> 32 != 0) {
        throw new MalformedGolden("word " + i + " is " + v + ", not a whole number of 32 bits");
      }
      out[i] = (int) v.longValue();
    }
    return out;
  }
}

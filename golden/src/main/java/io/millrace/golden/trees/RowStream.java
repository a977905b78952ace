package io.millrace.golden.trees;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The events of a case: rows, labels of one digit each, weights. */
final class RowStream {
  /** Streams by the name under which later cases ask for them. */
  static final class Named {
    private final Map<String, JsonNode> inputs = new HashMap<>();

    /**
     * The stream of a case: its own, which later cases may ask for by {@code name}, or an earlier
     * one with weights of its own.
     *
     * @param sparse whether rows are pairs of index and value
     */
    RowStream of(JsonNode caseInputs, String name, boolean sparse) {
      JsonNode from = caseInputs;
      if (Fields.given(caseInputs, "x")) {
        inputs.putIfAbsent(name, caseInputs);
      } else {
        from = inputs.get(Fields.text(caseInputs, "stream_of"));
        if (from == null) {
          throw new MalformedGolden("no earlier stream '" + caseInputs.get("stream_of") + "'");
        }
      }
      return new RowStream(from, caseInputs, sparse);
    }
  }

  /** What a learner of two or more classes, or of none, takes. */
  static InputSpec input(boolean sparse, int width, int classes) {
    return new InputSpec(
        sparse ? InputSpec.Kind.SPARSE : InputSpec.Kind.DENSE,
        width,
        0,
        classes == 0 ? InputSpec.Target.NONE : InputSpec.Target.CLASS,
        IntStream.range(0, classes).mapToObj(Integer::toString).toList(),
        Integer.MAX_VALUE);
  }

  private final JsonNode x;
  private final String y;
  private final double[] weights;
  private final boolean sparse;

  private RowStream(JsonNode from, JsonNode own, boolean sparse) {
    x = Fields.array(from, "x");
    y = Fields.textOr(from, "y", "");
    if (!y.isEmpty() && y.length() != x.size()) {
      throw new MalformedGolden(y.length() + " labels for " + x.size() + " events");
    }
    weights =
        Fields.given(own, "weights")
            ? Fields.flat("weights", Fields.array(own, "weights"), x.size())
            : null;
    this.sparse = sparse;
  }

  /** Events. */
  int size() {
    return x.size();
  }

  /** Puts an event into rows as the only one. */
  void load(int event, Rows rows) {
    rows.clear();
    rows.beginRow();
    JsonNode row = x.get(event);
    String where = "x[" + event + "]";
    if (sparse) {
      for (JsonNode pair : row) {
        double[] p = Fields.flat(where, pair, 2);
        rows.add((int) p[0], p[1]);
      }
    } else {
      for (double v : Fields.flat(where, row)) {
        rows.add(v);
      }
    }
    rows.endRow(
        y.isEmpty() ? Double.NaN : y.charAt(event) - '0', weights == null ? 1 : weights[event]);
  }

  /**
   * The entries of events, each of which begins with the number of its event.
   *
   * @param scheduled which events such a file lists; that it lists them is compared, too
   */
  Map<Integer, JsonNode> listed(
      JsonNode expected, String field, IntPredicate scheduled, Tally tally) {
    Map<Integer, JsonNode> entries = new LinkedHashMap<>();
    for (JsonNode entry : Fields.array(expected, field)) {
      entries.put(Fields.integer(field, entry.path(0), 0, size() - 1), entry);
    }
    List<Integer> events = IntStream.range(0, size()).filter(scheduled).boxed().toList();
    tally.exact(field + " are of events", events, List.copyOf(entries.keySet()));
    return entries;
  }

  /** Values of an array of arrays of one length, row by row. */
  static double[] matrix(JsonNode expected, String field) {
    return Fields.flat(field, Fields.array(expected, field));
  }

  /** Doubles of numbers. */
  static double[] first(float[] values, int from, int n) {
    return IntStream.range(from, from + n).mapToDouble(i -> values[i]).toArray();
  }

  /** Names of the values that parameters have here. */
  static Map<String, Double> hypers(JsonNode parameters, List<String[]> names) {
    Map<String, Double> values = new HashMap<>();
    for (String[] n : names) {
      values.put(n[1], Fields.number(parameters, n[0]));
    }
    return values;
  }
}

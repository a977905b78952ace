package io.millrace.golden.trees;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import java.util.Map;

/**
 * The events of a case: attributes, labels, weights. Given once, in the first case that uses them;
 * later cases name the stream, or the case, that has them.
 *
 * @param kinds of the attributes: 0 numeric, else the number of values
 * @param classes number of classes; 0: labels are numbers
 * @param x attributes, row by row
 * @param y classes or targets
 * @param weights of the events
 */
record TreeStream(int[] kinds, int classes, double[][] x, double[] y, double[] weights) {
  private static final int MOST_VALUES = 1000;
  private static final int MOST_ATTRIBUTES = 1000;

  /**
   * Reads the events of a case.
   *
   * @param named streams read so far, by the name that {@code nameField} gives; a new one is added
   * @param ofNumbers whether labels are numbers
   */
  static TreeStream read(
      JsonNode inputs, String nameField, Map<String, TreeStream> named, boolean ofNumbers) {
    TreeStream base;
    if (Fields.given(inputs, "stream_of")) {
      String name = Fields.text(inputs, "stream_of");
      base = named.get(name);
      if (base == null) {
        throw new MalformedGolden("stream '" + name + "' is not among " + named.keySet());
      }
      inputs.get(nameField);
    } else {
      base = own(inputs, ofNumbers);
      named.put(Fields.text(inputs, nameField), base);
    }
    if (!Fields.given(inputs, "weights")) {
      return base;
    }
    double[] w = Fields.flat("weights", Fields.array(inputs, "weights"), base.y.length);
    for (double v : w) {
      if (v < 0) {
        throw new MalformedGolden("weights: " + v + " is below 0");
      }
    }
    return new TreeStream(base.kinds, base.classes, base.x, base.y, w);
  }

  private static TreeStream own(JsonNode inputs, boolean ofNumbers) {
    int[] kinds = Fields.integers("kinds", Fields.array(inputs, "kinds"), 0, MOST_VALUES);
    if (kinds.length == 0 || kinds.length > MOST_ATTRIBUTES) {
      throw new MalformedGolden("kinds has " + kinds.length + " entries");
    }
    int classes = ofNumbers ? 0 : Fields.integer(inputs, "classes", 2, 10);
    JsonNode rows = Fields.array(inputs, "x");
    double[][] x = new double[rows.size()][];
    double[] w = new double[rows.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = Fields.flat("x[" + i + "]", rows.get(i), kinds.length);
      w[i] = 1;
      for (int a = 0; a < kinds.length; a++) {
        require(kinds[a] == 1, "kinds[" + a + "] is 1");
        boolean value = x[i][a] >= 0 && x[i][a] < kinds[a] && x[i][a] == Math.rint(x[i][a]);
        require(kinds[a] > 0 && !value, "x[" + i + "][" + a + "] is " + x[i][a]);
        require(Math.abs(x[i][a]) > 1e100, "x[" + i + "][" + a + "] is " + x[i][a]);
      }
    }
    double[] y = ofNumbers ? Fields.flat("y", Fields.array(inputs, "y"), x.length) : digits(inputs);
    require(y.length != x.length, "y has " + y.length + " labels, x " + x.length + " rows");
    for (double label : y) {
      require(ofNumbers ? Math.abs(label) > 1e100 : label >= classes, "label is " + label);
    }
    return new TreeStream(kinds, classes, x, y, w);
  }

  private static void require(boolean fault, String message) {
    if (fault) {
      throw new MalformedGolden(message);
    }
  }

  private static double[] digits(JsonNode inputs) {
    String text = Fields.text(inputs, "y");
    double[] y = new double[text.length()];
    for (int i = 0; i < y.length; i++) {
      y[i] = digit(text.charAt(i));
    }
    return y;
  }

  private static int digit(char c) {
    if (c < '0' || c > '9') {
      throw new MalformedGolden("y has the label '" + c + "', not a digit");
    }
    return c - '0';
  }

  /** Number of events. */
  int events() {
    return y.length;
  }
}

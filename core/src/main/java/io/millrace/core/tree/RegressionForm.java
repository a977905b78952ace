package io.millrace.core.tree;

import java.util.Arrays;

/**
 * Attributes of a regression tree, and with them the places of what it keeps.
 *
 * <pre>
 * whole tree  f64 N, mean and M2 of y; (mean, M2) of each numeric attribute
 * node        f64 n, mean of y; of an inner node the four numbers of its Page-Hinkley test
 * leaf        f64 n, mean, M2 of y at the leaf itself; n at the last attempt; wn, fe, fl; the line: a weight for
 *             each input (attributes in order, a nominal one as one input for each value), then the bias
 *             numeric attribute: f64 number of keys, then (key, n, mean of y) * (most keys + 1), ascending
 *             nominal attribute: (n, mean of y) * V
 * </pre>
 */
public final class RegressionForm {
  public static final int N = 0;
  public static final int MEAN = 8;
  public static final int M2 = 16;
  public static final int LAST = 24;
  public static final int LINE_WEIGHT = 32;
  public static final int MEAN_ERROR = 40;
  public static final int LINE_ERROR = 48;
  public static final int LINE = 56;

  /** Where a node's Page-Hinkley test begins. */
  public static final int TEST = 16;

  private static final int NODE = 48;

  /** Bytes of a key, and of its three numbers. */
  public static final int KEY = 24;

  public static final int KEY_N = 8;
  public static final int KEY_MEAN = 16;

  /** Bytes of a value of a nominal attribute. */
  public static final int VALUE = 16;

  private final int[] values;
  private final int keys;
  private final int inputs;
  private final int[] offset;
  private final int[] scale;
  private final int wholeBytes;
  private final int leafBytes;

  /**
   * A form.
   *
   * @param values of each attribute: 0 numeric, else how many it has; not modified
   * @param keys most keys of a numeric attribute, at least 2
   */
  public RegressionForm(int[] values, int keys) {
    this.values = values.clone();
    this.keys = keys;
    this.offset = new int[values.length];
    this.scale = new int[values.length];
    int in = 0;
    int whole = 3 * Double.BYTES;
    for (int a = 0; a < values.length; a++) {
      in += values[a] == 0 ? 1 : values[a];
      scale[a] = whole;
      whole += values[a] == 0 ? 2 * Double.BYTES : 0;
    }
    this.inputs = in;
    this.wholeBytes = whole;
    int at = LINE + Double.BYTES * (inputs + 1);
    for (int a = 0; a < values.length; a++) {
      offset[a] = at;
      at =
          Math.addExact(
              at,
              values[a] == 0
                  ? Double.BYTES + KEY * (keys + 1)
                  : Math.multiplyExact(VALUE, values[a]));
    }
    this.leafBytes = at;
  }

  public int attributes() {
    return values.length;
  }

  /** How many values a nominal attribute has; 0: it is numeric. */
  public int values(int attribute) {
    return values[attribute];
  }

  /** Most keys of a numeric attribute. */
  public int keys() {
    return keys;
  }

  /** Weights of the line, without the bias. */
  public int inputs() {
    return inputs;
  }

  /** Most values of an attribute. */
  int mostValues() {
    int most = 0;
    for (int v : values) {
      most = Math.max(most, v);
    }
    return most;
  }

  /** Where an attribute begins among a leaf's statistics. */
  public int at(int attribute) {
    return offset[attribute];
  }

  /** Where a numeric attribute begins among the numbers of the whole tree. */
  public int scaleAt(int attribute) {
    return scale[attribute];
  }

  /** Bytes of an active leaf's statistics. */
  public int leafBytes() {
    return leafBytes;
  }

  /** A view of trees of this form. */
  public TreeMemory memory() {
    return new TreeMemory(wholeBytes, NODE, leafBytes);
  }

  /** Whether attributes and sizes are the same. */
  @Override
  public boolean equals(Object o) {
    return o instanceof RegressionForm f && Arrays.equals(values, f.values) && keys == f.keys;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + keys;
  }
}

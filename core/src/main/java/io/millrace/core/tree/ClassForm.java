package io.millrace.core.tree;

import java.util.Arrays;

/**
 * Attributes and classes of a tree, and with them the places of an active leaf's statistics.
 *
 * <pre>
 * f64 own weight at the last attempt, f64 mc, f64 nb: right answers, or losses, of the two ways to vote
 * f64 * C  own weight of each class
 * i32 * m  attributes that are observed, ascending; only where these are drawn
 * then of each observed attribute:
 *   numeric  (mean, M2, min, max) * C
 *   nominal  weight of value v in class k, at k V + v
 * </pre>
 */
public final class ClassForm {
  public static final int LAST = 0;
  public static final int MAJORITY = 8;
  public static final int BAYES = 16;
  public static final int OWN = 24;

  public static final int MEAN = 0;
  public static final int M2 = 8;
  public static final int MIN = 16;
  public static final int MAX = 24;
  public static final int GAUSSIAN = 32;

  private final int[] values;
  private final int classes;
  private final int observed;
  private final int[] bytes;
  private final int first;
  private final int leafBytes;

  /**
   * A form.
   *
   * @param values of each attribute: 0 numeric, else how many it has; not modified
   * @param observed attributes that a leaf observes; as many as there are: all
   */
  public ClassForm(int[] values, int classes, int observed) {
    this.values = values.clone();
    this.classes = classes;
    this.observed = observed;
    this.bytes = new int[values.length];
    for (int a = 0; a < values.length; a++) {
      bytes[a] = values[a] == 0 ? GAUSSIAN * classes : Double.BYTES * classes * values[a];
    }
    int drawn = draws() ? Double.BYTES * ((observed + 1) / 2) : 0;
    this.first = OWN + Double.BYTES * classes + drawn;
    int[] largest = bytes.clone();
    Arrays.sort(largest);
    int sum = first;
    for (int i = 0; i < observed; i++) {
      sum = Math.addExact(sum, largest[largest.length - 1 - i]);
    }
    this.leafBytes = sum;
  }

  public int attributes() {
    return values.length;
  }

  public int classes() {
    return classes;
  }

  /** Attributes that a leaf observes. */
  public int observed() {
    return observed;
  }

  /** Whether leaves draw the attributes that they observe. */
  public boolean draws() {
    return observed < values.length;
  }

  /** How many values a nominal attribute has; 0: it is numeric. */
  public int values(int attribute) {
    return values[attribute];
  }

  /** Most values of an attribute. */
  int mostValues() {
    return Arrays.stream(values).max().orElse(0);
  }

  /** Bytes of an attribute's statistics. */
  public int bytes(int attribute) {
    return bytes[attribute];
  }

  /** Where the drawn attributes begin among a leaf's statistics. */
  public int drawn() {
    return OWN + Double.BYTES * classes;
  }

  /** Where the observed attributes begin among a leaf's statistics. */
  public int first() {
    return first;
  }

  /** Bytes of an active leaf's statistics. */
  public int leafBytes() {
    return leafBytes;
  }

  /** A view of trees of this form. */
  public TreeMemory memory() {
    return new TreeMemory(0, Double.BYTES * classes, leafBytes);
  }

  /** Whether attributes and sizes are the same. */
  @Override
  public boolean equals(Object o) {
    return o instanceof ClassForm f
        && Arrays.equals(values, f.values)
        && classes == f.classes
        && observed == f.observed;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(values) + classes) + observed;
  }
}

package io.millrace.operators.ingress;

import io.millrace.core.features.FeatureHasher;
import io.millrace.core.features.InputSpec;
import io.millrace.schemas.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Which labels a job takes, and what number they become. Class names are compared as UTF-8, so no
 * String is made. Immutable.
 */
final class LabelRule {
  private final InputSpec.Target target;
  private final List<String> classes;
  private final byte[][] names;

  /** Class index + 1 by hash of its name, open addressing; 0: free. */
  private final int[] table;

  LabelRule(InputSpec spec) {
    target = spec.target();
    classes = spec.classes();
    names = new byte[classes.size()][];
    table = new int[Integer.highestOneBit(Math.max(2, 4 * classes.size()))];
    for (int i = 0; i < names.length; i++) {
      names[i] = classes.get(i).getBytes(StandardCharsets.UTF_8);
      int slot = hash(names[i], 0, names[i].length);
      while (table[slot] != 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = i + 1;
    }
  }

  /** Whether events of this job have labels at all. */
  boolean any() {
    return target != InputSpec.Target.NONE;
  }

  /** A label given as a number; NaN after a fault. */
  double number(double v, Fault fault) {
    if (!(Math.abs(v) <= Double.MAX_VALUE)) {
      fault.set(Reason.NOT_FINITE, "label is " + v + ", must be finite");
      return Double.NaN;
    }
    switch (target) {
      case REAL:
        return v;
      case NON_NEGATIVE:
        if (v < 0) {
          fault.set(Reason.BAD_LABEL, "label is " + v + ", must be at least 0");
          return Double.NaN;
        }
        return v;
      case CLASS:
        if (v != Math.rint(v) || v < 0 || v >= names.length) {
          fault.set(
              Reason.UNKNOWN_CLASS,
              "label is " + v + ", must be one of " + known() + " or an index into them");
          return Double.NaN;
        }
        return (int) v; // -0.0 becomes 0
      default:
        fault.set(Reason.BAD_LABEL, "label is " + v + ", this job takes none");
        return Double.NaN;
    }
  }

  /** A label given as a class name in UTF-8; NaN after a fault. */
  double name(byte[] b, int offset, int length, Fault fault) {
    if (target != InputSpec.Target.CLASS) {
      fault.set(
          Reason.BAD_LABEL,
          "label is the text '"
              + shown(b, offset, length)
              + (any() ? "', must be a number" : "', this job takes none"));
      return Double.NaN;
    }
    for (int slot = hash(b, offset, length);
        table[slot] != 0;
        slot = (slot + 1) & (table.length - 1)) {
      byte[] name = names[table[slot] - 1];
      if (Arrays.equals(name, 0, name.length, b, offset, offset + length)) {
        return table[slot] - 1;
      }
    }
    fault.set(
        Reason.UNKNOWN_CLASS,
        "label is '" + shown(b, offset, length) + "', must be one of " + known());
    return Double.NaN;
  }

  private int hash(byte[] b, int offset, int length) {
    return FeatureHasher.murmur3(b, offset, length, 0) & (table.length - 1);
  }

  private String known() {
    int most = 20;
    return classes.size() <= most
        ? classes.toString()
        : classes.subList(0, most) + " and " + (classes.size() - most) + " more";
  }

  /** Text for a message: short, and readable whatever the bytes are. */
  static String shown(byte[] b, int offset, int length) {
    int most = 64;
    return new String(b, offset, Math.min(length, most), StandardCharsets.UTF_8)
        + (length > most ? "..." : "");
  }
}

package io.millrace.cli.dashboard;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Numbers by name, in a small space: keys of one job have the same names, which are held once.
 * Immutable.
 */
final class Figures {
  /** No figures. */
  static final Figures NONE = new Figures(new String[0], new double[0]);

  private final String[] names;
  private final double[] values;

  private Figures(String[] names, double[] values) {
    this.names = names;
    this.values = values;
  }

  /** Names that figures share. Not thread-safe. */
  static final class Names {
    private final Map<List<String>, String[]> known = new HashMap<>();

    Figures of(Map<String, ? extends Number> numbers) {
      TreeMap<String, Number> sorted = new TreeMap<>(numbers);
      String[] names =
          known.computeIfAbsent(List.copyOf(sorted.keySet()), list -> list.toArray(String[]::new));
      double[] values = new double[names.length];
      int i = 0;
      for (Number v : sorted.values()) {
        values[i++] = v.doubleValue();
      }
      return new Figures(names, values);
    }
  }

  /** A figure; NaN: there is none of the name. */
  double get(String name) {
    int at = Arrays.binarySearch(names, name);
    return at < 0 ? Double.NaN : values[at];
  }

  /** A count; 0: there is none of the name. */
  long count(String name) {
    double v = get(name);
    return Double.isNaN(v) ? 0 : (long) v;
  }

  /** The first of the names that has a finite figure; NaN: none has. */
  double first(String... candidates) {
    for (String name : candidates) {
      double v = get(name);
      if (Double.isFinite(v)) {
        return v;
      }
    }
    return Double.NaN;
  }

  /** All of them, sorted by name. */
  Map<String, Double> map() {
    Map<String, Double> all = new TreeMap<>();
    for (int i = 0; i < names.length; i++) {
      all.put(names[i], values[i]);
    }
    return all;
  }
}

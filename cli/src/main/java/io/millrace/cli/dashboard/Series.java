package io.millrace.cli.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Figures of one key over time, at most so many points. Where it is full the older half is thinned:
 * what stays of it lies the further apart the longer ago it was, back to the first point; the newer
 * half stays whole. Not thread-safe.
 */
final class Series {
  /** Figures that are kept of each point, the first ones by name; more would only cost memory. */
  static final int MOST_COLUMNS = 48;

  private static final int FEWEST = 8;

  private long[] times = new long[FEWEST];
  private long[] events = new long[FEWEST];
  private long[] ordinals = new long[FEWEST];
  private final Map<String, double[]> columns = new TreeMap<>();
  private int size;
  private long added;
  private int generation;

  /**
   * An empty series.
   *
   * @param generation above that of the series whose place it takes
   */
  Series(int generation) {
    this.generation = generation;
  }

  /**
   * Adds a point.
   *
   * @param time in milliseconds, when its record was written
   * @param eventCount events of the key so far
   * @param values by name; others are not known at this point
   * @param most points to keep, at least 8
   */
  void add(long time, long eventCount, Map<String, Double> values, int most) {
    while (size >= most) {
      thin();
    }
    if (size == times.length) {
      resize(Math.min(most, 2 * size));
    }
    times[size] = size == 0 ? time : Math.max(time, times[size - 1]); // clocks may go back
    events[size] = eventCount;
    ordinals[size] = added;
    for (double[] column : columns.values()) {
      column[size] = Double.NaN;
    }
    values.forEach(
        (name, v) -> {
          double[] column = columns.get(name);
          if (column == null && columns.size() < MOST_COLUMNS) {
            column = new double[times.length];
            Arrays.fill(column, 0, size, Double.NaN);
            columns.put(name, column);
          }
          if (column != null) {
            column[size] = v;
          }
        });
    size++;
    added++;
  }

  private void resize(int length) {
    times = Arrays.copyOf(times, length);
    events = Arrays.copyOf(events, length);
    ordinals = Arrays.copyOf(ordinals, length);
    columns.replaceAll((name, c) -> Arrays.copyOf(c, length));
  }

  /** Takes away a quarter of the points or more, all of them of the older half. */
  private void thin() {
    int half = size / 2;
    double apart = 1.0 / size;
    while (kept(apart, half, false) > size - Math.max(1, size / 4)) {
      apart *= 1.25;
    }
    size = kept(apart, half, true);
    generation++;
  }

  /**
   * Counts the points that stay, or moves them together.
   *
   * @param apart least distance from the point kept before, as a share of the age, both counted in
   *     points that were ever added
   */
  private int kept(double apart, int half, boolean move) {
    int to = 0;
    long last = 0;
    for (int i = 0; i < size; i++) {
      boolean near = ordinals[i] - last < apart * (added - ordinals[i]);
      if (i > 0 && i < half && near) {
        continue;
      }
      last = ordinals[i];
      if (move) {
        times[to] = times[i];
        events[to] = events[i];
        ordinals[to] = ordinals[i];
        for (double[] column : columns.values()) {
          column[to] = column[i];
        }
      }
      to++;
    }
    return to;
  }

  /** Points that are there. */
  int size() {
    return size;
  }

  /** Points that ever were; those that are not there any more were thinned out. */
  long added() {
    return added;
  }

  /** Counts up whenever points go. */
  int generation() {
    return generation;
  }

  /** Doubles and longs that are held. */
  long cells() {
    return (long) times.length * (columns.size() + 3);
  }

  /** When the points were written, from one on. */
  long[] times(int from) {
    return Arrays.copyOfRange(times, from, size);
  }

  /** Events of the key at the points. */
  long[] events(int from) {
    return Arrays.copyOfRange(events, from, size);
  }

  /** Names of the figures. */
  List<String> names() {
    return new ArrayList<>(columns.keySet());
  }

  /** A figure at the points; NaN where it is not known. */
  double[] column(String name, int from) {
    return Arrays.copyOfRange(columns.get(name), from, size);
  }

  /** The last values of a figure, the oldest first; fewer where there are fewer. */
  double[] last(String name, int count) {
    double[] column = columns.get(name);
    return column == null
        ? new double[0]
        : Arrays.copyOfRange(column, Math.max(0, size - count), size);
  }
}

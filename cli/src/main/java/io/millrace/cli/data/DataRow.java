package io.millrace.cli.data;

import java.util.Arrays;

/**
 * One row, ready to be learned from or sent. Reused: {@link DataReader#next} overwrites it.
 *
 * <p>Dense: {@link #value} holds all coordinates. Sparse: {@link #index} ascending, and {@link
 * #value}; no zeros. Named: {@link #name} with, for a number, {@link #value}, and for a category
 * its value in {@link #category}, which is null for a number.
 */
public final class DataRow {
  /** Row of the file, from 1. */
  public long number;

  /** Model key; empty where there is no such column. */
  public String key = "";

  /** Event id; empty where there is no such column. */
  public String id = "";

  /** Milliseconds since the epoch; 0 where there is no such column. */
  public long eventTime;

  /** Importance; 1 where there is no such column. */
  public double weight = 1;

  /** Label as the schema spells it; empty: none. */
  public String label = "";

  /** Label as a number: target, or class index; NaN: none. */
  public double target = Double.NaN;

  /** Coordinates or named features in use. */
  public int count;

  public int[] index = new int[32];
  public double[] value = new double[32];
  public String[] name = new String[32];
  public String[] category = new String[32];

  void clear() {
    key = "";
    id = "";
    eventTime = 0;
    weight = 1;
    label = "";
    target = Double.NaN;
    count = 0;
  }

  private void room(int n) {
    if (n > value.length) {
      int size = Math.max(n, value.length * 2);
      index = Arrays.copyOf(index, size);
      value = Arrays.copyOf(value, size);
      name = Arrays.copyOf(name, size);
      category = Arrays.copyOf(category, size);
    }
  }

  void zeros(int n) {
    room(n);
    Arrays.fill(value, 0, n, 0.0);
    count = n;
  }

  void coordinate(int i, double v) {
    if (v != 0) {
      room(count + 1);
      index[count] = i;
      value[count++] = v;
    }
  }

  void named(String featureName, double v, String word) {
    room(count + 1);
    name[count] = featureName;
    value[count] = v;
    category[count++] = word;
  }
}

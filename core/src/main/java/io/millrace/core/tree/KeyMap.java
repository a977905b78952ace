package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.getDouble;
import static io.millrace.core.state.LittleEndian.putDouble;

/**
 * The values of a numeric attribute that a leaf of a regression tree has seen, with weight and mean
 * of the target: at most so many keys, ascending. A value equal to a key counts there, any other
 * one is a new key; above the most, the two neighbours that are closest become one, at their
 * weighted mean. Of equal distances the lowest pair goes. Adding costs as many flops as there are
 * keys.
 */
public final class KeyMap {
  private static final int FIRST = Double.BYTES;

  private KeyMap() {}

  public static int size(byte[] bytes, int at) {
    return (int) getDouble(bytes, at);
  }

  public static double key(byte[] bytes, int at, int i) {
    return getDouble(bytes, place(at, i));
  }

  public static double weight(byte[] bytes, int at, int i) {
    return getDouble(bytes, place(at, i) + RegressionForm.KEY_N);
  }

  public static double mean(byte[] bytes, int at, int i) {
    return getDouble(bytes, place(at, i) + RegressionForm.KEY_MEAN);
  }

  private static int place(int at, int i) {
    return at + FIRST + RegressionForm.KEY * i;
  }

  /** Adds a value {@code x} with target {@code y} and weight {@code w}. */
  static void add(byte[] bytes, int at, int most, double x, double y, double w) {
    int n = size(bytes, at);
    int i = find(bytes, at, n, x);
    if (i < n && key(bytes, at, i) == x) {
      double weight = weight(bytes, at, i) + w;
      double mean = mean(bytes, at, i);
      put(bytes, at, i, x, weight, mean + w * (y - mean) / weight);
      return;
    }
    int to = place(at, i);
    System.arraycopy(bytes, to, bytes, to + RegressionForm.KEY, RegressionForm.KEY * (n - i));
    put(bytes, at, i, x, w, y);
    putDouble(bytes, at, n + 1);
    if (n + 1 > most) {
      mergeClosest(bytes, at, n + 1);
    }
  }

  /** Place of the first key that is not below {@code x}. */
  private static int find(byte[] bytes, int at, int n, double x) {
    int low = 0;
    int high = n;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (key(bytes, at, middle) < x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static void put(byte[] bytes, int at, int i, double key, double weight, double mean) {
    int place = place(at, i);
    putDouble(bytes, place, key);
    putDouble(bytes, place + RegressionForm.KEY_N, weight);
    putDouble(bytes, place + RegressionForm.KEY_MEAN, mean);
  }

  private static void mergeClosest(byte[] bytes, int at, int n) {
    int closest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i + 1 < n; i++) {
      double distance = key(bytes, at, i + 1) - key(bytes, at, i);
      if (distance < least) {
        least = distance;
        closest = i;
      }
    }
    int i = closest;
    double other = weight(bytes, at, i + 1);
    double weight = weight(bytes, at, i) + other;
    double share = other / weight;
    double key = key(bytes, at, i);
    double mean = mean(bytes, at, i);
    put(
        bytes,
        at,
        i,
        key + (key(bytes, at, i + 1) - key) * share,
        weight,
        mean + (mean(bytes, at, i + 1) - mean) * share);
    int from = place(at, i + 2);
    System.arraycopy(
        bytes, from, bytes, from - RegressionForm.KEY, RegressionForm.KEY * (n - i - 2));
    putDouble(bytes, at, n - 1);
  }
}

package io.millrace.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small statistics over repetitions. */
public final class Figures {
  private Figures() {}

  /** Middle value; mean of the two middle ones where their number is even. */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  /** Sum divided by the number of values. */
  public static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Median, least and largest value. */
  public static Map<String, Object> summary(double[] values) {
    Map<String, Object> s = new LinkedHashMap<>();
    s.put("median", median(values));
    s.put("min", Arrays.stream(values).min().orElseThrow());
    s.put("max", Arrays.stream(values).max().orElseThrow());
    return s;
  }
}

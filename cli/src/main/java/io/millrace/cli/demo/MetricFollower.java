package io.millrace.cli.demo;

import io.millrace.cli.topics.RecordFollower;
import io.millrace.schemas.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The newest metric record of every key. Not thread-safe. */
final class MetricFollower implements AutoCloseable {
  private final RecordFollower records;
  private final Map<String, Metric> newest = new TreeMap<>();

  MetricFollower(String bootstrapServers, String topic) {
    records =
        RecordFollower.fromBeginning(
            Map.of("bootstrap.servers", bootstrapServers, "client.id", "millrace-demo-metrics"),
            topic);
  }

  void poll(Duration timeout) {
    records.poll(
        timeout,
        record -> {
          if (record instanceof Metric m) {
            newest.put(m.getKey(), m);
          }
        });
  }

  /** Examples learned from, over all keys. */
  long learned() {
    return newest.values().stream()
        .mapToLong(m -> m.getCounters().getOrDefault("examples", 0L))
        .sum();
  }

  /** Mean of a value over all keys, weighted by what each has scored; NaN at first. */
  double mean(String name) {
    return mean(
        newest.values().stream().map(m -> Map.entry(m.getCounters(), m.getValues())).toList(),
        name);
  }

  /** The same of any counters and values. */
  static double mean(List<Map.Entry<Map<String, Long>, Map<String, Double>>> keys, String name) {
    double sum = 0;
    long scored = 0;
    for (Map.Entry<Map<String, Long>, Map<String, Double>> k : keys) {
      Double v = k.getValue().get(name);
      long n = k.getKey().getOrDefault("scored", 0L);
      if (v != null) {
        sum += v * n;
        scored += n;
      }
    }
    return scored == 0 ? Double.NaN : sum / scored;
  }

  @Override
  public void close() {
    records.close();
  }
}

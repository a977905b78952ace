package io.millrace.bench.state;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.Progress;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;

/**
 * What an event costs where state is on disk: bytes that the {@code learn} job writes into RocksDB
 * per event, by kind of event, with keys that have examples waiting for their labels; and bytes of
 * an incremental checkpoint, at first and after an interval without events. Counts, not times.
 */
public final class StateBenchmark implements Benchmark {
  @Override
  public String name() {
    return "state";
  }

  @Override
  public String description() {
    return "bytes written into RocksDB per event, and bytes of an incremental checkpoint";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of("keys", 10_000L, "waiting", 100L, "events", 50_000L, "dimension", 250L);
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException, InterruptedException {
    run.requirePositive("keys", "waiting", "events", "dimension");
    try (EmbeddedBroker broker = EmbeddedBroker.start(run.workDir().resolve("broker"))) {
      try (MeasuredJob job = MeasuredJob.start(yaml(run, broker))) {
        return measure(run, new WaitingEvents(broker.bootstrapServers(), run), job);
      }
    }
  }

  private static Map<String, Object> measure(Run run, WaitingEvents events, MeasuredJob job)
      throws IOException, InterruptedException {
    CountedLearner.Counts counts = job.counts();
    long filled = (long) run.count("keys") * run.count("waiting");
    int n = run.count("events");
    Map<String, Object> report = new LinkedHashMap<>();
    try (Progress progress = new Progress(run.output(), "state", "phases", 5)) {
      events.unlabelled(filled);
      MeasuredJob.await(() -> counts.predicted() == filled);
      progress.at(1, "");

      long before = WrittenBytes.total();
      events.labelled(n);
      MeasuredJob.await(() -> counts.predicted() == filled + n);
      report.put("bytes-per-labelled-example", perEvent(before, n));
      progress.at(2, "");

      before = WrittenBytes.total();
      events.unlabelled(n);
      MeasuredJob.await(() -> counts.predicted() == filled + 2L * n);
      report.put("bytes-per-unlabelled-example", perEvent(before, n));
      progress.at(3, "");

      before = WrittenBytes.total();
      events.labels(n);
      MeasuredJob.await(() -> counts.learned() == 2L * n);
      report.put("bytes-per-label", perEvent(before, n));
      progress.at(4, "");
    }
    CompletedCheckpointStats full = job.checkpoint();
    CompletedCheckpointStats idle = job.checkpoint();
    report.put("state-bytes", full.getStateSize());
    report.put("checkpoint-bytes-after-the-events", full.getCheckpointedSize());
    report.put("checkpoint-bytes-of-an-idle-interval", idle.getCheckpointedSize());
    report.forEach((what, bytes) -> run.output().say("%-40s %,d", what, (Long) bytes));
    return report;
  }

  private static long perEvent(long before, int events) {
    return (WrittenBytes.total() - before) / events;
  }

  private static String yaml(Run run, EmbeddedBroker broker) {
    return String.join(
        "\n",
        "job: learn",
        "name: bench-state",
        "kafka: {bootstrap-servers: '" + broker.bootstrapServers() + "'}",
        "topics: {prefix: bench-state, partitions: 1}",
        "model: {kind: linear, loss: logistic}",
        "features: {kind: sparse, dimension: " + run.count("dimension") + ", scaling: none}",
        "optimizer: {name: sgd, learning-rate: 0.01}",
        "labels: {wait: 30d, max-pending: 1000000}",
        "snapshots: {every-examples: 0}",
        "metrics: {every-examples: 0}",
        "delivery: at-least-once",
        "state: {backend: rocksdb}",
        "checkpoint: {interval: 1h, directory: '" + run.workDir().resolve("checkpoints") + "'}",
        "parallelism: 1",
        "");
  }
}

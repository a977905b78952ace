package io.millrace.bench.state;

import io.millrace.bench.HeapUse;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What keys of wide models take: bytes of a key by features and optimizer; heap and checkpoint of
 * many keys with named features that learn in a {@code learn} job at its defaults, in the heap that
 * this process is given; bytes written into RocksDB by an event of such a key; and bytes of the
 * snapshots of two streams, whole and as what has changed.
 */
public final class WideBenchmark implements Benchmark {
  private static final int SNAPSHOT_EVENTS = 100;
  private static final int[] FULL_EVERY = {1, 10, 100};

  @Override
  public String name() {
    return "wide";
  }

  @Override
  public String description() {
    return "keys of wide models: heap, bytes written into RocksDB per event, bytes of snapshots";
  }

  @Override
  public Map<String, Long> settings() {
    Map<String, Long> settings = new LinkedHashMap<>();
    settings.put("keys", 10_000L);
    settings.put("events", 40L); // of a key
    settings.put("disk-events", 50_000L);
    settings.put("stream", 36_000L);
    return settings;
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException, InterruptedException {
    run.requirePositive("keys", "events");
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("bytes-per-key", KeyTable.print(run.output()));
    try (EmbeddedBroker broker = EmbeddedBroker.start(run.workDir().resolve("broker"))) {
      List<Object> heap = new ArrayList<>();
      for (int columns : new int[] {8, 1}) {
        heap.add(heap(run, broker, columns));
      }
      report.put("heap", heap);
      if (run.count("disk-events") > 0) {
        report.put("disk", disk(run, broker));
      }
      if (run.count("stream") > 0) {
        List<Object> snapshots = new ArrayList<>();
        for (NamedStream.Kind kind : List.of(NamedStream.Kind.ADULT, NamedStream.Kind.HASHED)) {
          for (int fullEvery : FULL_EVERY) {
            snapshots.add(snapshots(run, broker, kind, fullEvery));
          }
        }
        report.put("snapshots", snapshots);
      }
    }
    return report;
  }

  /** Heap that keys take in the job, over what it takes without them. */
  private static Map<String, Object> heap(Run run, EmbeddedBroker broker, int columns)
      throws IOException, InterruptedException {
    String prefix = "bench-wide-heap-" + columns;
    int keys = run.count("keys");
    long events = (long) keys * run.count("events");
    NamedStream stream =
        new NamedStream(broker.bootstrapServers(), prefix, NamedStream.Kind.NAMED, keys, columns);
    Map<String, Object> report = new LinkedHashMap<>();
    try (Progress progress = new Progress(run.output(), prefix, "phases", 2);
        MeasuredJob job =
            MeasuredJob.start(yaml(run, broker, prefix, "{kind: named}", 20, 1, ""))) {
      stream.sendTo("warm-up", 2000); // what the job loads and compiles is not of a key
      MeasuredJob.await(() -> job.counts().learned() == 2000);
      job.checkpoint();
      long before = HeapUse.afterCollection();
      progress.at(1, "");
      stream.send(events);
      MeasuredJob.await(() -> job.counts().learned() == 2000 + events);
      long state = job.checkpoint().getStateSize();
      long after = HeapUse.afterCollection();
      progress.at(2, "");
      report.put("columns", columns);
      report.put("keys", keys);
      report.put("events", events);
      report.put("largest-heap-bytes", Runtime.getRuntime().maxMemory());
      report.put("heap-bytes-without-keys", before);
      report.put("heap-bytes-with-keys", after);
      report.put("heap-bytes-per-key", (after - before) / keys);
      report.put("checkpoint-bytes-per-key", state / keys);
    }
    run.output()
        .say(
            "%,d keys of %d columns, %,d events, largest heap %,d: %,d bytes of heap a key, %,d of a"
                + " checkpoint",
            keys,
            columns,
            events,
            Runtime.getRuntime().maxMemory(),
            (Long) report.get("heap-bytes-per-key"),
            (Long) report.get("checkpoint-bytes-per-key"));
    return report;
  }

  /** Bytes that RocksDB is given by an event of a key that has seen its features. */
  private static Map<String, Object> disk(Run run, EmbeddedBroker broker)
      throws IOException, InterruptedException {
    String prefix = "bench-wide-disk";
    int keys = run.count("keys");
    long filled = (long) keys * run.count("events");
    long events = run.count("disk-events");
    NamedStream stream =
        new NamedStream(broker.bootstrapServers(), prefix, NamedStream.Kind.NAMED, keys, 8);
    Map<String, Object> report = new LinkedHashMap<>();
    try (Progress progress = new Progress(run.output(), prefix, "phases", 2);
        MeasuredJob job =
            MeasuredJob.start(
                yaml(run, broker, prefix, "{kind: named}", 0, 1, "{backend: rocksdb}"))) {
      stream.send(filled);
      MeasuredJob.await(() -> job.counts().learned() == filled);
      progress.at(1, "");
      long before = WrittenBytes.total();
      stream.send(events);
      MeasuredJob.await(() -> job.counts().learned() == filled + events);
      report.put("bytes-written-per-event", (WrittenBytes.total() - before) / events);
      report.put("checkpoint-bytes-per-key", job.checkpoint().getStateSize() / keys);
      progress.at(2, "");
    }
    run.output()
        .say(
            "RocksDB, %,d keys of 8 columns: %,d bytes written per event, %,d of a checkpoint a key",
            keys,
            (Long) report.get("bytes-written-per-event"),
            (Long) report.get("checkpoint-bytes-per-key"));
    return report;
  }

  /** Bytes of what one key publishes. */
  private static Map<String, Object> snapshots(
      Run run, EmbeddedBroker broker, NamedStream.Kind kind, int fullEvery)
      throws IOException, InterruptedException {
    String prefix = "bench-wide-" + kind.title() + "-" + fullEvery;
    long events = run.count("stream");
    NamedStream stream = new NamedStream(broker.bootstrapServers(), prefix, kind, 1, 8);
    try (MeasuredJob job =
        MeasuredJob.start(
            yaml(run, broker, prefix, kind.features(), SNAPSHOT_EVENTS, fullEvery, ""))) {
      stream.send(events);
      MeasuredJob.await(() -> job.counts().learned() == events);
      job.checkpoint(); // what is on its way is in the topic then
    }
    PublishedBytes published = PublishedBytes.of(broker.bootstrapServers(), prefix + ".models");
    run.output()
        .say(
            "%s, %,d events, a snapshot every %d, one of %d whole: %,d versions, %,d deltas, %,d"
                + " tombstones, %,d bytes, %,d a version",
            kind.title(),
            events,
            SNAPSHOT_EVENTS,
            fullEvery,
            published.versions(),
            published.deltas(),
            published.tombstones(),
            published.bytes(),
            published.bytes() / Math.max(1, published.versions()));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("stream", kind.title());
    report.put("full-every", fullEvery);
    report.put("versions", published.versions());
    report.put("deltas", published.deltas());
    report.put("tombstones", published.tombstones());
    report.put("bytes", published.bytes());
    return report;
  }

  private static String yaml(
      Run run,
      EmbeddedBroker broker,
      String prefix,
      String features,
      int snapshots,
      int fullEvery,
      String state) {
    return String.join(
        "\n",
        "job: learn",
        "name: " + prefix,
        "kafka: {bootstrap-servers: '" + broker.bootstrapServers() + "'}",
        "topics: {prefix: " + prefix + ", partitions: 1}",
        "model: {kind: linear, loss: logistic}",
        "features: " + features,
        "snapshots: {every-examples: " + snapshots + ", full-every: " + fullEvery + "}",
        "delivery: at-least-once",
        state.isEmpty() ? "" : "state: " + state,
        "checkpoint: {interval: 1h, directory: '" + run.workDir().resolve("checkpoints") + "'}",
        "parallelism: 1",
        "");
  }
}

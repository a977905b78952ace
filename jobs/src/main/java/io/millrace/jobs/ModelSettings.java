package io.millrace.jobs;

import io.millrace.operators.output.Channel;
import io.millrace.schemas.PartCodec;
import java.time.Duration;

/** Settings of every job that keeps models by key and publishes them. */
public final class ModelSettings {
  private static final SettingTable TABLE = new SettingTable();

  public static final Setting<Duration> TTL =
      TABLE.durationOrNone(
          "state.ttl", "none", "A gap in a key's event time after which it is forgotten.");
  public static final Setting<Long> SNAPSHOT_EXAMPLES =
      TABLE.count(
          "snapshots.every-examples",
          "1000",
          "Learned examples, costs, or visits of chains, of a key between snapshots; 0: no.");
  public static final Setting<Duration> SNAPSHOT_EVERY =
      TABLE.durationOrNone("snapshots.every", "none", "Event time of a key between snapshots.");
  public static final Setting<Boolean> SNAPSHOT_AT_END =
      TABLE.flag("snapshots.at-end", "true", "Whether the end of the input publishes what is new.");
  public static final Setting<String> DTYPE =
      TABLE.choice("snapshots.dtype", "f32", "Of published tensors.", "f32", "f64");
  public static final Setting<Integer> PART_BYTES =
      TABLE.recordSize(
          "snapshots.part-bytes",
          "900KiB",
          PartCodec.MIN_PART_BYTES,
          Channel.MODELS,
          "A larger snapshot is split into parts of this size.");
  public static final Setting<Long> METRICS_EXAMPLES =
      TABLE.count(
          "metrics.every-examples",
          "1000",
          "Examples, or decisions, of a key between metric records; 0: no.");
  public static final Setting<Integer> KEPT_BYTES =
      TABLE.size(
          "limits.kept-bytes",
          "64MiB",
          "Most bytes of events kept for a key. Beyond them an example that would wait for its label"
              + " is a dead letter, a mini-batch is learned before it is full, and a tuner forgets its"
              + " oldest requests.");
  public static final Setting<Integer> ID_BYTES =
      TABLE.size("limits.id-bytes", "1KiB", "Longest id of an event in UTF-8.");

  private ModelSettings() {}

  static SettingTable table() {
    return TABLE;
  }
}

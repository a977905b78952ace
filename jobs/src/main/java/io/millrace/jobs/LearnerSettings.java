package io.millrace.jobs;

import java.nio.file.Path;

/** Settings of every job that learns from examples. */
public final class LearnerSettings {
  private static final SettingTable TABLE = new SettingTable();

  public static final Setting<String> EXAMPLES =
      TABLE.topic(
          "examples",
          "Holds Example and ExampleBatch, and Labels and Controls that are to have their place in the"
              + " sequence of a key.");
  public static final Setting<Integer> DIMENSION =
      TABLE.integer(
          "features.dimension",
          "",
          1,
          1 << 28,
          "Coordinates; needed where features.kind is dense or sparse.");
  public static final Setting<Integer> DEDUPE =
      TABLE.integer(
          "dedupe.window",
          "0",
          0,
          1 << 20,
          "Ids of a key that are remembered to drop an event that comes twice.");
  public static final Setting<Integer> FEATURE_COUNT =
      TABLE.integer(
          "limits.features-per-example", "1000000", 1, 1 << 28, "Most coordinates of an example.");
  public static final Setting<Path> WARM_START =
      TABLE.add(
          "warm-start.file",
          "",
          "a path of a snapshot",
          "A ModelSnapshot as `millrace models export` writes it; every new key starts from it.",
          Path::of);

  public static final Setting<Integer> FULL_EVERY =
      TABLE.integer(
          "snapshots.full-every",
          "1",
          1,
          10_000,
          "Of so many snapshots of a key one is full, and each between holds what has changed since the"
              + " one before, where that is less than the model and fits a record; 1: all are full.");

  private LearnerSettings() {}

  static SettingTable table() {
    return TABLE;
  }
}

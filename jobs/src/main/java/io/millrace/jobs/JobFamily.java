package io.millrace.jobs;

import io.millrace.operators.OperatorUids;
import io.millrace.operators.publish.Results;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A family of jobs on the one topology: the settings it has beside the common ones, the topics it
 * reads and writes beside theirs, and the plan that its settings make.
 */
public enum JobFamily {
  /** Supervised learning. */
  LEARN(
      LearnSettings.table(),
      List.of(LearnSettings.LABELS),
      new Output(
          LearnSettings.PREDICTIONS,
          LearnSettings.PREDICT,
          Results.PREDICTIONS,
          OperatorUids.SINK_PREDICTIONS),
      LearnPlan::new),

  /** Dictionaries for sparse codes. */
  DICTIONARY(
      DictionarySettings.table(),
      List.of(),
      new Output(
          DictionarySettings.CODES,
          DictionarySettings.CODES_ENABLED,
          Results.CODES,
          OperatorUids.SINK_CODES),
      DictionaryPlan::new);

  /**
   * An output with one record per event, which a job may be asked for.
   *
   * @param topic its role
   * @param enabled whether it is wanted
   * @param results what the learner puts there
   * @param uid of its sink
   */
  record Output(Setting<String> topic, Setting<Boolean> enabled, Results results, String uid) {
    boolean wanted(JobConfig config) {
      return config.get(enabled) && config.topic(topic) != null;
    }
  }

  private final SettingTable table;
  private final List<Setting<String>> inputs;
  private final Output output;
  private final Function<JobConfig, JobPlan> plan;

  JobFamily(
      SettingTable table,
      List<Setting<String>> inputs,
      Output output,
      Function<JobConfig, JobPlan> plan) {
    this.table = table;
    this.inputs = inputs;
    this.output = output;
    this.plan = plan;
  }

  /** Name in the YAML and in snapshots. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names. */
  static List<String> ids() {
    return Arrays.stream(values()).map(JobFamily::id).toList();
  }

  /** The family of a name, null: there is none. */
  static JobFamily of(String id) {
    return Arrays.stream(values()).filter(f -> f.id().equals(id)).findFirst().orElse(null);
  }

  /** Settings of this family alone. */
  SettingTable table() {
    return table;
  }

  /** Input topics beside examples and control. */
  List<Setting<String>> inputs() {
    return inputs;
  }

  /** The output with one record per event. */
  Output output() {
    return output;
  }

  /**
   * What the settings of a job mean to the parts of the topology.
   *
   * @throws io.millrace.core.ConfigException listing the faults found
   */
  JobPlan plan(JobConfig config) {
    return plan.apply(config);
  }

  /** Which other family has a setting or a section of this name; null: none. */
  JobFamily elsewhere(String key) {
    for (JobFamily other : values()) {
      if (other != this && other.table.has(key)) {
        return other;
      }
    }
    return null;
  }
}

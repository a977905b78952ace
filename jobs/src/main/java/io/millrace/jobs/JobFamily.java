package io.millrace.jobs;

import io.millrace.operators.learner.Results;
import io.millrace.operators.output.Channel;
import io.millrace.operators.sample.SampleChannels;
import io.millrace.operators.tune.TunerHandler;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A family of jobs: its settings, the topics it reads, the channels it writes, and the plan that
 * its settings make. All that is the same for every family - configuration, creation of topics,
 * topology, documentation - loops over these lists.
 *
 * @param id name in the YAML and in snapshots
 * @param tables settings beside those of every job
 * @param inputs topics it reads; the partition of the first that a key's events come from is the
 *     key's home
 * @param outputs channels of all its stages
 * @param shared which of its topics may lie on a Kafka that jobs share; null: none
 * @param plan what the settings of a job mean; throws a ConfigException that lists the faults found
 */
public record JobFamily(
    String id,
    List<SettingTable> tables,
    List<Input> inputs,
    List<Output> outputs,
    Shared shared,
    Function<JobConfig, JobPlan> plan) {

  /**
   * Topics that may lie on a second Kafka, which several jobs share.
   *
   * @param servers where it is; where it is not given all topics lie on the job's own
   * @param properties section of settings for its clients
   * @param topics settings of the topics
   */
  public record Shared(Setting<String> servers, String properties, Set<Setting<String>> topics) {}

  /**
   * A topic that is read.
   *
   * @param topic its setting
   * @param required whether the job cannot do without
   * @param part whether a job has the part of the family that reads it
   */
  public record Input(Setting<String> topic, boolean required, Predicate<JobConfig> part) {
    /** One that every job of the family reads. */
    public Input(Setting<String> topic, boolean required) {
      this(topic, required, job -> true);
    }

    /** Whether a job has it. */
    boolean wanted(JobConfig config) {
      return config.topic(topic) != null && part.test(config);
    }
  }

  /**
   * A channel that is written.
   *
   * @param topic setting of its topic
   * @param enabled setting that says whether it is wanted; null: always, if it has a topic
   * @param required whether the job cannot do without
   * @param part whether a job has the part of the family that writes it
   */
  public record Output(
      Channel channel,
      Setting<String> topic,
      Setting<Boolean> enabled,
      boolean required,
      Predicate<JobConfig> part) {
    /** One that every job of the family writes. */
    public Output(
        Channel channel, Setting<String> topic, Setting<Boolean> enabled, boolean required) {
      this(channel, topic, enabled, required, job -> true);
    }

    /** Whether a job has it. */
    public boolean wanted(JobConfig config) {
      return config.topic(topic) != null
          && (enabled == null || config.get(enabled))
          && part.test(config);
    }
  }

  /** What every family writes that publishes models. */
  private static final Output MODELS = new Output(Channel.MODELS, Settings.MODELS, null, true);

  private static final Output METRICS = new Output(Channel.METRICS, Settings.METRICS, null, false);

  private static final Output DEAD_LETTERS =
      new Output(Channel.DEAD_LETTERS, Settings.DEAD_LETTERS, null, true);

  private static final Input EXAMPLES = new Input(LearnerSettings.EXAMPLES, true);

  private static final Input CONTROL = new Input(Settings.CONTROL, false);

  /** Supervised learning. */
  public static final JobFamily LEARN =
      new JobFamily(
          "learn",
          List.of(LearnerSettings.table(), ModelSettings.table(), LearnSettings.table()),
          List.of(EXAMPLES, new Input(LearnSettings.LABELS, false), CONTROL),
          List.of(
              MODELS,
              METRICS,
              new Output(
                  Results.PREDICTIONS.channel(),
                  LearnSettings.PREDICTIONS,
                  LearnSettings.PREDICT,
                  false),
              DEAD_LETTERS),
          LearnPlan::byLearner);

  /** Dictionaries for sparse codes. */
  public static final JobFamily DICTIONARY =
      new JobFamily(
          "dictionary",
          List.of(LearnerSettings.table(), ModelSettings.table(), DictionarySettings.table()),
          List.of(EXAMPLES, CONTROL),
          List.of(
              MODELS,
              METRICS,
              new Output(
                  Results.CODES.channel(),
                  DictionarySettings.CODES,
                  DictionarySettings.CODES_ENABLED,
                  false),
              DEAD_LETTERS),
          DictionaryPlan::new);

  /** Parameters and actions chosen online. */
  public static final JobFamily TUNE =
      new JobFamily(
          "tune",
          List.of(ModelSettings.table(), TuneSettings.table()),
          List.of(
              new Input(TuneSettings.REQUESTS, true),
              new Input(TuneSettings.FEEDBACK, false),
              CONTROL),
          List.of(
              MODELS,
              METRICS,
              new Output(TunerHandler.DECISIONS, TuneSettings.DECISIONS, null, true),
              DEAD_LETTERS),
          TunePlan::new);

  /** Posteriors sampled over clients that keep their rows. */
  public static final JobFamily SAMPLE =
      new JobFamily(
          "sample",
          List.of(LearnerSettings.table(), ModelSettings.table(), SampleSettings.table()),
          List.of(
              new Input(LearnerSettings.EXAMPLES, true, SampleSettings::hasClients),
              new Input(SampleSettings.CHAINS, true, SampleSettings::hasClients),
              new Input(SampleSettings.DRAWS, true, SampleSettings::hasRouter)),
          List.of(
              new Output(Channel.MODELS, Settings.MODELS, null, true, SampleSettings::hasRouter),
              new Output(Channel.METRICS, Settings.METRICS, null, false, SampleSettings::hasRouter),
              new Output(
                  SampleChannels.CHAINS,
                  SampleSettings.CHAINS,
                  null,
                  true,
                  SampleSettings::hasRouter),
              new Output(SampleChannels.DRAWS, SampleSettings.DRAWS, null, true),
              DEAD_LETTERS),
          new Shared(
              SampleSettings.SHARED_SERVERS,
              SampleSettings.SHARED_PROPERTIES,
              Set.of(SampleSettings.CHAINS, SampleSettings.DRAWS)),
          SamplePlan::new);

  /** Every family of this build; the first is the default. */
  public static final List<JobFamily> ALL = List.of(LEARN, DICTIONARY, TUNE, SAMPLE);

  /** A family whose topics all lie on one Kafka. */
  public JobFamily(
      String id,
      List<SettingTable> tables,
      List<Input> inputs,
      List<Output> outputs,
      Function<JobConfig, JobPlan> plan) {
    this(id, tables, inputs, outputs, null, plan);
  }

  public JobFamily {
    tables = List.copyOf(tables);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    if (outputs.stream().noneMatch(o -> o.channel().equals(Channel.DEAD_LETTERS))) {
      throw new IllegalStateException("family '" + id + "' must list the dead letters");
    }
  }

  /** Whether one of its own tables has a setting or a section of this name. */
  boolean has(String key) {
    return tables.stream().anyMatch(t -> t.has(key));
  }
}

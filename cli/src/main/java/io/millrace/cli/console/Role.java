package io.millrace.cli.console;

import io.millrace.jobs.LearnSettings;
import io.millrace.jobs.LearnerSettings;
import io.millrace.jobs.SampleSettings;
import io.millrace.jobs.Setting;
import io.millrace.jobs.Settings;
import io.millrace.jobs.TuneSettings;

/** What a topic is to a job, as far as commands read or write it. */
public enum Role {
  EXAMPLES(LearnerSettings.EXAMPLES),
  MODELS(Settings.MODELS),
  METRICS(Settings.METRICS),
  PREDICTIONS(LearnSettings.PREDICTIONS),
  DRAWS(SampleSettings.DRAWS),
  TUNE_REQUESTS(TuneSettings.REQUESTS),
  TUNE_FEEDBACK(TuneSettings.FEEDBACK),
  TUNE_DECISIONS(TuneSettings.DECISIONS),
  DEAD_LETTERS(Settings.DEAD_LETTERS);

  private final Setting<String> setting;

  Role(Setting<String> setting) {
    this.setting = setting;
  }

  /** The setting of the job's YAML that names the topic. */
  Setting<String> setting() {
    return setting;
  }

  /** Behind the prefix in the name that a topic has where nobody chose one. */
  String suffix() {
    return setting.key().substring("topics".length());
  }
}

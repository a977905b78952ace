package io.millrace.operators.publish;

/** Where the records of a learner go. */
public interface Outputs {
  /** To the models topic. */
  void model(OutRecord record);

  /** To the metrics topic. */
  void metric(OutRecord record);

  /** To the topic of {@link Results}. */
  void result(OutRecord record);

  /** To the dead letters. */
  void deadLetter(OutRecord record);
}

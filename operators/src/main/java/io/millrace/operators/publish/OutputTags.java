package io.millrace.operators.publish;

import org.apache.flink.util.OutputTag;

/** Side outputs of the learner beside {@link Results}; models are its main output. */
public final class OutputTags {
  /** Progressive validation, for the metrics topic. */
  public static final OutputTag<OutRecord> METRICS =
      new OutputTag<>("metrics", OutRecordTypeInfo.INSTANCE);

  /** Events that could not be used. */
  public static final OutputTag<OutRecord> DEAD_LETTERS =
      new OutputTag<>("dead-letters", OutRecordTypeInfo.INSTANCE);

  private OutputTags() {}
}

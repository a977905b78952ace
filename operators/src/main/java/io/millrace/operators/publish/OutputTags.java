package io.millrace.operators.publish;

import org.apache.flink.util.OutputTag;

/** Side outputs of the learner; models are its main output. */
public final class OutputTags {
  /** Progressive validation, for the metrics topic. */
  public static final OutputTag<OutRecord> METRICS =
      new OutputTag<>("metrics", OutRecordTypeInfo.INSTANCE);

  /** Predictions, if the job wants them. */
  public static final OutputTag<OutRecord> PREDICTIONS =
      new OutputTag<>("predictions", OutRecordTypeInfo.INSTANCE);

  /** Events that could not be used. */
  public static final OutputTag<OutRecord> DEAD_LETTERS =
      new OutputTag<>("dead-letters", OutRecordTypeInfo.INSTANCE);

  private OutputTags() {}
}

package io.millrace.operators.output;

/** Where the records of a stage go. */
@FunctionalInterface
public interface Outputs {
  /** Sends a record to a channel of the stage's. */
  void emit(Channel channel, OutRecord record);
}

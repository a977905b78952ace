package io.millrace.operators.output;

/** Where the records of a stage go. */
@FunctionalInterface
public interface Outputs {
  /** Sends a record to one of the channels that the stage lists. */
  void emit(Channel channel, OutRecord record);
}

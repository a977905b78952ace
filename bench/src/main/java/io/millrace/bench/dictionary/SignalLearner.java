package io.millrace.bench.dictionary;

import java.io.IOException;

/** Something that learns a dictionary for a {@link SignalTask}, from its start. */
interface SignalLearner extends AutoCloseable {
  /** Name in the report. */
  String name();

  /** Learns once. */
  Pass pass() throws IOException;

  @Override
  default void close() throws IOException {}

  /**
   * One run of the task.
   *
   * @param cpuSeconds of the learning calls, on the learning thread
   * @param wallSeconds of the learning calls
   * @param heldOut objective at each of the marks
   */
  record Pass(double cpuSeconds, double wallSeconds, double[] heldOut) {}
}

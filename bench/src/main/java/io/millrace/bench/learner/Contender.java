package io.millrace.bench.learner;

import java.io.IOException;

/** Something that learns the samples once through, from zero, and says how long that took. */
interface Contender extends AutoCloseable {
  /** Name in the report. */
  String name();

  /** Learns all samples once. */
  Pass pass() throws IOException;

  @Override
  default void close() throws IOException {}

  /**
   * One pass.
   *
   * @param cpuSeconds CPU time of the learning thread
   * @param wallSeconds elapsed time
   */
  record Pass(double cpuSeconds, double wallSeconds) {}
}

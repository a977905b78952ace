package io.millrace.operators.shell;

import java.io.Serializable;
import java.time.Duration;

/**
 * Who computes, and how steps of many keys come together. Only the backend has to do with bits.
 *
 * @param backend id of the compute backend, or {@code auto}
 * @param keys most keys whose steps are taken together; 1: each by itself
 * @param patience longest that a step waits for others by the clock of the machine
 * @param deviceBytes most bytes that the task manager takes on its devices
 */
public record ComputeOptions(String backend, int keys, Duration patience, long deviceBytes)
    implements Serializable {
  /** Each step by itself, on a backend. */
  public static ComputeOptions of(String backend) {
    return new ComputeOptions(backend, 1, Duration.ofMillis(1), Long.MAX_VALUE);
  }
}

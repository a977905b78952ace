package io.millrace.core.compute;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A place where dense work is done. Immutable and thread-safe. Code that computes takes {@link
 * Kernels} from it, one set for each {@link Workspace}.
 */
public interface ComputeBackend {
  /** Short name, by which a configuration asks for it. */
  String id();

  /**
   * Id of the backend whose bits this one gives: its own, unless it is a faster way to those of
   * another. This is what stands in state and in a snapshot's provenance, because a model's bits
   * depend on it.
   */
  default String arithmetic() {
    return id();
  }

  /** Whether the same call gives the same bits on every run and every machine. */
  boolean reproducible();

  /**
   * Counts of what it has done in this process, for the metrics of a job, by names that never
   * change. Each may be asked at any time by any thread.
   */
  default Map<String, LongSupplier> figures() {
    return Map.of();
  }

  /** Kernels with scratch of their own. */
  Kernels kernels();
}

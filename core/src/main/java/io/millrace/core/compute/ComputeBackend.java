package io.millrace.core.compute;

/**
 * A place where dense work is done. Immutable and thread-safe. Code that computes takes {@link
 * Kernels} from it, one set for each {@link Workspace}.
 */
public interface ComputeBackend {
  /** Short name: part of a snapshot's provenance, because a model's bits depend on it. */
  String id();

  /** Whether the same call gives the same bits on every run and every machine. */
  boolean reproducible();

  /** Kernels with scratch of their own. */
  Kernels kernels();
}

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

  /** Whether work of many keys in one go may pay here, so that it is worth waiting for. */
  default boolean gathers() {
    return false;
  }

  /**
   * Where gradients of many perceptrons are computed in one go.
   *
   * @param width features of a row
   * @param units of each layer, the hidden ones rectified, the loss's outputs last
   * @param loss id of the loss
   * @param size parameters of a key: those of all layers, and padding behind them
   * @param keys most keys of a call
   * @param rows most rows of a key
   * @return null: this backend does none of that shape together
   */
  default PerceptronGradients perceptrons(
      int width, int[] units, String loss, int size, int keys, int rows) {
    return null;
  }

  /**
   * Bounds the memory that it takes on a device, for all who use it in this process.
   *
   * @param bytes at least 1
   */
  default void limit(long bytes) {
    // One without a device takes none.
  }

  /** Kernels with scratch of their own. */
  Kernels kernels();
}

package io.millrace.core.optim;

/**
 * What an optimizer does when a step is restricted to the coordinates that the mini-batch touches.
 */
public enum SparseSupport {
  /**
   * The same result as over all coordinates: a zero gradient changes neither parameter nor slot.
   */
  EXACT,
  /**
   * Untouched coordinates are left alone although the rule would decay their moments or weights.
   */
  LAZY,
  /** Not possible: the rule mixes coordinates. Sparse mini-batches cost as much as dense ones. */
  DENSE_ONLY
}

package io.millrace.core.supervised;

/** In what form a key holds what it knows about its features. The numbers are the same in both. */
public enum StateForm {
  /** The one that takes less, as far as that can be known before there is a key. */
  AUTO,

  /** All features, in arrays: what takes least time where a key sees most of them. */
  DENSE,

  /**
   * The features that the key has seen, in a table. For models that start at zero, sparse or named
   * features, and optimizers that do not mix coordinates.
   */
  SPARSE;

  /** From so many features on {@link #AUTO} holds only what a key has seen, if it can. */
  public static final int LEAST_SPARSE_WIDTH = 1 << 11;
}

package io.millrace.core.tree;

/** What the leaf of a regression tree predicts. */
public enum RegressionLeaf {
  /** Whichever of the two has had the smaller error of late. */
  ADAPTIVE,
  /** The mean of the target. */
  MEAN,
  /** A line in all attributes. */
  LINEAR
}

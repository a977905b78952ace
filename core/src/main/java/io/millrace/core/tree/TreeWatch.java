package io.millrace.core.tree;

/** Is told what a tree does; for checks. */
public interface TreeWatch {
  /** Of a tree that nobody watches. */
  TreeWatch NONE = new TreeWatch() {};

  /**
   * A leaf has looked for a test to split by.
   *
   * @param leaf its id
   * @param attribute the best, -1: there is none
   * @param best what the best attribute brings, negative infinity: nothing that is allowed
   * @param second what the second brings, or its share of the best; NaN: there is no second
   * @param eps by how much the best had to be ahead
   */
  default void attempt(
      int leaf, int attribute, double best, double second, double eps, boolean split) {}

  /**
   * A leaf has become an inner node.
   *
   * @param kind 1 numeric, 2 one value against the others, 3 a branch for each value
   * @param threshold of a numeric test, or the value
   * @param nodes that the tree has made so far
   */
  default void split(int leaf, int kind, int attribute, double threshold, double gain, int nodes) {}

  /** An inner node has become a leaf again. */
  default void regrown(int node) {}
}

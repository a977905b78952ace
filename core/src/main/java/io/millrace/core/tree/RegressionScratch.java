package io.millrace.core.tree;

import io.millrace.core.drift.PageHinkley;

/** Reused arrays of a regression tree's rule, once per subtask. Not thread-safe. */
public final class RegressionScratch {
  /** Inputs of the line, scaled, and 1 for the bias. */
  final double[] z;

  final double[] inherited;
  final double[] test = new double[PageHinkley.LENGTH];

  /** Of the row predicted last. */
  int leaf;

  double mean;
  double line;
  double prediction;

  private final TreeMemory memory;
  private final VarianceSearch search;
  private TreeWatch watch = TreeWatch.NONE;
  private int[] place = {};

  /** Scratch for the trees of one form. */
  public RegressionScratch(RegressionForm form) {
    memory = form.memory();
    search = new VarianceSearch(form);
    z = new double[form.inputs() + 1];
    inherited = new double[z.length];
  }

  /** A view, aimed where it was aimed last. */
  public TreeMemory memory() {
    return memory;
  }

  VarianceSearch search() {
    return search;
  }

  TreeWatch watch() {
    return watch;
  }

  /** Has somebody told what trees do from now on. */
  public void watchedBy(TreeWatch other) {
    watch = other;
  }

  int[] places(int nodes) {
    if (place.length < nodes) {
      place = new int[Math.max(nodes, 2 * place.length)];
    }
    return place;
  }
}

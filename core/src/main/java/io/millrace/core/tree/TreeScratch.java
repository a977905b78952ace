package io.millrace.core.tree;

import java.util.Arrays;

/** Reused arrays of a tree's rule, once per subtask. Not thread-safe. */
public final class TreeScratch {
  private final TreeMemory memory;
  private final LeafVotes votes;
  private final SplitSearch search;
  private final SubsetDraw subsets;
  private TreeWatch watch = TreeWatch.NONE;

  private double[] promise = {};
  private int[] place = {};
  private boolean[] active = {};
  private boolean[] woken = {};

  /** Scratch for the trees of one form. */
  public TreeScratch(ClassForm form) {
    memory = form.memory();
    votes = new LeafVotes(form.classes());
    search = new SplitSearch(form);
    subsets = new SubsetDraw(form.attributes(), form.observed());
  }

  /** A view, aimed where it was aimed last. */
  public TreeMemory memory() {
    return memory;
  }

  /** The votes made last. */
  public LeafVotes votes() {
    return votes;
  }

  SplitSearch search() {
    return search;
  }

  /** Where nodes draw the attributes that they observe. */
  public SubsetDraw subsets() {
    return subsets;
  }

  TreeWatch watch() {
    return watch;
  }

  /** Has somebody told what trees do from now on. */
  public void watchedBy(TreeWatch other) {
    watch = other;
  }

  /** Room for a number for each node. */
  double[] promise(int nodes) {
    if (promise.length < nodes) {
      promise = new double[Math.max(nodes, 2 * promise.length)];
    }
    return promise;
  }

  /** Room for a whole number for each node; contents undefined. */
  int[] places(int nodes) {
    if (place.length < nodes) {
      place = new int[Math.max(nodes, 2 * place.length)];
    }
    return place;
  }

  /** Room for a flag for each node, all false. */
  boolean[] flags(int nodes) {
    if (active.length < nodes) {
      active = new boolean[Math.max(nodes, 2 * active.length)];
    }
    Arrays.fill(active, 0, nodes, false);
    return active;
  }

  /** Room for another flag for each node; contents undefined. */
  boolean[] moreFlags(int nodes) {
    if (woken.length < nodes) {
      woken = new boolean[Math.max(nodes, 2 * woken.length)];
    }
    return woken;
  }
}

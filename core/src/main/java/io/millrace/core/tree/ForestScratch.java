package io.millrace.core.tree;

import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;

/** Reused arrays and draws of a forest's rule, once per subtask. Not thread-safe. */
public final class ForestScratch {
  private final TreeScratch trees;
  private final LeafVotes[] votes;
  private PhiloxDraws stream;
  private long seed;
  private ForestWatch watch = ForestWatch.NONE;

  /** Scratch for forests of so many trees of one form. */
  public ForestScratch(ClassForm form, int slots) {
    trees = new TreeScratch(form);
    votes = new LeafVotes[slots];
    for (int i = 0; i < votes.length; i++) {
      votes[i] = new LeafVotes(form.classes());
    }
  }

  /** Aims at the draws of a key. */
  public void aim(long jobSeed, String key) {
    if (stream == null || seed != jobSeed) {
      stream = new PhiloxDraws(jobSeed, key);
      seed = jobSeed;
    }
    stream.at(key, 0);
    trees.subsets().aim(jobSeed, key);
  }

  /** The uniform number by which a slot takes an event. */
  public double bag(long event, int slot) {
    return stream
        .at(event)
        .fork(Purpose.BAGGING)
        .uniform(2L * slot); // words 0 and 1 of block `slot`
  }

  /** Scratch of the trees. */
  public TreeScratch trees() {
    return trees;
  }

  /** The votes of a slot's tree for the row voted on last. */
  LeafVotes votes(int slot) {
    return votes[slot];
  }

  ForestWatch watch() {
    return watch;
  }

  /** Has somebody told what becomes of the trees from now on. */
  public void watchedBy(ForestWatch other) {
    watch = other;
  }
}

package io.millrace.core.tree;

import io.millrace.core.learner.LearnerForm;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.Arrays;
import java.util.List;

/** Settings that several learners of this package share. */
final class TreeHypers {
  static final Hyper GRACE =
      new Hyper(
          "grace",
          50,
          Range.positive(),
          "weight that a leaf takes in between two attempts to split");
  static final Hyper DELTA =
      new Hyper(
          "delta",
          0.01,
          new Range(0, true, 1, true, false),
          "probability of splitting by another attribute than the best");
  static final Hyper TAU =
      new Hyper(
          "tau",
          0.05,
          Range.nonNegative(),
          "once the bound on the gains' error is below this, a leaf splits by the best it has");
  static final Hyper BINS =
      new Hyper("bins", 10, Range.integers(1, 1000), "thresholds tried of a numeric attribute");
  static final Hyper MIN_BRANCH =
      new Hyper(
          "min-branch",
          0.01,
          Range.halfOpen(0, 0.5),
          "share of a leaf's weight that two branches must pass");
  static final Hyper MAX_DEPTH =
      new Hyper("max-depth", 1000, Range.integers(0, 1 << 20), "largest depth of a leaf");
  static final Hyper MAX_NODES =
      new Hyper("max-nodes", 65_536, Range.integers(1, 1 << 24), "most nodes of a tree");
  static final Hyper MAX_BYTES =
      new Hyper(
          "max-bytes",
          1 << 20,
          Range.integers(4096, 1 << 30),
          "most bytes of a tree's nodes and statistics; where they run out, the leaves with the least"
              + " to gain are parked");
  static final Hyper REVIEW =
      new Hyper(
          "review",
          10_000,
          Range.integers(1, 1 << 30),
          "examples between two reviews of which leaves are parked");

  static final Choice NOMINAL_SPLITS =
      new Choice(
          "nominal-splits",
          List.of("one-value", "each-value"),
          "branches of a test of a nominal attribute: one value against the others, or, tried too,"
              + " one for each value");
  static final Choice LEAF =
      new Choice(
          "leaf",
          Arrays.stream(LeafRule.values()).map(LeafRule::word).toList(),
          "how a leaf votes: naive Bayes or the shares of the classes, whichever has been right more"
              + " often there; a mixture of both by their losses; one of them");
  static final Choice CRITERION =
      new Choice(
          "criterion",
          Arrays.stream(Impurity.values()).map(Impurity::word).toList(),
          "what a split is to reduce");

  /** Of each tree for classes. */
  static final List<Hyper> OF_CLASSES =
      List.of(GRACE, DELTA, TAU, BINS, MIN_BRANCH, MAX_DEPTH, MAX_NODES, MAX_BYTES, REVIEW);

  /** Of each tree for classes. */
  static final List<Choice> WORDS_OF_CLASSES = List.of(LEAF, CRITERION, NOMINAL_SPLITS);

  private TreeHypers() {}

  /** The rule that settings ask for. */
  static HoeffdingTree rule(LearnerForm f, ClassForm form) {
    return new HoeffdingTree(
        form,
        LeafRule.of(f.word(LEAF)),
        Impurity.of(f.word(CRITERION)),
        f.get(GRACE),
        f.get(DELTA),
        f.get(TAU),
        f.whole(BINS),
        isBinary(f),
        f.get(MIN_BRANCH),
        f.whole(MAX_DEPTH),
        f.whole(MAX_NODES),
        f.whole(MAX_BYTES),
        f.whole(REVIEW));
  }

  static boolean isBinary(LearnerForm f) {
    return f.word(NOMINAL_SPLITS).equals(NOMINAL_SPLITS.def());
  }
}

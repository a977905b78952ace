package io.millrace.core.tree;

import io.millrace.core.compute.Workspace;
import io.millrace.core.drift.PageHinkley;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A {@link RegressionTree} as a learner. Deviations from the paper: those of what it wraps. */
public final class RegressionTreeLearner extends SingleTreeLearner {
  private static final Hyper GRACE = TreeHypers.GRACE.withDefault(200);
  private static final Hyper DELTA = TreeHypers.DELTA.withDefault(1e-7);
  private static final Hyper KEYS =
      Hyper.structural(
          "keys",
          32,
          Range.integers(2, 4096),
          "values of a numeric attribute that a leaf tells apart; beyond them neighbours are merged");
  private static final Hyper MIN_SAMPLES =
      new Hyper("min-samples", 5, Range.nonNegative(), "least weight of a branch");
  private static final Hyper DECAY =
      new Hyper(
          "decay",
          0.95,
          Range.closed(0, 1),
          "of the errors by which an adaptive leaf chooses between mean and line");
  private static final Hyper RATE =
      new Hyper("rate", 0.1, Range.nonNegative(), "learning rate of the lines in the leaves");
  private static final Hyper RATE_DECAY =
      new Hyper(
          "rate-decay", 0.001, Range.nonNegative(), "how fast it falls with the line's weight");
  private static final Hyper MAX_NODES = TreeHypers.MAX_NODES.withDefault(2047);
  private static final Hyper MAX_BYTES =
      new Hyper(
          "max-bytes",
          1 << 24,
          Range.integers(4096, 1 << 30),
          "most bytes of a tree's nodes and statistics; where they run out, no leaf splits");
  private static final Hyper DRIFT_DELTA =
      new Hyper(
          "drift-delta",
          0.005,
          Range.nonNegative(),
          "rise of a subtree's error that is tolerated, in three standard deviations of the labels");
  private static final Hyper DRIFT_LAMBDA =
      new Hyper(
          "drift-lambda", 50, Range.positive(), "sum of such rises at which a subtree is dropped");

  private static final Choice LEAF =
      new Choice(
          "leaf",
          Arrays.stream(RegressionLeaf.values()).map(RegressionTreeLearner::word).toList(),
          "what a leaf predicts: mean or line, whichever has erred less of late, or one of them");
  private static final Choice DRIFT =
      new Choice("drift", List.of("regrow", "none"), "what becomes of a subtree whose error rises");

  public static final LearnerSpec SPEC =
      new LearnerSpec(
          "regression-tree",
          "a Hoeffding tree for numbers, with lines in its leaves",
          new Source(
              "Ikonomovska, Gama, Dzeroski, Learning Model Trees from Evolving Data Streams, DMKD"
                  + " 2011",
              Source.Confidence.CODE),
          1,
          List.of(InputSpec.Target.REAL, InputSpec.Target.NON_NEGATIVE),
          false,
          true,
          false,
          List.of(LEAF, DRIFT, TreeHypers.NOMINAL_SPLITS),
          List.of(
              GRACE,
              DELTA,
              TreeHypers.TAU,
              KEYS,
              MIN_SAMPLES,
              DECAY,
              RATE,
              RATE_DECAY,
              TreeHypers.MAX_DEPTH,
              MAX_NODES,
              MAX_BYTES,
              DRIFT_DELTA,
              DRIFT_LAMBDA),
          RegressionTreeLearner::of);

  private final RegressionTree tree;

  private RegressionTreeLearner(LearnerForm form, RegressionTree tree) {
    super(form, tree.form()::memory, 0, MAX_NODES, MAX_BYTES);
    this.tree = tree;
  }

  /** A learner as configured. */
  private static RegressionTreeLearner of(LearnerForm form) {
    RegressionForm numbers = new RegressionForm(values(form), form.whole(KEYS));
    return new RegressionTreeLearner(form, rule(form, numbers));
  }

  private static RegressionTree rule(LearnerForm f, RegressionForm form) {
    return new RegressionTree(
        form,
        RegressionLeaf.valueOf(f.word(LEAF).toUpperCase(Locale.ROOT)),
        f.get(GRACE),
        f.get(DELTA),
        f.get(TreeHypers.TAU),
        f.get(MIN_SAMPLES),
        f.get(DECAY),
        f.get(RATE),
        f.get(RATE_DECAY),
        TreeHypers.isBinary(f),
        f.whole(TreeHypers.MAX_DEPTH),
        f.whole(MAX_NODES),
        f.whole(MAX_BYTES),
        f.word(DRIFT).equals(DRIFT.def())
            ? PageHinkley.rising(f.get(DRIFT_DELTA), f.get(DRIFT_LAMBDA))
            : null);
  }

  private static String word(RegressionLeaf leaf) {
    return leaf.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void initialize(LearnerState state, String key) {
    super.initialize(state, key);
    state.setBytes(TREE, tree.form().memory().root(0));
  }

  @Override
  protected int outputs() {
    return 1;
  }

  @Override
  protected int answer(
      Rows rows, int row, double[] x, LearnerState state, double[] out, Workspace workspace) {
    out[0] = predict(rows, row, x, state, Scratch.of(workspace, tree.form()), workspace);
    return 1;
  }

  private double predict(
      Rows rows,
      int row,
      double[] x,
      LearnerState state,
      RegressionScratch s,
      Workspace workspace) {
    s.memory().aim(state.bytes(TREE));
    return tree.predict(s.memory(), full(rows, row, x, workspace), from(rows, row), s);
  }

  @Override
  protected boolean take(
      Rows rows,
      int row,
      double[] x,
      LearnerState state,
      String key,
      boolean answered,
      Workspace workspace) {
    RegressionScratch s = Scratch.of(workspace, tree.form());
    if (!answered) {
      predict(rows, row, x, state, s, workspace);
    }
    TreeMemory m = s.memory();
    byte[] before = m.bytes();
    boolean taken =
        tree.learn(
            m,
            full(rows, row, x, workspace),
            from(rows, row),
            rows.label(row),
            rows.weight(row),
            s);
    keep(state, before, m);
    return taken;
  }

  @Override
  protected void requireTensors(PublishedModel from) {
    super.requireTensors(from);
    double[] leaves = from.tensors().get(TREE + ".leaves").data();
    int length = tree.form().leafBytes() / Double.BYTES;
    for (int at = 0; at < leaves.length; at += length) {
      for (int a = 0; a < tree.form().attributes(); a++) {
        double n = leaves[at + tree.form().at(a) / Double.BYTES];
        boolean keys = tree.form().values(a) == 0;
        if (keys && !(n >= 0 && n <= tree.form().keys() && n == Math.rint(n))) {
          throw new StateException(
              "tensor '"
                  + TREE
                  + ".leaves' has "
                  + n
                  + " keys of attribute "
                  + a
                  + "; at most "
                  + tree.form().keys()
                  + " (model.keys)");
        }
      }
    }
  }

  /** Scratch for the form in use last: a job has one. */
  private static final class Scratch {
    private RegressionForm form;
    private RegressionScratch scratch;

    static RegressionScratch of(Workspace workspace, RegressionForm form) {
      Scratch held = workspace.object("regression-tree", Scratch.class, Scratch::new);
      if (held.form != form) {
        if (!form.equals(held.form)) {
          held.scratch = new RegressionScratch(form);
        }
        held.form = form;
      }
      return held.scratch;
    }
  }
}

package io.millrace.core.tree;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.List;

/** A {@link HoeffdingTree} as a learner. Deviations from the paper: those of what it wraps. */
public final class ClassTreeLearner extends SingleTreeLearner {
  public static final LearnerSpec SPEC =
      new LearnerSpec(
          "tree",
          "a Hoeffding tree for classes",
          new Source(
              "Domingos, Hulten, Mining High-Speed Data Streams, KDD 2000; leaves: Holmes, Kirkby,"
                  + " Pfahringer, Stress-Testing Hoeffding Trees, PKDD 2005",
              Source.Confidence.CODE),
          1,
          List.of(InputSpec.Target.CLASS),
          false,
          true,
          false,
          TreeHypers.WORDS_OF_CLASSES,
          TreeHypers.OF_CLASSES,
          ClassTreeLearner::of);

  private final HoeffdingTree tree;

  private ClassTreeLearner(LearnerForm form, HoeffdingTree tree) {
    super(
        form, tree.form()::memory, tree.form().drawn(), TreeHypers.MAX_NODES, TreeHypers.MAX_BYTES);
    this.tree = tree;
  }

  /** A learner as configured. */
  private static ClassTreeLearner of(LearnerForm form) {
    int[] values = values(form);
    ClassForm classes = new ClassForm(values, form.classes(), values.length);
    return new ClassTreeLearner(form, TreeHypers.rule(form, classes));
  }

  @Override
  public void initialize(LearnerState state, String key) {
    super.initialize(state, key);
    state.setBytes(TREE, tree.root(0, new TreeScratch(tree.form())));
  }

  @Override
  protected int outputs() {
    return form().classes() == 2 ? 1 : form().classes();
  }

  @Override
  protected int answer(
      Rows rows, int row, double[] x, LearnerState state, double[] out, Workspace workspace) {
    TreeScratch s = Scratch.of(workspace, tree.form());
    vote(rows, row, x, state, s, workspace);
    return publish(s.votes().probability(), out);
  }

  /** Writes probabilities as learners answer: one of two classes, else all. */
  static int publish(double[] probability, double[] out) {
    if (probability.length == 2) {
      out[0] = probability[1];
      return 1;
    }
    System.arraycopy(probability, 0, out, 0, probability.length);
    return probability.length;
  }

  private void vote(
      Rows rows, int row, double[] x, LearnerState state, TreeScratch s, Workspace workspace) {
    s.memory().aim(state.bytes(TREE));
    tree.vote(s.memory(), full(rows, row, x, workspace), from(rows, row), s.votes());
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
    TreeScratch s = Scratch.of(workspace, tree.form());
    if (!answered) {
      vote(rows, row, x, state, s, workspace);
    }
    TreeMemory m = s.memory();
    byte[] before = m.bytes();
    tree.learn(
        m,
        full(rows, row, x, workspace),
        from(rows, row),
        (int) rows.label(row),
        rows.weight(row),
        s.votes(),
        s);
    keep(state, before, m);
    return true;
  }

  /** Scratch for the form in use last: a job has one. */
  private static final class Scratch {
    private ClassForm form;
    private TreeScratch scratch;

    static TreeScratch of(Workspace workspace, ClassForm form) {
      Scratch held = workspace.object("class-tree", Scratch.class, Scratch::new);
      if (held.form != form) {
        if (!form.equals(held.form)) {
          held.scratch = new TreeScratch(form);
        }
        held.form = form;
      }
      return held.scratch;
    }
  }
}

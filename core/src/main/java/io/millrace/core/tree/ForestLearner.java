package io.millrace.core.tree;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.drift.PageHinkley;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An {@link AdaptiveForest} as a learner. State: the bytes of its trees and background trees, an
 * eighth more than they need at most, twice {@code max-bytes} and a header for each slot at most,
 * and the detectors. Deviations from the paper: those of what it wraps.
 */
public final class ForestLearner extends TreeLearner {
  private static final Hyper TREES =
      Hyper.structural("trees", 10, Range.integers(1, 1000), "trees that vote");
  private static final Hyper ATTRIBUTES =
      Hyper.structural(
          "attributes",
          0,
          Range.integers(0, 1 << 24),
          "features that a node observes, drawn for each; 0: the root of their number, and one");
  private static final Hyper LAMBDA =
      new Hyper(
          "lambda",
          6,
          new Range(0, true, 100, false, false),
          "how often a tree takes an example on average");
  private static final Hyper WARNING_DELTA =
      new Hyper(
          "warning-delta",
          0.01,
          new Range(0, true, 1, true, false),
          "probability that a warning of an ADWIN is false");
  private static final Hyper DRIFT_DELTA =
      new Hyper(
          "drift-delta",
          0.001,
          new Range(0, true, 1, true, false),
          "probability that a drift told by an ADWIN is false");
  private static final Hyper TEST_DELTA =
      new Hyper(
          "page-hinkley-delta",
          0.005,
          Range.nonNegative(),
          "rise of a tree's error that is tolerated");
  private static final Hyper TEST_LAMBDA =
      new Hyper("page-hinkley-lambda", 50, Range.positive(), "sum of such rises that is a drift");
  private static final Hyper WEIGHTED =
      new Hyper(
          "weighted-votes", 1, Range.flag(), "whether trees vote by how often they were right");
  private static final Choice DRIFT =
      new Choice(
          "drift",
          Arrays.stream(ForestDrift.values()).map(ForestLearner::word).toList(),
          "what tells that a tree's error rises");

  public static final LearnerSpec SPEC =
      new LearnerSpec(
          "forest",
          "an adaptive random forest for classes",
          new Source(
              "Gomes et al., Adaptive random forests for evolving data stream classification,"
                  + " Machine Learning 2017",
              Source.Confidence.CODE),
          1,
          List.of(InputSpec.Target.CLASS),
          false,
          true,
          true,
          Stream.concat(Stream.of(DRIFT), TreeHypers.WORDS_OF_CLASSES.stream()).toList(),
          Stream.concat(
                  Stream.of(
                      TREES,
                      ATTRIBUTES,
                      LAMBDA,
                      WARNING_DELTA,
                      DRIFT_DELTA,
                      TEST_DELTA,
                      TEST_LAMBDA,
                      WEIGHTED),
                  TreeHypers.OF_CLASSES.stream())
              .toList(),
          ForestLearner::of);

  private static final String SLOT = "tree.";
  private static final String BACKGROUND = "background.";
  private static final String ANSWERS = "answers";
  private static final String DETECTORS = "detectors";
  private static final String COUNTS = "counts";

  private final AdaptiveForest forest;
  private final TreeTensors tensors;

  private ForestLearner(LearnerForm form, AdaptiveForest forest) {
    super(form, forest.declare(new StateSchema.Builder()));
    this.forest = forest;
    ClassForm classes = forest.tree().form();
    int drawn = classes.draws() ? classes.observed() : 0;
    this.tensors = new TreeTensors(values(form), classes.memory(), classes.drawn(), drawn);
  }

  /** A learner as configured. */
  private static ForestLearner of(LearnerForm form) {
    int[] values = values(form);
    int observed = form.whole(ATTRIBUTES);
    if (observed > values.length) {
      throw new ConfigException(
          "model.attributes = "
              + observed
              + "; must be at most the "
              + values.length
              + " features, or 0");
    }
    int m = observed == 0 ? AdaptiveForest.observed(values.length) : observed;
    ClassForm classes = new ClassForm(values, form.classes(), m);
    requireRoom(form, TreeHypers.MAX_BYTES, classes.memory());
    return new ForestLearner(
        form,
        new AdaptiveForest(
            TreeHypers.rule(form, classes),
            form.whole(TREES),
            form.get(LAMBDA),
            drift(form.word(DRIFT)),
            form.get(WARNING_DELTA),
            form.get(DRIFT_DELTA),
            PageHinkley.rising(form.get(TEST_DELTA), form.get(TEST_LAMBDA)),
            form.flag(WEIGHTED)));
  }

  private static String word(ForestDrift drift) {
    return drift.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static ForestDrift drift(String word) {
    return Arrays.stream(ForestDrift.values())
        .filter(d -> word(d).equals(word))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public long mostBytes() {
    return schema().totalBytes() + 2 * forest.trees() * forest.tree().mostBytes();
  }

  @Override
  public long publishedGrowth() {
    HoeffdingTree tree = forest.tree();
    return 2 * forest.trees() * tensors.mostBytes(tree.form().memory(), tree.maxBytes());
  }

  @Override
  public void initialize(LearnerState state, String key) {
    super.initialize(state, key);
    ForestScratch s = new ForestScratch(forest.tree().form(), forest.trees());
    s.aim(form().seed(), key);
    forest.initialize(state, s);
  }

  @Override
  protected int outputs() {
    return form().classes() == 2 ? 1 : form().classes();
  }

  @Override
  protected int answer(
      Rows rows, int row, double[] x, LearnerState state, double[] out, Workspace workspace) {
    double[] votes = vote(rows, row, x, state, scratch(workspace), workspace);
    return ClassTreeLearner.publish(votes, out);
  }

  private double[] vote(
      Rows rows, int row, double[] x, LearnerState state, ForestScratch s, Workspace workspace) {
    double[] votes = workspace.array("forest.votes", form().classes());
    forest.vote(state, full(rows, row, x, workspace), from(rows, row), votes, s);
    return votes;
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
    ForestScratch s = scratch(workspace);
    if (!answered) {
      vote(rows, row, x, state, s, workspace);
    }
    s.aim(form().seed(), key);
    forest.learn(
        state,
        full(rows, row, x, workspace),
        from(rows, row),
        (int) rows.label(row),
        rows.weight(row),
        s);
    return true;
  }

  private ForestScratch scratch(Workspace workspace) {
    return Scratch.of(workspace, forest);
  }

  /** Sums over the trees that vote; the largest share of a bound. */
  @Override
  public void figures(LearnerState state, Figures out) {
    TreeMemory m = forest.tree().form().memory();
    double nodes = 0;
    double parked = 0;
    double bytes = 0;
    double share = 0;
    int backgrounds = 0;
    for (int i = 0; i < forest.trees(); i++) {
      m.aim(forest.tree(state, i));
      nodes += m.nodes();
      parked += m.leaves() - m.active();
      bytes += m.counted();
      double most = (double) m.nodes() / forest.tree().maxNodes();
      share = Math.max(share, Math.max(most, (double) m.counted() / forest.tree().maxBytes()));
      if (forest.background(state, i).length > 0) {
        backgrounds++;
        bytes += m.aim(forest.background(state, i)).counted();
      }
    }
    out.figure("nodes", nodes);
    out.figure("parkedLeaves", parked);
    out.figure("backgroundTrees", backgrounds);
    out.figure("treesMade", forest.made(state));
    out.figure("treeBytes", bytes);
    out.figure("boundShare", share);
  }

  @Override
  protected void write(LearnerState state, ModelWriter out) {
    TreeMemory m = forest.tree().form().memory();
    for (int i = 0; i < forest.trees(); i++) {
      tensors.write(SLOT + i, m.aim(forest.tree(state, i)), out);
      if (forest.background(state, i).length > 0) {
        tensors.write(BACKGROUND + i, m.aim(forest.background(state, i)), out);
      }
    }
    double[] answers = forest.answers(state);
    double[] detectors = forest.detectors(state);
    long[] counts = forest.counts(state);
    out.exact(ANSWERS, new int[] {forest.trees(), 2}, answers);
    out.exact(DETECTORS, new int[] {detectors.length}, detectors);
    out.exact(COUNTS, new int[] {2}, new double[] {counts[0], counts[1]});
  }

  @Override
  protected void requireTensors(PublishedModel from) {
    for (int i = 0; i < forest.trees(); i++) {
      tensors.require(SLOT + i, from);
      if (TreeTensors.has(BACKGROUND + i, from)) {
        tensors.require(BACKGROUND + i, from);
      }
    }
    for (double n : from.finiteTensor(ANSWERS, forest.trees(), 2)) {
      requireCount(ANSWERS, n, n >= 0);
    }
    for (double n : from.finiteTensor(COUNTS, 2)) {
      requireCount(COUNTS, n, n >= 0 && n == Math.rint(n));
    }
    int length = schema().length(schema().indexOf(DETECTORS));
    from.finiteTensor(DETECTORS, length);
  }

  private static void requireCount(String tensor, double n, boolean fits) {
    if (!fits) {
      throw new StateException("tensor '" + tensor + "' has " + n + "; must be counts");
    }
  }

  @Override
  protected void restore(LearnerState state, PublishedModel from) {
    TreeMemory m = forest.tree().form().memory();
    for (int i = 0; i < forest.trees(); i++) {
      byte[] background =
          TreeTensors.has(BACKGROUND + i, from)
              ? tensors.read(BACKGROUND + i, from, m)
              : new byte[0];
      forest.put(state, i, tensors.read(SLOT + i, from, m), background);
    }
    double[] answers = from.tensors().get(ANSWERS).data();
    double[] detectors = from.tensors().get(DETECTORS).data();
    double[] counts = from.tensors().get(COUNTS).data();
    System.arraycopy(answers, 0, forest.answers(state), 0, answers.length);
    System.arraycopy(detectors, 0, forest.detectors(state), 0, detectors.length);
    forest.counts(state)[0] = (long) counts[0];
    forest.counts(state)[1] = (long) counts[1];
  }

  /** Scratch for the form in use last: a job has one. */
  private static final class Scratch {
    private ClassForm form;
    private int slots;
    private ForestScratch scratch;

    static ForestScratch of(Workspace workspace, AdaptiveForest forest) {
      Scratch held = workspace.object("forest", Scratch.class, Scratch::new);
      ClassForm form = forest.tree().form();
      if (held.form != form || held.slots != forest.trees()) {
        if (!form.equals(held.form) || held.slots != forest.trees()) {
          held.scratch = new ForestScratch(form, forest.trees());
        }
        held.form = form;
        held.slots = forest.trees();
      }
      return held.scratch;
    }
  }
}

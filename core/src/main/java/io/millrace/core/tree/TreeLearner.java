package io.millrace.core.tree;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Figures;
import io.millrace.core.learner.EventLearner;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;

/** What learners over trees share: rows, what they do not take, figures. */
abstract class TreeLearner extends EventLearner {
  /** Numbers up to this have squares that can be summed for ever. */
  private static final double LARGEST = 1e100;

  /** Weights up to this leave such sums finite. */
  private static final double HEAVIEST = 1e50;

  private final int width;
  private final boolean dense;

  TreeLearner(LearnerForm form, StateSchema.Builder blocks) {
    super(form, blocks);
    this.width = form.width();
    this.dense = form.input().dense();
  }

  /** Kinds of the attributes: 0 numeric, else how many values. */
  static int[] values(LearnerForm form) {
    int[] values = new int[form.width()];
    for (int a = 0; a < values.length; a++) {
      values[a] = form.values(a);
    }
    return values;
  }

  /**
   * Refuses a bound that a tree of one leaf does not keep.
   *
   * @param most where the bound is set
   */
  static void requireRoom(LearnerForm form, Hyper most, TreeMemory m) {
    long least = (long) m.nodeBytes() + m.leafBytes();
    if (least > form.get(most)) {
      throw new ConfigException(
          "model."
              + most.name()
              + " = "
              + form.whole(most)
              + "; must be at least "
              + least
              + ", a tree of one leaf over "
              + form.width()
              + " features; raise it, or use fewer features (features.dimension,"
              + " features.hash-bits)");
    }
  }

  /** Where the attributes of a row are: {@code x} itself, or a full row made of a sparse one. */
  final double[] full(Rows rows, int row, double[] x, Workspace workspace) {
    if (dense) {
      return x;
    }
    double[] full = workspace.array("tree.row", width);
    Arrays.fill(full, 0);
    int[] index = rows.index();
    for (int i = rows.start(row); i < rows.end(row); i++) {
      full[index[i]] += x[i];
    }
    return full;
  }

  /** Where they begin there. */
  final int from(Rows rows, int row) {
    return dense ? rows.start(row) : 0;
  }

  @Override
  public String unfit(Rows rows, int row) {
    String why = super.unfit(rows, row);
    if (why != null) {
      return why;
    }
    for (int i = rows.start(row); i < rows.end(row); i++) {
      if (!(Math.abs(rows.value()[i]) <= LARGEST)) {
        int feature = dense ? i - rows.start(row) : rows.index()[i];
        return tooLarge("feature '" + form().name(feature) + "'", rows.value()[i], LARGEST);
      }
    }
    boolean number = form().input().target() != InputSpec.Target.CLASS;
    if (number && Math.abs(rows.label(row)) > LARGEST) {
      return tooLarge("label", rows.label(row), LARGEST);
    }
    return rows.weight(row) > HEAVIEST ? tooLarge("weight", rows.weight(row), HEAVIEST) : null;
  }

  private String tooLarge(String what, double v, double most) {
    return what
        + " is "
        + v
        + ", must be at most "
        + most
        + " in size, because model.kind '"
        + algorithm()
        + "' keeps sums of squares";
  }

  /** Reports the size of a tree, and how much of what it may have it has. */
  static void figures(TreeMemory m, int maxNodes, long maxBytes, Figures out) {
    out.figure("nodes", m.nodes());
    out.figure("leaves", m.leaves());
    out.figure("parkedLeaves", m.leaves() - m.active());
    out.figure("depth", m.depth());
    out.figure("treeBytes", m.counted());
    double nodes = (double) m.nodes() / maxNodes;
    out.figure("boundShare", Math.max(nodes, (double) m.counted() / maxBytes));
  }
}

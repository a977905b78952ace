package io.millrace.core.anomaly;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learner.EventLearner;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.rng.Philox;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.List;

/**
 * Half-space trees: how empty the space is where an event lies. Tan, Ting, Liu, "Fast Anomaly
 * Detection for Streaming Data", IJCAI 2011.
 *
 * <pre>
 * u = (x - low) / (high - low)
 * tree: nodes 1, 2i, 2i + 1; a node halves the work range of an attribute; u above the cut: right
 * score: down from the root while depth &lt; h and r &gt; share psi;  S = sum over trees of r 2^depth
 *        1 - ln(1 + S / T) / ln(1 + psi 2^h):  0 in the densest space, 1 where it is empty
 * learn: l &lt;- l + 1 on the whole path of each tree; after every psi-th event r &lt;- l, l &lt;- 0
 * </pre>
 *
 * <p>r are masses of the window before, l those of the present one. Before the first window is full
 * there is no score. Beside the score the answer says whether it is an alarm: 1 where the score is
 * above a quantile of the scores of the last full window, 0 otherwise.
 *
 * <p>Cuts are not kept: they follow from random numbers that the key of the stream and the numbers
 * of tree and node make ({@link HalfSpaceCuts}); a published model lists them.
 *
 * <p>Deviations from the paper: the score is a logarithm of the paper's sum, turned round and
 * brought to [0, 1]; attributes have ranges of their own; a weight is 0 or not. State: two counts
 * of 4 bytes for each of 2^(h+1) - 1 nodes a tree, and psi scores. An event walks T paths twice.
 */
public final class HalfSpaceTrees extends EventLearner {
  private static final Hyper TREES =
      Hyper.structural("trees", 25, Range.integers(1, 1000), "trees, T");

  private static final Hyper HEIGHT =
      Hyper.structural("height", 8, Range.integers(1, 15), "height of a tree, h");

  private static final Hyper WINDOW =
      Hyper.structural("window", 250, Range.integers(1, 1 << 20), "events of a window, psi");

  private static final Hyper SHARE =
      new Hyper(
          "share",
          0.1,
          Range.closed(0, 1),
          "a node with no more than this share of a window is not looked into");

  private static final Range NUMBERS =
      new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true, false);

  private static final Hyper LOW =
      new Hyper("low", 0, NUMBERS, "where the usual range of a feature begins", true, true);

  private static final Hyper HIGH =
      new Hyper("high", 1, NUMBERS, "where the usual range of a feature ends", true, true);

  private static final Hyper QUANTILE =
      new Hyper(
          "alarm-quantile",
          0.99,
          new Range(0, true, 1, true, false),
          "a score above this quantile of those of the last full window is an alarm");

  public static final LearnerSpec SPEC =
      new LearnerSpec(
          "half-space-trees",
          "half-space trees, an anomaly score of events without labels",
          new Source(
              "Tan, Ting, Liu, Fast Anomaly Detection for Streaming Data, IJCAI 2011",
              Source.Confidence.MEMORY),
          1,
          List.of(InputSpec.Target.NONE),
          false,
          false,
          true,
          List.of(),
          List.of(TREES, HEIGHT, WINDOW, SHARE, LOW, HIGH, QUANTILE),
          HalfSpaceTrees::new);

  private static final String REFERENCE = "reference";
  private static final String LATEST = "latest";
  private static final String STREAM = "stream";
  private static final String SCORES = "scores";
  private static final String WINDOWS = "windows";
  private static final String ATTRIBUTES = "attributes";
  private static final String CUTS = "cuts";

  /** Places in the block of windows. */
  private static final int TAKEN = 0;

  private static final int FULL = 1;
  private static final int THRESHOLD = 2;

  /** No score is above it: there are no alarms yet. */
  private static final double NO_THRESHOLD = 1;

  private final int trees;
  private final int height;
  private final int window;
  private final int nodes;
  private final int inner;
  private final double few;
  private final double quantile;
  private final double unit;
  private final double[] low;
  private final double[] high;

  private HalfSpaceTrees(LearnerForm form) {
    super(form, schema(form));
    this.trees = form.whole(TREES);
    this.height = form.whole(HEIGHT);
    this.window = form.whole(WINDOW);
    this.nodes = nodes(height);
    this.inner = (1 << height) - 1;
    this.few = form.get(SHARE) * window;
    this.quantile = form.get(QUANTILE);
    this.unit = Elementary.log(1 + window * (double) (1 << height));
    this.low = form.perFeature(LOW);
    this.high = form.perFeature(HIGH);
    for (int j = 0; j < low.length; j++) {
      if (!(high[j] > low[j])) {
        throw new ConfigException(
            "model.high = " + high[j] + " of feature " + j + "; must be above low = " + low[j]);
      }
    }
  }

  private static int nodes(int height) {
    return (2 << height) - 1;
  }

  private static StateSchema.Builder schema(LearnerForm form) {
    if (!form.input().dense()) {
      throw new ConfigException(
          "features.kind = " + form.input().kind() + "; half-space-trees takes dense features");
    }
    long masses = (long) form.whole(TREES) * nodes(form.whole(HEIGHT));
    return new StateSchema.Builder()
        .block(REFERENCE, StateSchema.Type.FLOATS, masses)
        .block(LATEST, StateSchema.Type.FLOATS, masses)
        .block(STREAM, StateSchema.Type.LONGS, 1)
        .block(SCORES, form.whole(WINDOW))
        .block(WINDOWS, 3);
  }

  @Override
  public void initialize(LearnerState state, String key) {
    super.initialize(state, key);
    state.longs(STREAM)[0] = Philox.key(form().seed(), key);
    state.block(WINDOWS)[THRESHOLD] = NO_THRESHOLD;
  }

  @Override
  protected int outputs() {
    return 2;
  }

  @Override
  protected int answer(
      Rows rows, int row, double[] x, LearnerState state, double[] out, Workspace workspace) {
    double[] windows = state.block(WINDOWS);
    if (windows[FULL] == 0) {
      return 0;
    }
    HalfSpaceCuts cuts = cuts(state, workspace);
    float[] reference = state.floats(REFERENCE);
    double sum = 0;
    for (int t = 0; t < trees; t++) {
      cuts.root(t);
      int at = t * nodes - 1;
      int node = 1;
      int depth = 0;
      while (depth < height && reference[at + node] > few) {
        node = down(cuts, node, rows, row, x);
        depth++;
      }
      sum += mass(reference[at + node], depth);
    }
    out[0] = score(sum);
    out[1] = out[0] > windows[THRESHOLD] ? 1 : 0;
    return 2;
  }

  private HalfSpaceCuts cuts(LearnerState state, Workspace workspace) {
    HalfSpaceCuts cuts = workspace.object("half-space", HalfSpaceCuts.class, HalfSpaceCuts::new);
    cuts.aim(state.longs(STREAM)[0], low.length);
    return cuts;
  }

  /** The child of a node that a row goes to. */
  private int down(HalfSpaceCuts cuts, int node, Rows rows, int row, double[] x) {
    cuts.load(node);
    int j = cuts.attribute();
    double u = (x[rows.start(row) + j] - low[j]) / (high[j] - low[j]);
    boolean right = u > cuts.cut();
    cuts.narrow(right);
    return 2 * node + (right ? 1 : 0);
  }

  private static double mass(float reference, int depth) {
    return reference * (double) (1 << depth);
  }

  /** In [0, 1], from the sum of the masses over all trees. */
  private double score(double sum) {
    return 1 - Elementary.log(1 + sum / trees) / unit;
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
    if (rows.weight(row) == 0) {
      return true;
    }
    HalfSpaceCuts cuts = cuts(state, workspace);
    float[] reference = state.floats(REFERENCE);
    float[] latest = state.floats(LATEST);
    double sum = 0;
    for (int t = 0; t < trees; t++) {
      cuts.root(t);
      int at = t * nodes - 1;
      int node = 1;
      boolean open = true;
      for (int depth = 0; depth <= height; depth++) {
        latest[at + node]++;
        if (open && (depth == height || !(reference[at + node] > few))) {
          sum += mass(reference[at + node], depth);
          open = false;
        }
        if (depth < height) {
          node = down(cuts, node, rows, row, x);
        }
      }
    }
    advance(state, score(sum), workspace);
    return true;
  }

  /** Counts an event; a full window becomes the reference. */
  private void advance(LearnerState state, double score, Workspace workspace) {
    double[] windows = state.block(WINDOWS);
    double[] scores = state.block(SCORES);
    scores[(int) windows[TAKEN]] = score;
    windows[TAKEN]++;
    if (windows[TAKEN] < window) {
      return;
    }
    float[] reference = state.floats(REFERENCE);
    float[] latest = state.floats(LATEST);
    System.arraycopy(latest, 0, reference, 0, latest.length);
    Arrays.fill(latest, 0);
    if (windows[FULL] > 0) { // in the first window there were no scores
      double[] sorted = workspace.array("half-space.sorted", window);
      System.arraycopy(scores, 0, sorted, 0, window);
      Arrays.sort(sorted);
      windows[THRESHOLD] = sorted[(int) Math.ceil(quantile * window) - 1];
    }
    windows[FULL] = 1;
    windows[TAKEN] = 0;
  }

  @Override
  public void figures(LearnerState state, Figures out) {
    out.figure("alarmThreshold", state.block(WINDOWS)[THRESHOLD]);
  }

  @Override
  protected void write(LearnerState state, ModelWriter out) {
    int[] shape = {trees, nodes};
    out.tensor(REFERENCE, shape, doubles(state.floats(REFERENCE)));
    out.tensor(LATEST, shape, doubles(state.floats(LATEST)));
    double[] attributes = new double[trees * inner];
    double[] cuts = new double[trees * inner];
    HalfSpaceCuts all = new HalfSpaceCuts();
    all.aim(state.longs(STREAM)[0], low.length);
    for (int t = 0; t < trees; t++) {
      for (int node = 1; node <= inner; node++) {
        all.seek(t, node);
        attributes[t * inner + node - 1] = all.attribute();
        cuts[t * inner + node - 1] = all.cut();
      }
    }
    out.tensor(ATTRIBUTES, new int[] {trees, inner}, attributes);
    out.exact(CUTS, new int[] {trees, inner}, cuts);
    long stream = state.longs(STREAM)[0];
    out.exact(STREAM, new int[] {2}, new double[] {stream & 0xFFFFFFFFL, stream >>> 32});
    out.exact(SCORES, new int[] {window}, state.block(SCORES));
    out.exact(WINDOWS, new int[] {3}, state.block(WINDOWS));
  }

  private static double[] doubles(float[] masses) {
    double[] all = new double[masses.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = masses[i];
    }
    return all;
  }

  @Override
  protected void requireTensors(PublishedModel from) {
    from.finiteTensor(REFERENCE, trees, nodes);
    from.finiteTensor(LATEST, trees, nodes);
    from.finiteTensor(STREAM, 2);
    from.finiteTensor(SCORES, window);
    double taken = from.finiteTensor(WINDOWS, 3)[TAKEN];
    if (!(taken >= 0 && taken < window)) {
      throw new StateException(
          "tensor 'windows' of the model has "
              + taken
              + " events of a window of "
              + window
              + "; choose another version");
    }
  }

  @Override
  protected void restore(LearnerState state, PublishedModel from) {
    floats(from.tensor(REFERENCE, trees, nodes), state.floats(REFERENCE));
    floats(from.tensor(LATEST, trees, nodes), state.floats(LATEST));
    double[] words = from.tensor(STREAM, 2);
    state.longs(STREAM)[0] = (long) words[1] << 32 | (long) words[0];
    System.arraycopy(from.tensor(SCORES, window), 0, state.block(SCORES), 0, window);
    System.arraycopy(from.tensor(WINDOWS, 3), 0, state.block(WINDOWS), 0, 3);
  }

  private static void floats(double[] from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) from[i];
    }
  }
}

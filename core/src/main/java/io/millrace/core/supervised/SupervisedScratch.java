package io.millrace.core.supervised;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.model.ModelObjective;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.StepContext;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.scaling.FeatureScaler;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/**
 * What a supervised learner needs beside a key's state, once per subtask: reused arrays and the
 * objective. Nothing in it outlives a call. Not thread-safe.
 */
final class SupervisedScratch implements StepContext {
  /** Packed lengths up to 64 are rounded to eights, longer ones to eighths of their octave. */
  private static final int FINE = 64;

  /** Where a workspace keeps it: replaced when another learner comes with the same workspace. */
  static final class Holder {
    SupervisedScratch scratch;
  }

  private final SlotTable table;
  private final ParamLayout layout;
  private final FeatureBlocks blocks;
  private final boolean packs;
  private final PhiloxDraws draws;
  private final Kernels kernels;
  private final CoordinateMap map = new CoordinateMap();
  private final RecordForm form;
  private final Records records;
  private final int featureTable;
  private final boolean drawn;
  private final StepArrays[] touched = new StepArrays[8 + 8 * 26];
  private WholeArrays whole;
  private double[] scaled = new double[64];

  private final double[] labelScale = new double[LabelScale.LENGTH];

  final StateSchema schema;
  final ModelObjective objective;

  private double learningRate;
  private double parameterUnit = 1;
  private double gradientUnit = 1;
  private String key;
  private long step;
  private Workspace workspace;

  /** The gradient of the next step at the point where it begins; null: nobody knows it. */
  private double[] known;

  private int knownBadRow;

  SupervisedScratch(SupervisedParts parts) {
    schema = parts.schema();
    table = parts.slots();
    layout = parts.layout();
    blocks = parts.blocks();
    packs = parts.packs();
    form = parts.records();
    records = form == null ? null : new Records(form, parts.options().seed());
    featureTable = schema.indexOf(SupervisedParts.FEATURES);
    drawn = form != null && form.drawn();
    kernels = parts.compute().kernels();
    objective = parts.architecture().objective(kernels);
    draws = new PhiloxDraws(parts.options().seed(), "");
  }

  /**
   * Finds what a key has seen of the features of rows; of a key that holds all there is nothing to
   * be found.
   */
  void find(Rows rows, int first, int n, LearnerState state) {
    if (form != null) {
      map.map(rows, first, n);
      find(state);
    }
  }

  private void find(LearnerState state) {
    long[] stream = drawn ? state.longs(SupervisedParts.STREAM) : null;
    records.find(map, state.table(featureTable), stream);
  }

  /** Writes scaled coordinates of rows that were found to {@code out}, at their positions. */
  void scale(FeatureScaler scaler, Rows rows, int first, int n, LearnerState state, double[] out) {
    int[] at =
        form == null ? null : records.statistics(map, rows.start(first), rows.end(first + n - 1));
    for (int r = first; r < first + n; r++) {
      if (form == null) {
        scaler.scale(rows, r, state, out);
      } else {
        FeatureScaler.scale(rows, r, records.table().values(), at, out);
      }
    }
  }

  /** Advances the statistics by rows that have been learned from. */
  void learn(FeatureScaler scaler, Rows rows, LearnerState state) {
    if (form == null) {
      scaler.learn(rows, state);
    } else {
      int[] at = records.statistics(map, 0, rows.end(rows.count() - 1));
      scaler.learn(rows, records.table().values(), at);
    }
  }

  /** The arrays that rows are predicted or learned from with, found before; to be loaded. */
  StepArrays arrays(Rows rows, int first, int n) {
    if (form == null) {
      if (!packs) {
        return whole();
      }
      map.map(rows, first, n);
    }
    return touched(blocks.size(map.count()));
  }

  /**
   * The arrays of all features that a key has seen; to be loaded.
   *
   * @param features ascending
   */
  StepArrays seen(int[] features, LearnerState state) {
    map.map(features);
    find(state);
    return touched(blocks.size(features.length));
  }

  /** Records of what was found last. */
  Records records() {
    return records;
  }

  /** The arrays of a whole key that holds all features. */
  StepArrays whole() {
    if (whole == null) {
      whole = new WholeArrays(table, layout, blocks.width());
    }
    return whole;
  }

  /** Arrays of at least {@code length} parameters. */
  private StepArrays touched(int length) {
    int slot;
    int rounded;
    if (length <= FINE) {
      slot = (length - 1) >>> 3;
      rounded = (slot + 1) << 3;
    } else {
      int shift = 28 - Integer.numberOfLeadingZeros(length - 1); // eighth of the octave
      int eighth = (length - 1) >>> shift; // 8 to 15
      slot = 8 * (shift - 2) + eighth - 8;
      rounded = (int) Math.min(Integer.MAX_VALUE - 16, (long) (eighth + 1) << shift);
    }
    StepArrays p = touched[slot];
    if (p == null) {
      p =
          form == null
              ? new TouchedArrays(table, rounded, blocks, map)
              : new SeenArrays(table, rounded, form, map, records);
      touched[slot] = p;
    }
    return p;
  }

  /** An array of at least {@code length} for scaled coordinates. */
  double[] scaled(int length) {
    if (scaled.length < length) {
      scaled = new double[Math.max(length, 2 * scaled.length)];
    }
    return scaled;
  }

  /**
   * Says what the gradient of the next step is at the point where it begins.
   *
   * @param gradient kept; null: nobody knows it
   * @param badRow as {@link ModelObjective#know} has it
   */
  void know(double[] gradient, int badRow) {
    known = gradient;
    knownBadRow = badRow;
  }

  /** Tells the objective, aimed at a step on these arrays, what is known of it. */
  void tell(StepArrays p, LearnerState state) {
    if (known != null) {
      objective.know(p.before(state), known, knownBadRow);
    }
  }

  /** Room for a {@link LabelScale} that may not be kept. */
  double[] labelScale() {
    return labelScale;
  }

  /** Says in what units parameters and gradients of the next step are. */
  void units(double ofParameters, double ofGradients) {
    parameterUnit = ofParameters;
    gradientUnit = ofGradients;
  }

  /** Aims the context at a step. */
  StepContext at(double rate, String ofKey, long stepsTaken, Workspace scratch) {
    learningRate = rate;
    if (key != ofKey) {
      key = ofKey;
    }
    if (workspace != scratch) {
      workspace = scratch;
    }
    step = stepsTaken;
    return this;
  }

  @Override
  public double learningRate() {
    return learningRate;
  }

  @Override
  public double parameterUnit() {
    return parameterUnit;
  }

  @Override
  public double gradientUnit() {
    return gradientUnit;
  }

  @Override
  public Draws draws() {
    return draws.at(key, step);
  }

  @Override
  public Kernels compute() {
    return kernels;
  }

  @Override
  public Workspace workspace() {
    return workspace;
  }
}

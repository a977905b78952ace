package io.millrace.core.supervised;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.PerceptronGradients;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.LossLevel;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Judge;
import io.millrace.core.model.Loss;
import io.millrace.core.model.ModelObjective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Schedule;
import io.millrace.core.rng.Philox;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.scaling.FeatureScaler;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.CoordinateTable;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Online supervised learning: model, loss, optimizer, schedule and feature scaling put together.
 *
 * <p>State: {@code theta} (the model's tensors in order), {@code slot.*} of the optimizer, {@code
 * scaler.*}. In the sparse form ({@link StateForm}) all numbers of a feature are a record of the
 * table {@code features}, and the blocks have what is no feature's. A step takes one of three ways:
 * dense rows work on {@link WholeArrays}, sparse ones on {@link TouchedArrays} or {@link
 * SeenArrays}, single rows of a rule that only descends take an {@link InPlaceDescent}. In each of
 * them a step that would make parameters or slots non-finite leaves them as they were. Immutable
 * and thread-safe; what a call needs beside the state is in the subtask's {@link Workspace}.
 */
public final class SupervisedLearner implements OnlineLearner {
  /** Counts up with the meaning of this class's own blocks. */
  private static final int OWN_VERSION = 1;

  private static final int THETA = 0;

  private final SupervisedParts parts;
  private final InputSpec input;
  private final Judge judge;
  private final Optimizer optimizer;
  private final Schedule schedule;
  private final FeatureScaler scaler;
  private final StateSchema schema;
  private final Architecture architecture;
  private final FeatureBlocks blocks;
  private final double largestParameter;
  private final int lossLevel;
  private final int labelScale;
  private final int width;
  private final boolean publishesAnother;

  /** Form of what is kept about each feature that a key has seen; null: it holds all. */
  private final RecordForm records;

  /** Null: a key holds whatever it sees. */
  private final Forgetting forgetting;

  /** Null: the rule does more than descend. */
  private final InPlaceDescent descent;

  /** What the schedule's rate is multiplied with; 1 but for a while after a drift. */
  private final double rateFactor;

  /**
   * A learner as configured.
   *
   * @throws ConfigException listing every fault of the options
   */
  public SupervisedLearner(SupervisedOptions options) {
    this(SupervisedParts.of(options));
  }

  SupervisedLearner(SupervisedParts parts) {
    this(parts, 1);
  }

  private SupervisedLearner(SupervisedParts parts, double rateFactor) {
    this.parts = parts;
    this.rateFactor = rateFactor;
    this.input = parts.options().input();
    this.judge = new Judge(parts.loss());
    this.optimizer = parts.configured().optimizer();
    this.schedule = parts.schedule();
    this.scaler = parts.scaler();
    this.schema = parts.schema();
    this.architecture = parts.architecture();
    this.blocks = parts.blocks();
    this.largestParameter =
        Math.min(architecture.largestParameter(), parts.options().largestParameter());
    this.lossLevel = parts.lossLevel();
    this.labelScale = parts.labelScale();
    this.width = input.width();
    this.records = parts.records();
    int bound = parts.options().maxFeatures();
    this.forgetting = bound == 0 ? null : new Forgetting(records.stride(), bound);
    this.publishesAnother = optimizer.publishesAnotherPoint();
    this.descent = optimizer.onlyDescends() ? new InPlaceDescent(largestParameter) : null;
  }

  /**
   * A learner for predictions alone, from the configuration that {@link #publish} wrote. Its state
   * is to be filled by {@link #warmStart}. Its optimizer is plain SGD.
   *
   * @throws StateException naming what is missing or not understood
   */
  public static SupervisedLearner forScoring(Map<String, String> config) {
    SupervisedOptions options = SupervisedConfig.read(config);
    try {
      return new SupervisedLearner(options);
    } catch (ConfigException e) {
      throw new StateException("configuration of the model cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Writes what a reader needs beside the tensors to score with a model: settings of input, model
   * and loss, without those of learning. {@link #forScoring} reads it.
   *
   * @throws ConfigException listing every fault of the options
   */
  public static void describe(SupervisedOptions options, ModelWriter out) {
    SupervisedConfig.describe(options, SupervisedParts.of(options).architecture(), out);
  }

  /** The options of this learner, with the values in force. */
  public SupervisedOptions options() {
    return parts.options().withHyperparameters(values());
  }

  @Override
  public String algorithm() {
    return parts.configured().spec().id();
  }

  @Override
  public int stateVersion() {
    return 1000 * OWN_VERSION + parts.configured().spec().stateVersion();
  }

  @Override
  public StateSchema schema() {
    return schema;
  }

  @Override
  public SortedMap<String, String> meaning() {
    return SupervisedConfig.meaning(parts.options(), architecture);
  }

  @Override
  public void initialize(LearnerState state, String key) {
    require(state);
    double[] theta = state.block(THETA);
    PhiloxDraws draws = new PhiloxDraws(parts.options().seed(), "").at(key, 0);
    if (records == null) {
      architecture.initialize(theta, width, draws.fork(Purpose.MODEL));
    } else if (records.drawn()) {
      architecture.startRest(width, draws.fork(Purpose.MODEL), theta);
      long[] stream = state.longs(SupervisedParts.STREAM);
      stream[SupervisedParts.DRAWS] = 1;
      stream[SupervisedParts.KEY] = Philox.key(parts.options().seed(), key);
    }
    optimizer.initialize(theta, parts.slots().of(state));
  }

  @Override
  public Rows newRows() {
    return new Rows(input.dense());
  }

  @Override
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    require(state);
    double[] x = rows.value();
    int from = rows.start(row);
    int to = rows.end(row);
    SupervisedScratch scratch = scratch(workspace);
    scratch.find(rows, row, 1, state);
    if (scaler != null) {
      x = scratch.scaled(to);
      scratch.scale(scaler, rows, row, 1, state, x);
    }
    double[] theta = state.block(THETA);
    int[] feature = input.dense() ? null : rows.index();
    int features = width;
    if (publishesAnother || records != null) {
      StepArrays p = scratch.arrays(rows, row, 1);
      if (publishesAnother) {
        p.load(state);
        optimizer.publish(p.theta, p, p.published);
        theta = p.published;
      } else {
        theta = p.before(state);
      }
      feature = p.feature(rows);
      features = p.features();
    }
    judge.room(out);
    scratch.objective.outputs(theta, features, feature, x, from, to, out.raw);
    judge.judge(out, rows.label(row));
  }

  @Override
  public void judge(Outcome prediction, double label) {
    judge.judge(prediction, label);
  }

  @Override
  public int classOf(Outcome prediction) {
    return parts.loss().classOf(prediction.scores);
  }

  @Override
  public int probabilities() {
    return parts.loss().probabilities() ? parts.loss().outputs() : 0;
  }

  @Override
  public boolean hasRate() {
    return true;
  }

  @Override
  public SupervisedLearner faster(double factor) {
    return factor == 1 ? this : new SupervisedLearner(parts, factor);
  }

  @Override
  public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
    return step(batch, state, key, null, workspace);
  }

  @Override
  public StepOutcome learnOne(
      Rows row, LearnerState state, String key, Outcome out, Workspace workspace) {
    if (row.count() != 1) {
      throw new IllegalStateException(row.count() + " rows, must be one");
    }
    if (publishesAnother
        || scaler != null && scaler.unfitRow(row) >= 0
        || lossLevel >= 0 && LossLevel.ranAway(state.block(lossLevel))) {
      return OnlineLearner.super.learnOne(row, state, key, out, workspace);
    }
    return step(row, state, key, out, workspace);
  }

  /** Steps share the gradients of dense rows of perceptrons with rectified units. */
  @Override
  public SupervisedBatch newStepBatch(int keys, int rows) {
    int[] units = architecture.rectifiedUnits();
    if (units == null || !input.dense() || records != null) {
      return null;
    }
    int size = parts.layout().size();
    PerceptronGradients gradients =
        parts.compute().perceptrons(width, units, parts.options().loss(), size, keys, rows);
    return gradients == null
        ? null
        : new SupervisedBatch(this, parts.newScratch(), gradients, size);
  }

  /** Whether it is the same but for hyperparameters. */
  boolean isOfForm(SupervisedLearner other) {
    return parts.layout() == other.parts.layout();
  }

  /**
   * The coordinates of rows as a step sees them.
   *
   * @return null: there is no step, or it would be refused before it asks for a gradient
   */
  double[] scaled(Rows batch, LearnerState state, SupervisedScratch s) {
    require(state);
    if (weightless(batch) || scaler != null && scaler.unfitRow(batch) >= 0) {
      return null;
    }
    if (scaler == null) {
      return batch.value();
    }
    double[] x = s.scaled(batch.end(batch.count() - 1));
    s.scale(scaler, batch, 0, batch.count(), state, x);
    return x;
  }

  /** {@link #learn} where the gradient at the key's parameters is known already. */
  StepOutcome learnKnowing(
      double[] gradient,
      int badRow,
      Rows batch,
      LearnerState state,
      String key,
      Workspace workspace) {
    SupervisedScratch s = scratch(workspace);
    s.know(gradient, badRow);
    StepOutcome outcome = step(batch, state, key, null, workspace);
    s.know(null, -1);
    return outcome;
  }

  /**
   * A step.
   *
   * @param out takes the prediction of the only row before the step; null: nobody asks for it
   */
  private StepOutcome step(
      Rows batch, LearnerState state, String key, Outcome out, Workspace workspace) {
    require(state);
    int rows = batch.count();
    if (rows == 0) {
      throw new IllegalStateException("a mini-batch must have at least one row");
    }
    if (weightless(batch)) { // nothing to learn, so no step of the schedule either
      if (out != null) {
        predict(batch, 0, state, out, workspace);
      }
      return StepOutcome.LEARNED;
    }
    SupervisedScratch s = scratch(workspace);
    int end = batch.end(rows - 1);
    double[] x = batch.value();
    s.find(batch, 0, rows, state);
    if (scaler != null) {
      int unfit = scaler.unfitRow(batch);
      if (unfit >= 0) {
        return new StepOutcome(StepOutcome.Kind.NOT_FINITE_GRADIENT, unfit);
      }
      x = s.scaled(end);
      s.scale(scaler, batch, 0, rows, state, x);
    }
    if (lossLevel >= 0 && LossLevel.ranAway(state.block(lossLevel))) {
      return StepOutcome.RAN_AWAY;
    }
    double[] labels = labelScale < 0 ? null : scaleOfLabels(batch, state, s);
    StepOutcome outcome =
        descent != null && descent.suits(batch, s.objective)
            ? stepInPlace(batch, x, state, out, s)
            : stepOnArrays(batch, x, state, key, out, s);
    if (outcome == StepOutcome.LEARNED) {
      if (scaler != null) {
        s.learn(scaler, batch, state);
      }
      if (forgetting != null) {
        forgetting.apply(state);
      }
      if (labels != null) {
        System.arraycopy(labels, 0, state.block(labelScale), 0, labels.length);
      }
      state.setSteps(state.steps() + 1);
    }
    return outcome;
  }

  private static boolean weightless(Rows batch) {
    for (int r = 0; r < batch.count(); r++) {
      if (batch.weight(r) != 0) {
        return false;
      }
    }
    return true;
  }

  /** What the scale of the labels will be if the step is taken; tells the step's context. */
  private double[] scaleOfLabels(Rows batch, LearnerState state, SupervisedScratch s) {
    double[] labels = s.labelScale();
    System.arraycopy(state.block(labelScale), 0, labels, 0, labels.length);
    Loss.LabelUnit kind = parts.loss().labelUnit();
    double unit = LabelScale.take(labels, batch, kind);
    s.units(kind == Loss.LabelUnit.COUNT ? 1 : unit, kind == Loss.LabelUnit.SIGN ? 1 : unit);
    return labels;
  }

  /** Whether a step has made its rows' loss explode; if not, takes note of them. */
  private boolean explodes(ModelObjective f, double[] point, double before, LearnerState state) {
    double[] level = state.block(lossLevel);
    double after = f.value(point);
    double nothing = f.nothing();
    if (LossLevel.explodes(level, before, after, nothing)) {
      return true;
    }
    LossLevel.take(level, before, nothing);
    return false;
  }

  private StepOutcome stepInPlace(
      Rows row, double[] x, LearnerState state, Outcome out, SupervisedScratch s) {
    StepArrays p = records == null ? null : s.arrays(row, 0, 1);
    double[] theta = state.block(THETA);
    if (p == null) {
      int[] all = row.dense() ? null : row.index();
      s.objective.aim(row, all, x, width, parts.layout());
    } else {
      p.load(state);
      theta = p.theta;
      s.objective.aim(row, p.feature(row), x, p.features(), p.layout);
    }
    double before = lossLevel < 0 ? 0 : s.objective.value(theta);
    if (out != null) {
      predictOnly(s.objective, theta, theta, row, out);
    }
    StepOutcome outcome = descent.take(s.objective, theta, rateFactor * schedule.at(state.steps()));
    if (lossLevel >= 0
        && outcome == StepOutcome.LEARNED
        && explodes(s.objective, theta, before, state)) {
      s.objective.undo(theta);
      return StepOutcome.EXPLODED;
    }
    if (p != null && outcome == StepOutcome.LEARNED) {
      p.store(state);
    }
    return outcome;
  }

  private StepOutcome stepOnArrays(
      Rows batch, double[] x, LearnerState state, String key, Outcome out, SupervisedScratch s) {
    StepArrays p = s.arrays(batch, 0, batch.count());
    p.load(state);
    s.objective.aim(batch, p.feature(batch), x, p.features(), p.layout);
    s.tell(p, state);
    double[] theta = p.point(state);
    int used = blocks.size(p.features());
    double before = lossLevel < 0 ? 0 : s.objective.value(predicting(p, theta));
    if (out != null) {
      predictOnly(s.objective, theta, p.start(used), batch, out);
    }
    long steps = state.steps();
    double rate = rateFactor * schedule.at(steps);
    optimizer.step(s.objective, theta, p, s.at(rate, key, steps, p.workspace));
    boolean finite = p.finite(theta, used, largestParameter);
    if (!finite || s.objective.badRow() >= 0) {
      s.objective.aim(batch, p.feature(batch), x, p.features(), p.layout);
      int culprit = s.objective.culprit(p.before(state));
      if (culprit >= 0 || !finite) {
        p.undo(state);
        return StepOutcome.refused(culprit);
      }
      s.objective.aim(batch, p.feature(batch), x, p.features(), p.layout);
    }
    if (lossLevel >= 0 && explodes(s.objective, predicting(p, theta), before, state)) {
      p.undo(state);
      return StepOutcome.EXPLODED;
    }
    p.store(state);
    return StepOutcome.LEARNED;
  }

  /** The point that predicts, of the one that is stepped on. */
  private double[] predicting(StepArrays p, double[] theta) {
    if (!publishesAnother) {
      return theta;
    }
    optimizer.publish(theta, p, p.published);
    return p.published;
  }

  /** Predicts the only row where a step begins; see {@link ModelObjective#predictOnly}. */
  private void predictOnly(
      ModelObjective f, double[] theta, double[] start, Rows row, Outcome out) {
    judge.room(out);
    f.predictOnly(theta, start, out.raw, out.scores);
    judge.rate(out, row.label(0));
  }

  @Override
  public void figures(LearnerState state, Figures out) {
    if (forgetting != null) {
      out.figure("forgottenFeatures", state.block(SupervisedParts.FORGOTTEN)[0]);
    }
  }

  @Override
  public List<Hyper> hyperparameters() {
    return Optimizers.hypers(parts.configured().spec());
  }

  @Override
  public Map<String, Double> values() {
    return parts.configured().values();
  }

  @Override
  public SupervisedLearner with(Map<String, Double> changed) {
    Map<String, Double> all = new TreeMap<>(parts.options().hyperparameters());
    all.putAll(changed);
    return new SupervisedLearner(parts.with(all));
  }

  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    require(state);
    SupervisedConfig.write(options(), architecture, out);
    if (records != null) {
      publishSeen(state, out, scratch(workspace));
      return;
    }
    double[] theta = state.block(THETA);
    if (publishesAnother) {
      StepArrays p = scratch(workspace).whole();
      p.load(state);
      optimizer.publish(p.theta, p, p.published);
      theta = p.published;
    }
    int at = 0;
    for (Architecture.Tensor t : architecture.tensors(width)) {
      int end = at + (int) t.size();
      out.tensor(t.name(), t.shape(), Arrays.copyOfRange(theta, at, end));
      at = end;
    }
    if (scaler != null) {
      scaler.publish(state, out);
    }
  }

  /** Publishes what the key has seen; the rest is zero. */
  private void publishSeen(LearnerState state, ModelWriter out, SupervisedScratch s) {
    CoordinateTable table = state.table(SupervisedParts.FEATURES);
    int[] seen = Arrays.copyOf(table.coordinates(), table.count());
    Arrays.sort(seen);
    StepArrays p = s.seen(seen, state);
    p.load(state);
    double[] theta = predicting(p, p.theta);
    int at = 0;
    int featureTensors = architecture.featureTensors();
    for (Architecture.Tensor t : architecture.tensors(width)) {
      boolean ofFeatures = featureTensors-- > 0;
      int end = at + (ofFeatures ? (int) (t.size() / width) * seen.length : (int) t.size());
      double[] data = Arrays.copyOfRange(theta, at, end);
      if (ofFeatures) {
        out.rows(t.name(), t.shape(), seen, data);
      } else {
        out.tensor(t.name(), t.shape(), data);
      }
      at = end;
    }
    if (scaler != null) {
      scaler.publish(seen, table.values(), s.records().statistics(seen.length), out);
    }
  }

  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    require(state);
    requireFit(from);
    if (records != null) {
      startSeen(state, from);
      return;
    }
    double[] theta = state.block(THETA);
    int at = 0;
    for (Architecture.Tensor t : architecture.tensors(width)) {
      double[] values = from.tensor(t.name(), t.shape());
      System.arraycopy(values, 0, theta, at, values.length);
      at += values.length;
    }
    if (scaler != null) {
      scaler.restore(state, from);
    }
    optimizer.initialize(state.block(THETA), parts.slots().of(state));
  }

  /** Gives a record to every feature of a model that is not zero in it. */
  private void startSeen(LearnerState state, PublishedModel from) {
    CoordinateTable table = state.table(SupervisedParts.FEATURES);
    table.clear();
    List<Architecture.Tensor> tensors = architecture.tensors(width);
    int[] seen = seen(from, tensors);
    double[] record = new double[records.width()];
    for (int coordinate : seen) {
      int at = 0;
      for (int i = 0; i < architecture.featureTensors(); i++) {
        int stride = records.strides()[i];
        from.row(tensors.get(i).name(), coordinate, stride, record, at);
        at += stride;
      }
      if (scaler != null) {
        scaler.restore(from, coordinate, record, records.statistics());
      }
      int place = table.add(coordinate);
      System.arraycopy(record, 0, table.values(), place, record.length);
    }
    int at = 0;
    for (int i = architecture.featureTensors(); i < tensors.size(); i++) {
      double[] values = from.tensor(tensors.get(i).name(), tensors.get(i).shape());
      System.arraycopy(values, 0, state.block(THETA), at, values.length);
      at += values.length;
    }
    StepArrays p = parts.newScratch().seen(seen, state);
    p.before(state);
    System.arraycopy(p.published, 0, p.theta, 0, p.theta.length);
    optimizer.initialize(p.theta, p);
    p.store(state);
  }

  /** Features that are not zero in a model, ascending. */
  private int[] seen(PublishedModel from, List<Architecture.Tensor> tensors) {
    BitSet seen = new BitSet();
    for (Architecture.Tensor t : tensors.subList(0, architecture.featureTensors())) {
      Arrays.stream(from.rows(t.name(), t.shape())).forEach(seen::set);
    }
    if (scaler != null) {
      Arrays.stream(scaler.rows(from)).forEach(seen::set);
    }
    return seen.stream().toArray();
  }

  @Override
  public LearnerState read(PublishedModel from, long mostBytes) {
    requireFit(from);
    if (records == null) {
      return OnlineLearner.super.read(from, mostBytes);
    }
    int seen = seen(from, architecture.tensors(width)).length;
    OnlineLearner.requireRoom(schema.totalBytes() + bytesOf(seen), mostBytes);
    LearnerState state = new LearnerState(schema);
    startSeen(state, from);
    return state;
  }

  private long bytesOf(long features) {
    return CoordinateTable.bytes(features, records.width());
  }

  @Override
  public long mostBytes() {
    int bound = parts.options().maxFeatures();
    long features = bound == 0 ? width : Math.min(width, (long) bound + input.maxFeatures());
    return schema.totalBytes() + (records == null ? 0 : bytesOf(features));
  }

  @Override
  public long expectedBytes() {
    return records == null ? mostBytes() : Math.min(mostBytes(), schema.expectedBytes());
  }

  @Override
  public long publishedGrowth() {
    int statistics = scaler == null ? 0 : 2 * (Integer.BYTES + Double.BYTES);
    return records == null
        ? 0
        : CoordinateTable.USUAL_COUNT
            * (architecture.featureTensors() * (long) Integer.BYTES
                + (long) records.stride() * Double.BYTES
                + statistics);
  }

  @Override
  public List<StateSchema> readable() {
    SupervisedParts other = parts.inOtherForm();
    return other == null ? List.of() : List.of(other.schema());
  }

  @Override
  public LearnerState reform(LearnerState old, String key) {
    SupervisedParts other = parts.inOtherForm();
    LearnerState fresh = new LearnerState(schema);
    initialize(fresh, key);
    return records == null
        ? new OtherForm(parts, other.records()).toDense(old, fresh)
        : new OtherForm(other, records).toSparse(old, fresh, parts.newScratch());
  }

  /** Refuses a model with other settings or tensors than this learner's. Allocates nothing. */
  private void requireFit(PublishedModel from) {
    SupervisedConfig.requireSameModel(parts.options(), architecture, from.config());
    for (Architecture.Tensor t : architecture.tensors(width)) {
      from.requireFinite(t.name(), t.shape());
    }
    if (scaler != null) {
      scaler.requireFit(from);
    }
  }

  private SupervisedScratch scratch(Workspace workspace) {
    SupervisedScratch.Holder held =
        workspace.object(
            "supervised", SupervisedScratch.Holder.class, SupervisedScratch.Holder::new);
    if (held.scratch == null || held.scratch.schema != schema) {
      held.scratch = parts.newScratch();
    }
    return held.scratch;
  }

  private void require(LearnerState state) {
    if (state.schema() != schema && !state.schema().equals(schema)) {
      throw new IllegalStateException(
          "state has the blocks " + state.schema() + ", the learner " + schema);
    }
  }

  /**
   * Number of parameters that belong to so many features and to the biases: a mini-batch that names
   * these features touches so many.
   */
  public int touched(int features) {
    return blocks.size(features);
  }

  /** Layout of the parameters. */
  public ParamLayout layout() {
    return parts.layout();
  }
}

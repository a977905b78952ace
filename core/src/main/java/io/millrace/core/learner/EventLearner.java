package io.millrace.core.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.Judge;
import io.millrace.core.model.Loss;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.scaling.FeatureScaler;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A learner that takes one event at a time by a rule of its own. Subclasses are the rule; what is
 * the same for all of them is here: scaling, judging, hyperparameters, configuration.
 *
 * <p>State: the blocks of the rule, then those of the scaler. A step is one row. Immutable and
 * thread-safe.
 */
public abstract class EventLearner implements OnlineLearner {
  private final LearnerForm form;
  private final StateSchema schema;

  /** Null: features are taken as they come. */
  private final FeatureScaler scaler;

  /** Null: there are no labels. */
  private final Loss loss;

  private final Judge judge;

  /** Places of the nominal features, and how many values each has. */
  private final int[] nominal;

  private final int[] values;

  /**
   * A learner.
   *
   * @param own declares the rule's blocks; the scaler's are put behind them
   * @throws ConfigException where the blocks have more bytes than a key may
   */
  protected EventLearner(LearnerForm form, StateSchema.Builder own) {
    this.form = form;
    Scaling scaling = form.setup().scaling();
    this.scaler =
        scaling == Scaling.NONE
            ? null
            : new FeatureScaler(form.input().dense(), form.width(), scaling.window(), own.count());
    if (scaler != null) {
      scaler.declare(own);
    }
    this.schema = own.build();
    LossSpec of = loss(form.input());
    this.loss = of == null ? null : of.make().make(form.classes(), Double.NaN);
    this.judge = loss == null ? null : new Judge(loss);
    this.nominal =
        form.setup().nominal().keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    this.values = Arrays.stream(nominal).map(form.setup().nominal()::get).toArray();
  }

  /** The loss that predictions are judged by; null: there are no labels. */
  public static LossSpec loss(InputSpec input) {
    return switch (input.target()) {
      case CLASS -> Losses.spec(input.classes().size() == 2 ? "logistic" : "softmax");
      case REAL, NON_NEGATIVE -> Losses.spec("squared");
      case NONE -> null;
    };
  }

  /** How many numbers an answer has at most. */
  protected abstract int outputs();

  /**
   * Answers a row. Changes nothing in {@code state}.
   *
   * @param x values of the rows, scaled where the learner scales; at the positions of {@code rows}
   * @param out room for {@link #outputs()}: for two classes the probability of the second, for more
   *     one for each, for numbers the mean; what comes behind is the learner's business
   * @return how many numbers were written; 0: there is nothing to be said yet
   */
  protected abstract int answer(
      Rows rows, int row, double[] x, LearnerState state, double[] out, Workspace workspace);

  /**
   * Learns a row, of whatever weight.
   *
   * @param x as for {@link #answer}
   * @param answered whether {@link #answer} has just been asked about the same row, with the same
   *     state and workspace: what it left in scratch need not be found again
   * @return false: numbers would not be finite, or too large to be published; then nothing in
   *     {@code state} has changed
   */
  protected abstract boolean take(
      Rows rows,
      int row,
      double[] x,
      LearnerState state,
      String key,
      boolean answered,
      Workspace workspace);

  /** Writes the tensors of a state. */
  protected abstract void write(LearnerState state, ModelWriter out);

  /**
   * Refuses a model without the tensors that {@link #write} writes. Allocates nothing of their
   * size.
   *
   * @throws StateException naming what is missing, of another shape or not finite
   */
  protected abstract void requireTensors(PublishedModel from);

  /** Fills a fresh state from the tensors. */
  protected abstract void restore(LearnerState state, PublishedModel from);

  /** The settings. */
  protected final LearnerForm form() {
    return form;
  }

  /** Features and label. */
  public final InputSpec input() {
    return form.input();
  }

  @Override
  public final String algorithm() {
    return form.spec().id();
  }

  @Override
  public final int stateVersion() {
    return form.spec().stateVersion();
  }

  @Override
  public final StateSchema schema() {
    return schema;
  }

  @Override
  public final SortedMap<String, String> meaning() {
    return LearnerConfig.meaning(form);
  }

  @Override
  public void initialize(LearnerState state, String key) {
    require(state); // zeros, unless the rule says otherwise
  }

  @Override
  public final Rows newRows() {
    return new Rows(form.input().dense());
  }

  @Override
  public String unfit(Rows rows, int row) {
    for (int i = 0; i < nominal.length; i++) {
      double v = rows.value()[rows.start(row) + nominal[i]];
      if (!(v >= 0 && v < values[i] && v == Math.rint(v))) {
        return "feature '"
            + form.name(nominal[i])
            + "' is "
            + v
            + ", must be a whole number from 0 to "
            + (values[i] - 1)
            + " (features.nominal)";
      }
    }
    return null;
  }

  @Override
  public final void predict(
      Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    require(state);
    predict(rows, row, scaled(rows, row, state, workspace), state, out, workspace);
  }

  private void predict(
      Rows rows, int row, double[] x, LearnerState state, Outcome out, Workspace workspace) {
    if (out.raw.length < outputs()) {
      out.raw = new double[outputs()];
    }
    out.rawCount = answer(rows, row, x, state, out.raw, workspace);
    judge(out, rows.label(row));
  }

  /** The values of rows as the rule takes them. */
  private double[] scaled(Rows rows, int row, LearnerState state, Workspace workspace) {
    if (scaler == null) {
      return rows.value();
    }
    double[] x = workspace.atLeast("scaled", rows.end(row));
    scaler.scale(rows, row, state, x);
    return x;
  }

  @Override
  public final int probabilities() {
    return input().target() == InputSpec.Target.CLASS ? loss.outputs() : 0;
  }

  @Override
  public final void judge(Outcome prediction, double label) {
    int n = prediction.rawCount;
    if (prediction.scores.length < n) {
      prediction.scores = new double[n];
    }
    System.arraycopy(prediction.raw, 0, prediction.scores, 0, n);
    prediction.scoreCount = n;
    prediction.loss = Double.NaN;
    prediction.correct = -1;
    if (judge != null && n > 0) {
      judge.rate(prediction, label);
    }
  }

  @Override
  public int classOf(Outcome prediction) {
    return loss == null || prediction.scoreCount == 0 ? -1 : loss.classOf(prediction.scores);
  }

  @Override
  public final StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
    return step(batch, state, key, null, workspace);
  }

  @Override
  public final StepOutcome learnOne(
      Rows row, LearnerState state, String key, Outcome out, Workspace workspace) {
    return step(row, state, key, out, workspace);
  }

  /**
   * A step.
   *
   * @param out takes the prediction before it; null: nobody asks for it
   */
  private StepOutcome step(
      Rows row, LearnerState state, String key, Outcome out, Workspace workspace) {
    require(state);
    if (row.count() != 1) {
      throw new IllegalStateException(
          "a step of '" + algorithm() + "' is one row, there are " + row.count());
    }
    double[] x = scaled(row, 0, state, workspace);
    if (out != null) {
      predict(row, 0, x, state, out, workspace);
    }
    if (unfit(row, 0) != null) {
      return StepOutcome.UNFIT;
    }
    boolean counts = row.weight(0) > 0;
    if (counts && scaler != null && scaler.unfitRow(row) >= 0) {
      return StepOutcome.refused(0);
    }
    if (!take(row, 0, x, state, key, out != null, workspace)) {
      return StepOutcome.refused(-1);
    }
    if (counts) {
      if (scaler != null) {
        scaler.learn(row, state);
      }
      state.setSteps(state.steps() + 1);
    }
    return StepOutcome.LEARNED;
  }

  @Override
  public final List<Hyper> hyperparameters() {
    return form.spec().hypers();
  }

  @Override
  public final Map<String, Double> values() {
    return form.values().asMap();
  }

  @Override
  public final EventLearner with(Map<String, Double> changed) {
    LearnerForm other = form.with(changed);
    for (Hyper h : form.spec().hypers()) {
      if (h.structural() && !form.values().named(h).equals(other.values().named(h))) {
        throw new ConfigException(
            LearnerForm.SECTION
                + "."
                + h.name()
                + " = "
                + other.get(h)
                + "; the running learner has "
                + form.get(h)
                + ", which is part of its state; start the job anew with it");
      }
    }
    return form.spec().make().make(other);
  }

  @Override
  public final void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    require(state);
    LearnerConfig.write(form, out);
    write(state, out);
    if (scaler != null) {
      scaler.publish(state, out);
    }
  }

  @Override
  public final void warmStart(LearnerState state, PublishedModel from) {
    require(state);
    requireFit(from);
    restore(state, from);
    if (scaler != null) {
      scaler.restore(state, from);
    }
  }

  @Override
  public final LearnerState read(PublishedModel from, long mostBytes) {
    requireFit(from);
    return OnlineLearner.super.read(from, mostBytes);
  }

  private void requireFit(PublishedModel from) {
    LearnerConfig.requireSame(form, from.config());
    requireTensors(from);
    if (scaler != null) {
      scaler.requireFit(from);
    }
  }

  private void require(LearnerState state) {
    if (state.schema() != schema && !state.schema().equals(schema)) {
      throw new IllegalStateException(
          "state has the blocks " + state.schema() + ", the learner " + schema);
    }
  }

  /**
   * A learner for predictions alone, from the configuration that {@link #publish} wrote.
   *
   * @throws StateException naming what is missing or not understood
   */
  public static EventLearner forScoring(LearnerSpec spec, Map<String, String> config) {
    LearnerSetup setup = LearnerConfig.read(spec, config);
    try {
      return spec.make().make(LearnerForm.of(spec, setup));
    } catch (ConfigException e) {
      throw LearnerConfig.unusable(e);
    }
  }
}

package io.millrace.cli.evaluate;

import io.millrace.cli.data.DataReader;
import io.millrace.cli.data.DataRow;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Blame;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.monitor.DriftWatch;
import io.millrace.core.monitor.Monitor;
import io.millrace.core.monitor.Reaction;
import io.millrace.core.state.LearnerState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.ObjLongConsumer;

/**
 * Progressive validation: every labelled row is first predicted, then learned from, as the job does
 * it. A mini-batch that the end of the file leaves unfinished is not learned from. A row that would
 * spoil the model is set aside and counted, as the job would send it to the dead letters; the other
 * rows of its mini-batch are learned from. A model that refuses one step after the other is put
 * back to what it was at the last thousand rows, as a job puts it back to its last snapshot. A row
 * of weight 0 is predicted and no more. A row that the learner is not for is set aside, too. A loss
 * that is not finite is left out of the mean, as the job leaves it out, and counted.
 */
public final class Evaluation {
  /** The key under which the one model of an evaluation is learned. */
  private static final String KEY = "evaluate";

  /** Rows after which the model is kept, as a job keeps what it publishes. */
  private static final int KEEP_EVERY = 1000;

  /** Rows that are read before they are taken, so that the time of either can be told apart. */
  private static final int READ_AHEAD = 1024;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private OnlineLearner learner;
  private final RowEncoder encoder;
  private final boolean needsLabels;
  private final Ranking ranking = new Ranking();
  private final int miniBatch;
  private LearnerState state;
  private PublishedModel earlier;
  private long keptAt;
  private long refused;
  private long restores;
  private final Workspace workspace = new Workspace();
  private Monitor monitor;
  private Monitor.Scratch watching;
  private LearnerState watched;
  private LearnerState background;
  private long featureDrifts;
  private final Outcome outcome = new Outcome();
  private Rows batch;
  private Rows spare;
  private long rows;
  private long labelled;
  private long learned;
  private long rejected;
  private long scored;
  private long weightless;
  private long judged;
  private long correct;
  private double lossSum;
  private double squares;
  private double distances;
  private long cpuNanos;

  /**
   * @param miniBatch rows per step, at least 1
   */
  public Evaluation(OnlineLearner learner, InputSpec input, int miniBatch) {
    this.learner = learner;
    this.encoder = new RowEncoder(input);
    this.needsLabels = input.target() != InputSpec.Target.NONE;
    this.miniBatch = miniBatch;
    this.batch = learner.newRows();
    this.spare = learner.newRows();
    this.state = new LearnerState(learner.schema());
    learner.initialize(state, KEY);
  }

  /**
   * Has the model watched, as a job does.
   *
   * @param by what is watched, and what follows a drift
   */
  public void watch(Monitor by) {
    monitor = by;
    watching = by.newScratch(workspace);
    watched = new LearnerState(by.schema());
  }

  /** Reports the figures of what is watched. */
  public void watched(Figures out) {
    if (monitor != null) {
      monitor.report(watched, out, watching);
      if (monitor.watchesFeatures()) {
        out.figure("featureDrifts", featureDrifts);
      }
    }
  }

  /**
   * Takes all rows that are left.
   *
   * @param progress told the evaluation and the bytes read so far, every {@link #READ_AHEAD} rows
   */
  public void run(DataReader reader, ObjLongConsumer<Evaluation> progress) throws IOException {
    DataRow row = new DataRow();
    Rows block = learner.newRows();
    do {
      block.clear();
      while (block.count() < READ_AHEAD && reader.next(row)) {
        encoder.add(block, row);
      }
      long begun = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < block.count(); i++) {
        take(block, i);
      }
      cpuNanos += THREADS.getCurrentThreadCpuTime() - begun;
      progress.accept(this, reader.bytesRead());
    } while (block.count() == READ_AHEAD);
  }

  /** Takes one row of those that are held in memory, of the form the learner takes. */
  public void take(Rows source, int row) {
    batch.addRow(source, row);
    taken();
  }

  /**
   * Goes on under other values of hyperparameters, as a job does after an order.
   *
   * @param other the learner, {@link OnlineLearner#with} them
   */
  public void use(OnlineLearner other) {
    learner = other;
  }

  /** Judges the last row of the mini-batch, and learns from the mini-batch when it is full. */
  private void taken() {
    rows++;
    int last = batch.count() - 1;
    if (learner.unfit(batch, last) != null) {
      rejected++;
      batch.removeLast();
      return;
    }
    learner.predict(batch, last, state, outcome, workspace);
    if (monitor != null && monitor.watchesFeatures()) {
      monitor.features(watched, batch, last, (f, statistic, limit) -> featureDrifts++, watching);
    }
    double label = batch.label(last);
    if (needsLabels && Double.isNaN(label)) {
      batch.removeLast();
      return;
    }
    if (!needsLabels) {
      ranking.take(outcome, label);
    }
    labelled += Double.isNaN(label) ? 0 : 1;
    if (batch.weight(last) == 0) {
      weightless++;
      batch.removeLast();
      return;
    }
    if (Double.isFinite(outcome.loss)) {
      scored++;
      lossSum += outcome.loss;
      if (monitor != null) {
        judge(label);
      }
      if (outcome.correct >= 0) {
        judged++;
        correct += outcome.correct;
      } else {
        double error = outcome.scores[0] - batch.label(last);
        squares += error * error;
        distances += Math.abs(error);
      }
    }
    if (batch.count() == miniBatch) {
      step();
    }
  }

  /** Has the prediction at hand watched, and reacts to what a detector says. */
  private void judge(double label) {
    DriftWatch.Happening happening = monitor.take(watched, learner, outcome, label, KEY, watching);
    if (!monitor.detects()) {
      return;
    }
    Reaction.Action action = monitor.react(watched, happening);
    monitor.told(watched, happening);
    switch (action) {
      case RESET -> replace(started());
      case BEGIN -> background = started();
      case SWAP -> {
        replace(background);
        background = null;
      }
      case GIVE_UP -> background = null;
      default -> {
        // The model goes on.
      }
    }
  }

  private LearnerState started() {
    LearnerState fresh = new LearnerState(learner.schema());
    learner.initialize(fresh, KEY);
    return fresh;
  }

  private void replace(LearnerState by) {
    refused = 0;
    earlier = null;
    state = by;
  }

  private void step() {
    OnlineLearner now =
        monitor != null && monitor.boosts() ? learner.faster(monitor.rateFactor(watched)) : learner;
    while (batch.count() > 0) {
      StepOutcome result = now.learn(batch, state, KEY, workspace);
      if (result.kind() == StepOutcome.Kind.LEARNED || rescued(result)) {
        learned += batch.count();
        refused = 0;
        if (background != null) {
          Blame.learnWithout(learner, batch, background, KEY, workspace);
        }
        if (learned - keptAt >= KEEP_EVERY) {
          earlier = PublishedModel.of(learner, state, workspace);
          keptAt = learned;
        }
        break;
      }
      boolean[] blamed = Blame.of(result, learner, batch, state, KEY, workspace);
      spare.clear();
      for (int i = 0; i < blamed.length; i++) {
        if (blamed[i]) {
          rejected++;
        } else {
          spare.addRow(batch, i);
        }
      }
      Rows swap = batch;
      batch = spare;
      spare = swap;
    }
    batch.clear();
  }

  /** Whether the step was taken on the model as it was, which goes on in the place of this one. */
  private boolean rescued(StepOutcome refusal) {
    if (!Blame.suspectsModel(refusal, ++refused)) {
      return false;
    }
    LearnerState other = started();
    if (earlier != null) {
      learner.warmStart(other, earlier);
    }
    if (learner.learn(batch, other, KEY, workspace).kind() != StepOutcome.Kind.LEARNED) {
      return false;
    }
    state = other;
    restores++;
    return true;
  }

  /** Rows taken. */
  public long rows() {
    return rows;
  }

  /** CPU time of predicting and learning in {@link #run}, without reading; seconds. */
  public double cpuSeconds() {
    return cpuNanos / 1e9;
  }

  /** Rows with a label. */
  public long labelled() {
    return labelled;
  }

  /** Rows that a step was made with. */
  public long learned() {
    return learned;
  }

  /** How often the model was put back. */
  public long restores() {
    return restores;
  }

  /** Rows set aside because a step with them would have spoilt the model. */
  public long rejected() {
    return rejected;
  }

  /** Rows with a label and a weight above 0 whose prediction had no finite loss. */
  public long unscored() {
    return needsLabels ? labelled - weightless - scored : 0;
  }

  /** Rows with a label and the weight 0: predicted, and neither judged nor learned from. */
  public long weightless() {
    return weightless;
  }

  /** Rows that were scored: those with a label, a weight and a finite loss. */
  public long scored() {
    return scored;
  }

  /** Sum of the progressive losses of the rows that were scored. */
  public double lossSum() {
    return lossSum;
  }

  /** Mean progressive loss over the rows that were scored; NaN without any. */
  public double loss() {
    return lossSum / scored;
  }

  /** Share of rows whose class was predicted; NaN where there are no classes. */
  public double accuracy() {
    return judged == 0 ? Double.NaN : (double) correct / judged;
  }

  /** Root of the mean squared distance of prediction and label; NaN where labels are classes. */
  public double rmse() {
    return judged > 0 ? Double.NaN : Math.sqrt(squares / scored);
  }

  /** Mean distance of prediction and label; NaN where labels are classes. */
  public double mae() {
    return judged > 0 ? Double.NaN : distances / scored;
  }

  /** How the scores of a learner without labels rank rows that have some. */
  public Ranking ranking() {
    return ranking;
  }

  /** What was learned; live. */
  public LearnerState state() {
    return state;
  }

  /** Bytes of what was learned: parameters, optimizer slots, feature statistics, trees. */
  public long stateBytes() {
    return state.bytes();
  }

  /** Named features that fell on the coordinate of another one. */
  public long collisions() {
    return encoder.collisions();
  }
}

package io.millrace.operators.metrics;

import io.millrace.core.learn.Figures;
import io.millrace.core.learn.Outcome;
import io.millrace.operators.journal.Journal;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Flink metrics of learners, beside those of every stage. */
public final class LearnerMetrics implements Figures {
  /** Progressive loss and accuracy decay over about so many examples. */
  private static final double DECAY = 1.0 / 1000;

  /** Examples predicted, learned from or not. */
  public final Counter examplesPredicted;

  /** Examples learned from. */
  public final Counter examplesLearned;

  /** Labelled examples not learned from because their key was paused. */
  public final Counter examplesSkipped;

  /** Labelled examples forgotten with an unfinished mini-batch, at a reset or end of life. */
  public final Counter examplesAbandoned;

  /** Mini-batches learned before they were full, because there was no room to hold them. */
  public final Counter shortMiniBatches;

  /** Steps not taken because they would have spoilt a model. */
  public final Counter rollbacks;

  /** Models put back to what was last published of them, or to their start. */
  public final Counter restores;

  /** Snapshots not published: a number was not finite, or the model is held back. */
  public final Counter snapshotsWithheld;

  /** Candidates that have taken the champion's place. */
  public final Counter candidatesPromoted;

  /** Candidates, and former champions, that have ended. */
  public final Counter candidatesStopped;

  /** Champions that had to give the place back. */
  public final Counter championsRolledBack;

  /** Models that have passed, and are published from then on. */
  public final Counter modelsPassed;

  /** Models held back because of a drift. */
  public final Counter modelsHeld;

  /** Models that have gone back to their last good version. */
  public final Counter modelsRolledBack;

  /** Examples that began to wait for a label. */
  public final Counter labelsAwaited;

  /** Labels that found their example waiting. */
  public final Counter labelsMatched;

  /** Labels that came before their example, and began to wait for it. */
  public final Counter labelsEarly;

  /** Warnings of drift that have begun. */
  public final Counter driftWarnings;

  /** Drifts of errors or losses. */
  public final Counter drifts;

  /** Windows of a feature with another law than its reference. */
  public final Counter featureDrifts;

  private final MetricGroup group;
  private final Map<String, double[]> figures = new HashMap<>();
  private double loss = Double.NaN;
  private double accuracy = Double.NaN;

  /** Registers the metrics beside those of the stage. */
  public LearnerMetrics(StageMetrics stage) {
    group = stage.group();
    examplesPredicted = group.counter("examplesPredicted");
    examplesLearned = group.counter("examplesLearned");
    examplesSkipped = group.counter("examplesSkipped");
    examplesAbandoned = group.counter("examplesAbandoned");
    shortMiniBatches = group.counter("shortMiniBatches");
    rollbacks = group.counter("rollbacks");
    restores = group.counter("restores");
    snapshotsWithheld = group.counter("snapshotsWithheld");
    candidatesPromoted = group.counter("candidatesPromoted");
    candidatesStopped = group.counter("candidatesStopped");
    championsRolledBack = group.counter("championsRolledBack");
    modelsPassed = group.counter("modelsPassed");
    modelsHeld = group.counter("modelsHeld");
    modelsRolledBack = group.counter("modelsRolledBack");
    labelsAwaited = group.counter("labelsAwaited");
    labelsMatched = group.counter("labelsMatched");
    labelsEarly = group.counter("labelsEarly");
    driftWarnings = group.counter("driftWarnings");
    drifts = group.counter("drifts");
    featureDrifts = group.counter("featureDrifts");
    group.gauge("loss", (Gauge<Double>) () -> loss);
  }

  /** Takes a judged prediction into the running loss and accuracy of the subtask. */
  public void judged(Outcome outcome) {
    loss = decayed(loss, outcome.loss);
    if (outcome.correct >= 0) {
      if (Double.isNaN(accuracy)) { // a family without classes has no such gauge
        group.gauge("accuracy", (Gauge<Double>) () -> accuracy);
      }
      accuracy = decayed(accuracy, outcome.correct);
    }
  }

  /** Takes the mean loss of a step's examples into the running loss of the subtask. */
  public void scored(double meanLoss, int examples) {
    loss =
        Double.isNaN(loss)
            ? meanLoss
            : loss + (1 - StrictMath.pow(1 - DECAY, examples)) * (meanLoss - loss);
  }

  /** Counts labelled examples that are forgotten without having been learned from. */
  public void abandon(Journal journal, int count) {
    journal.abandoned += count;
    examplesAbandoned.inc(count);
  }

  /** Takes a figure of a learner's last step; a gauge shows the newest of the subtask. */
  @Override
  public void figure(String name, double value) {
    double[] cell = figures.get(name);
    if (cell == null) {
      double[] made = {value};
      figures.put(name, made);
      group.gauge(name, (Gauge<Double>) () -> made[0]);
    } else {
      cell[0] = value;
    }
  }

  private static double decayed(double mean, double value) {
    return Double.isNaN(mean) ? value : mean + DECAY * (value - mean);
  }
}

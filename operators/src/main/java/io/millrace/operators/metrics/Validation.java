package io.millrace.operators.metrics;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.operators.learner.KeyState;
import io.millrace.operators.publish.OutRecord;
import io.millrace.operators.publish.Outputs;
import io.millrace.schemas.Metric;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Progressive validation: every example is judged before it is learned from, by the prediction made
 * of it or by the step itself; here that is summed up per key and published every so often.
 */
public final class Validation {
  private final long every;
  private final Outputs outputs;
  private final LearnerMetrics metrics;

  /**
   * A validation.
   *
   * @param every predicted examples of a key between two records; 0: none are published
   */
  public Validation(long every, Outputs outputs, LearnerMetrics metrics) {
    this.every = every;
    this.outputs = outputs;
    this.metrics = metrics;
  }

  /**
   * Takes a judged prediction into the sums. One without a finite loss counts for nothing: either
   * it has no label, or it is about to become a dead letter.
   */
  public void score(KeyState s, Outcome out) {
    if (!Double.isFinite(out.loss)) {
      return;
    }
    add(s.total, out);
    add(s.window, out);
    metrics.judged(out);
  }

  /** Takes the rows of a step into the sums, if the learner has scored them. */
  public void scoreStep(KeyState s, OnlineLearner learner, int rows) {
    if (!learner.scoresSteps()) {
      return;
    }
    double loss = learner.stepLoss(s.learner);
    if (Double.isFinite(loss)) {
      s.total.scored += rows;
      s.total.lossSum += rows * loss;
      s.window.scored += rows;
      s.window.lossSum += rows * loss;
      metrics.scored(loss, rows);
    }
  }

  private static void add(KeyState.Score sum, Outcome out) {
    sum.scored++;
    sum.lossSum += out.loss;
    if (out.correct >= 0) {
      sum.judged++;
      sum.correct += out.correct;
    }
  }

  /** Publishes, if it is time, and begins a new window. */
  public void afterPrediction(KeyState s, String key, OnlineLearner learner) {
    if (every == 0 || s.predicted - s.predictedAtMetric < every) {
      return;
    }
    s.predictedAtMetric = s.predicted;
    Map<String, Double> values = values(s, learner);
    mean(values, "windowLoss", s.window.lossSum, s.window.scored);
    mean(values, "windowAccuracy", s.window.correct, s.window.judged);
    s.window.clear();
    Metric metric = new Metric(key, Instant.ofEpochMilli(s.eventTime), counters(s), values);
    outputs.metric(
        new OutRecord(key.getBytes(StandardCharsets.UTF_8), SingleObject.encode(metric), key));
  }

  /** Counters of a key, as in snapshots and metric records. */
  public static Map<String, Long> counters(KeyState s) {
    Map<String, Long> c = new TreeMap<>();
    c.put("examples", s.learned);
    c.put("predicted", s.predicted);
    c.put("steps", s.learner.steps());
    c.put("deadLetters", s.deadLetters);
    c.put("rollbacks", s.rollbacks);
    c.put("skipped", s.skipped);
    c.put("abandoned", s.abandoned);
    c.put("scored", s.total.scored);
    c.put("pending", (long) s.pendingCount());
    c.put("unfinished", (long) s.heldCount());
    return c;
  }

  /** Progressive loss and accuracy of a key, where there is any, and the learner's figures. */
  public static Map<String, Double> values(KeyState s, OnlineLearner learner) {
    Map<String, Double> values = new TreeMap<>();
    learner.figures(s.learner, values::put);
    mean(values, "loss", s.total.lossSum, s.total.scored);
    mean(values, "accuracy", s.total.correct, s.total.judged);
    return values;
  }

  private static void mean(Map<String, Double> values, String name, double sum, long count) {
    if (count > 0) {
      values.put(name, sum / count);
    }
  }
}

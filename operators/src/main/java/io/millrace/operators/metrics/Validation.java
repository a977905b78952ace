package io.millrace.operators.metrics;

import io.millrace.operators.journal.Journal;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.output.Outputs;
import io.millrace.schemas.Metric;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.WatchEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Progressive validation: every event is judged before it is learned from, by the prediction made
 * of it or by the step itself; here that is summed up per key and published every so often.
 */
public final class Validation {
  /** What else is to be known of a key's model, by name. */
  @FunctionalInterface
  public interface Model {
    /**
     * Adds to what is published.
     *
     * @param counters takes what is counted
     * @param values takes what is measured
     */
    void describe(Map<String, Long> counters, Map<String, Double> values);
  }

  private final long every;
  private final Outputs outputs;

  /**
   * A validation.
   *
   * @param every predicted events of a key between two records; 0: none are published
   */
  public Validation(long every, Outputs outputs) {
    this.every = every;
    this.outputs = outputs;
  }

  /**
   * Takes a judged prediction into the sums. One without a finite loss counts for nothing: either
   * it has no label, or it is about to become a dead letter.
   *
   * @param right whether the class was right: 1 or 0; below 0: it has none
   * @return whether it counts
   */
  public boolean score(Journal j, double loss, int right) {
    if (!Double.isFinite(loss)) {
      return false;
    }
    j.total.add(1, loss);
    j.total.judge(right);
    j.window.add(1, loss);
    j.window.judge(right);
    return true;
  }

  /**
   * Takes the events of a step into the sums, which the step itself has scored.
   *
   * @return whether they count
   */
  public boolean scoreStep(Journal j, double meanLoss, int events) {
    if (!Double.isFinite(meanLoss)) {
      return false;
    }
    j.total.add(events, meanLoss);
    j.window.add(events, meanLoss);
    return true;
  }

  /** Whether a record is due. */
  public boolean isDue(Journal j) {
    return every > 0 && j.predicted - j.predictedAtMetric >= every;
  }

  /** Publishes a record and begins a new window. */
  public void publish(Journal j, String key, Model model) {
    j.predictedAtMetric = j.predicted;
    Map<String, Long> counters = counters(j);
    Map<String, Double> values = new TreeMap<>();
    model.describe(counters, values);
    values(j, values);
    mean(values, "windowLoss", j.window.lossSum, j.window.scored);
    mean(values, "windowAccuracy", j.window.correct, j.window.judged);
    j.window.clear();
    emit(j, key, counters, values, null);
  }

  /** Publishes what a detector of drift has said. The window goes on. */
  public void tell(Journal j, String key, WatchEvent event) {
    if (every == 0) {
      return;
    }
    Map<String, Double> values = new TreeMap<>();
    values(j, values);
    emit(j, key, counters(j), values, event);
  }

  private void emit(
      Journal j,
      String key,
      Map<String, Long> counters,
      Map<String, Double> values,
      WatchEvent event) {
    Metric metric =
        new Metric(key, j.incarnation, Instant.ofEpochMilli(j.eventTime), counters, values, event);
    outputs.emit(
        Channel.METRICS,
        OutRecord.of(key.getBytes(StandardCharsets.UTF_8), SingleObject.encode(metric)));
  }

  /** Counters of a key, as in snapshots and metric records. */
  public static Map<String, Long> counters(Journal j) {
    Map<String, Long> c = new TreeMap<>();
    c.put("examples", j.learned);
    c.put("predicted", j.predicted);
    c.put("deadLetters", j.deadLetters);
    c.put("rollbacks", j.rollbacks);
    c.put("restores", j.restores);
    c.put("skipped", j.skipped);
    c.put("abandoned", j.abandoned);
    c.put("scored", j.total.scored);
    c.put("pending", (long) j.waiting.count);
    c.put("unfinished", (long) j.held);
    return c;
  }

  /** Adds progressive loss and accuracy of a key, where there is any. */
  public static void values(Journal j, Map<String, Double> values) {
    mean(values, "loss", j.total.lossSum, j.total.scored);
    mean(values, "accuracy", j.total.correct, j.total.judged);
  }

  private static void mean(Map<String, Double> values, String name, double sum, long count) {
    if (count > 0) {
      values.put(name, sum / count);
    }
  }
}

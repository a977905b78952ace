package io.millrace.operators.metrics;

import io.millrace.core.learn.Figures;
import io.millrace.core.learn.Outcome;
import io.millrace.schemas.Reason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Flink metrics of a subtask, {@code millrace.<family>.<name>}. Per key there is the metrics topic:
 * a series per key would drown a monitoring system.
 */
public final class LearnerMetrics implements Figures {
  /** Progressive loss and accuracy decay over about so many examples. */
  private static final double DECAY = 1.0 / 1000;

  /** Records received, of any kind. */
  public final Counter events;

  public final Counter examplesPredicted;
  public final Counter examplesLearned;

  /** Labelled examples not learned from because their key was paused. */
  public final Counter examplesSkipped;

  /** Labelled examples forgotten with an unfinished mini-batch, at a reset or end of life. */
  public final Counter examplesAbandoned;

  /** Events dropped because their id was seen before. */
  public final Counter duplicates;

  /** Steps not taken because they would have made a model non-finite. */
  public final Counter rollbacks;

  public final Counter snapshots;
  public final Counter controls;

  /** Control events seen before, by origin and sequence. */
  public final Counter controlsRepeated;

  /** Examples that began to wait for a label. */
  public final Counter labelsAwaited;

  /** Labels that found their example. */
  public final Counter labelsMatched;

  public final Counter keysCreated;
  public final Counter keysForgotten;

  private final MetricGroup group;
  private final Counter deadLetters;
  private final Map<Reason, Counter> reasons = new EnumMap<>(Reason.class);
  private final Map<String, double[]> figures = new HashMap<>();
  private double loss = Double.NaN;
  private double accuracy = Double.NaN;

  /**
   * Registers the metrics.
   *
   * @param operator group of the operator
   * @param family job family: learn, dictionary, ...
   */
  public LearnerMetrics(MetricGroup operator, String family) {
    group = operator.addGroup("millrace").addGroup(family);
    events = group.counter("events");
    examplesPredicted = group.counter("examplesPredicted");
    examplesLearned = group.counter("examplesLearned");
    examplesSkipped = group.counter("examplesSkipped");
    examplesAbandoned = group.counter("examplesAbandoned");
    duplicates = group.counter("duplicates");
    rollbacks = group.counter("rollbacks");
    snapshots = group.counter("snapshots");
    controls = group.counter("controls");
    controlsRepeated = group.counter("controlsRepeated");
    labelsAwaited = group.counter("labelsAwaited");
    labelsMatched = group.counter("labelsMatched");
    keysCreated = group.counter("keysCreated");
    keysForgotten = group.counter("keysForgotten");
    deadLetters = group.counter("deadLetters");
    group.gauge("loss", (Gauge<Double>) () -> loss);
  }

  /** Counts a dead letter, over all and by reason. */
  public void deadLetter(Reason reason) {
    deadLetters.inc();
    reasons
        .computeIfAbsent(
            reason, r -> group.addGroup("reason", r.name()).counter("deadLettersByReason"))
        .inc();
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
            : loss + (1 - Math.pow(1 - DECAY, examples)) * (meanLoss - loss);
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

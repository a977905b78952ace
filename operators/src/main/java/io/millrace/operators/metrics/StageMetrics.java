package io.millrace.operators.metrics;

import io.millrace.schemas.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Flink metrics that every stage has, {@code millrace.<family>.<name>}, per subtask. Per key there
 * is the metrics topic: a series per key would drown a monitoring system.
 */
public final class StageMetrics {
  /** Records received, of any kind. */
  public final Counter events;

  /** Events refused because their id was seen before; they become dead letters. */
  public final Counter duplicates;

  /** Snapshots published. */
  public final Counter snapshots;

  /** Orders taken. */
  public final Counter controls;

  /** Orders seen before, by origin and sequence. */
  public final Counter controlsRepeated;

  /** Orders for all keys carried out on a key. */
  public final Counter controlsFollowed;

  /** Keys that have begun. */
  public final Counter keysCreated;

  /** Keys that have ended, by their time to live. */
  public final Counter keysForgotten;

  private final MetricGroup group;
  private final Counter deadLetters;
  private final Map<Reason, Counter> reasons = new EnumMap<>(Reason.class);

  /**
   * Registers the metrics.
   *
   * @param operator group of the operator
   * @param family job family: learn, dictionary, ...
   */
  public StageMetrics(MetricGroup operator, String family) {
    group = operator.addGroup("millrace").addGroup(family);
    events = group.counter("events");
    duplicates = group.counter("duplicates");
    snapshots = group.counter("snapshots");
    controls = group.counter("controls");
    controlsRepeated = group.counter("controlsRepeated");
    controlsFollowed = group.counter("controlsFollowed");
    keysCreated = group.counter("keysCreated");
    keysForgotten = group.counter("keysForgotten");
    deadLetters = group.counter("deadLetters");
  }

  /** Where a family registers metrics of its own. */
  public MetricGroup group() {
    return group;
  }

  /**
   * Registers what the compute backend counts, of the whole process, in the group {@code compute}.
   */
  public void compute(Map<String, LongSupplier> figures) {
    MetricGroup compute = group.addGroup("compute");
    figures.forEach((name, figure) -> compute.gauge(name, (Gauge<Long>) figure::getAsLong));
  }

  /** Counts a dead letter, over all and by reason. */
  public void deadLetter(Reason reason) {
    deadLetters.inc();
    reasons
        .computeIfAbsent(
            reason, r -> group.addGroup("reason", r.name()).counter("deadLettersByReason"))
        .inc();
  }
}

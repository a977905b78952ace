package io.millrace.operators.sample;

import io.millrace.operators.metrics.StageMetrics;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Flink metrics of clients, beside those of every stage. */
final class ClientMetrics {
  /** Rows taken in. */
  final Counter rows;

  /** Visits made, and answered. */
  final Counter visits;

  /** Local steps of those visits. */
  final Counter localSteps;

  /** Visits taken back, because a step led to a number that is not finite or too large. */
  final Counter visitsDiverged;

  /** Tokens that had been answered, and were with the same bytes. */
  final Counter tokensRepeated;

  /** Tokens of rounds or runs that are over. */
  final Counter tokensOld;

  /** Tokens that began to wait for an epoch or for rows. */
  final Counter tokensParked;

  /** Surrogates fitted or anchored. */
  final Counter surrogates;

  ClientMetrics(StageMetrics stage) {
    MetricGroup group = stage.group();
    rows = group.counter("rows");
    visits = group.counter("visits");
    localSteps = group.counter("localSteps");
    visitsDiverged = group.counter("visitsDiverged");
    tokensRepeated = group.counter("tokensRepeated");
    tokensOld = group.counter("tokensOld");
    tokensParked = group.counter("tokensParked");
    surrogates = group.counter("surrogates");
  }
}

package io.millrace.operators.sample;

import io.millrace.operators.metrics.StageMetrics;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Flink metrics of the router, beside those of every stage. */
final class RouterMetrics {
  /** Visits that chains have made. */
  final Counter rounds;

  /** Answers of rounds or runs that are over. */
  final Counter answersOld;

  /** Visits taken back because they diverged. */
  final Counter visitsDiverged;

  /** Messages sent again because no answer came. */
  final Counter resent;

  /** Visits given up because the client is absent. */
  final Counter roundsGivenUp;

  /** Clients that became absent. */
  final Counter clientsLost;

  /** Epochs agreed on. */
  final Counter epochs;

  RouterMetrics(StageMetrics stage) {
    MetricGroup group = stage.group();
    rounds = group.counter("rounds");
    answersOld = group.counter("answersOld");
    visitsDiverged = group.counter("roundsDiverged");
    resent = group.counter("resent");
    roundsGivenUp = group.counter("roundsGivenUp");
    clientsLost = group.counter("clientsLost");
    epochs = group.counter("epochs");
  }
}

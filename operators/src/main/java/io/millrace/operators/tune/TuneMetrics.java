package io.millrace.operators.tune;

import io.millrace.operators.metrics.StageMetrics;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Flink metrics of tuners, beside those of every stage. */
final class TuneMetrics {
  /** Requests decided. */
  final Counter decisions;

  /** Requests answered with the decision they had had. */
  final Counter decisionsRepeated;

  /** Requests that began to wait for feedback. */
  final Counter feedbackAwaited;

  /** Feedback that found its request. */
  final Counter feedbackMatched;

  /** Feedback that came before its request, and began to wait for it. */
  final Counter feedbackEarly;

  /** Costs learned, those charged among them. */
  final Counter costsLearned;

  /** Feedback not learned from: the key was paused, or something else was done than decided. */
  final Counter feedbackSkipped;

  /** Requests for which no feedback came in time, or whose room was needed. */
  final Counter requestsCensored;

  TuneMetrics(StageMetrics stage) {
    MetricGroup group = stage.group();
    decisions = group.counter("decisions");
    decisionsRepeated = group.counter("decisionsRepeated");
    feedbackAwaited = group.counter("feedbackAwaited");
    feedbackMatched = group.counter("feedbackMatched");
    feedbackEarly = group.counter("feedbackEarly");
    costsLearned = group.counter("costsLearned");
    feedbackSkipped = group.counter("feedbackSkipped");
    requestsCensored = group.counter("requestsCensored");
  }
}

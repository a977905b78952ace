package io.millrace.operators.learner;

import io.millrace.core.learn.Outcome;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.schemas.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Examples that wait for their label. How long they wait is measured in the event time of their own
 * key, so it is a function of the key's events.
 */
final class PendingLabels {
  private final long wait;
  private final int most;
  private final DeadLetterOffice deadLetters;
  private final LearnerMetrics metrics;

  PendingLabels(LearnerOptions options, DeadLetterOffice deadLetters, LearnerMetrics metrics) {
    this.wait = options.labelWait() == null ? 0 : options.labelWait().toMillis();
    this.most = options.maxPending();
    this.deadLetters = deadLetters;
    this.metrics = metrics;
  }

  /** Whether examples without label wait at all. */
  boolean on() {
    return wait > 0;
  }

  /** Why an example with this id cannot wait; null: it can. */
  Reason refuses(KeyState s, String id) {
    if (s.pending == null) {
      return null;
    }
    if (s.pending.containsKey(id)) {
      return Reason.DUPLICATE_ID;
    }
    return s.pending.size() >= most ? Reason.TOO_MANY_PENDING : null;
  }

  /** The same for people. */
  String message(Reason reason, String id) {
    return reason == Reason.DUPLICATE_ID
        ? "an example with id '" + id + "' already waits for its label; ids must differ"
        : most + " examples wait for their labels, as many as labels.max-pending allows";
  }

  void add(KeyState s, String id, HeldExample example, Outcome prediction) {
    if (s.pending == null) {
      s.pending = new LinkedHashMap<>();
    }
    double[] raw = Arrays.copyOf(prediction.raw, prediction.rawCount);
    s.pending.put(id, new PendingExample(example, raw));
    metrics.labelsAwaited.inc();
  }

  /** The example a label is for, which waits no more; null: there is none. */
  PendingExample take(KeyState s, String id) {
    PendingExample p = s.pending == null ? null : s.pending.remove(id);
    if (p != null) {
      metrics.labelsMatched.inc();
    }
    return p;
  }

  /**
   * Ends the waiting of examples older than the key's event time allows. They stand in order of
   * arrival; one that came late in event time delays none and is found when those before it are.
   */
  void expire(KeyState s, String key) {
    if (s.pending == null) {
      return;
    }
    Iterator<Map.Entry<String, PendingExample>> all = s.pending.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, PendingExample> next = all.next();
      HeldExample e = next.getValue().example();
      if (s.eventTime - e.eventTime() <= wait) {
        return;
      }
      all.remove();
      deadLetters.send(
          e,
          key,
          s,
          Reason.LABEL_EXPIRED,
          deadLetters.address(e, s)
              + ": no label came for '"
              + next.getKey()
              + "' within labels.wait = "
              + Duration.ofMillis(wait)
              + " of event time");
    }
  }
}

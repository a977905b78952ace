package io.millrace.operators.ingress;

import java.io.Serializable;
import java.util.List;

/**
 * What the {@link PartitionClock}s of a source go by.
 *
 * @param kinds of events that may come
 * @param times which event times are taken
 * @param step how often, in event time, the stages want to be told; milliseconds, 0: never
 */
public record ClockOptions(List<EventKind> kinds, EventTimes times, long step)
    implements Serializable {
  public ClockOptions {
    kinds = List.copyOf(kinds);
  }

  /** Whether anybody wants to be told. */
  public boolean enabled() {
    return step > 0;
  }
}

package io.millrace.state;

import io.millrace.operators.ingress.RoutedEvent;

/** Layout of {@link RoutedEventSerializer}. This class name is part of savepoints. */
public final class RoutedEventSerializerSnapshot extends FormatSnapshot<RoutedEvent> {
  /** For Flink, which reads into it. */
  public RoutedEventSerializerSnapshot() {
    super("events in flight", 1, RoutedEventSerializer::new);
  }
}

package io.millrace.bench.learner;

import io.millrace.bench.pipeline.Events;

/** Size of an event on the wire. */
final class EventBytes {
  private EventBytes() {}

  /** Bytes of the value of a record that carries one example of this shape. */
  static int of(Shape shape) {
    return new Events(shape, 1, 1, 1, 1).value(0).length;
  }
}

package io.millrace.operators.handler;

import io.millrace.core.compute.Workspace;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.metrics.StageMetrics;
import io.millrace.operators.output.Outputs;
import io.millrace.operators.publish.DeadLetterOffice;

/** Where a handler runs, and all it can do to the world outside the key at hand. */
public interface StageContext extends Outputs {
  /** Name of the job. */
  String job();

  /**
   * Number of the run: one that started without state has a larger number than those before it, one
   * that goes on from state has the number it had.
   */
  long incarnation();

  /**
   * Id of the compute backend whose bits the run has had since its first start: for state and
   * provenance.
   */
  String backend();

  /** Id of the compute backend to work with here: one that gives those bits. */
  String localBackend();

  /**
   * Hands an event to the stages behind this one that take its kind; each finds its key in it. It
   * has effect exactly once, because one checkpoint covers the event and the state of both stages.
   */
  void forward(RoutedEvent event);

  /** Most keys whose work may be put off at a time, to be done for many in one go; 1: none may. */
  default int keysTogether() {
    return 1;
  }

  /**
   * Puts off the last thing that the event at hand makes a handler do to its key. It is done, by
   * {@link KeyHandler#settle}, before anything else happens to the key and before every barrier,
   * watermark and order for all keys; records that are emitted meanwhile leave behind those of it.
   *
   * @param key has been begun, and owes nothing yet
   */
  default void putOff(Key key) {
    throw new IllegalStateException("this stage puts nothing off");
  }

  /** Takes events that cannot be used. */
  DeadLetterOffice letters();

  /** Counters of the stage; a family adds its own to the group. */
  StageMetrics metrics();

  /** Scratch of the subtask. */
  Workspace workspace();
}

package io.millrace.operators.handler;

import io.millrace.operators.ingress.RoutedEvent;
import java.util.List;

/**
 * What a stage does with the events of a key: all that a family adds to the shell. A pure function
 * of (key, event): what it remembers is in the {@link Key}, what it does goes through the {@link
 * StageContext}, and it reads no clock. So the same events give the same state and the same
 * records, whatever failed in between. Needs no Flink to run. One per subtask, not thread-safe.
 */
public interface KeyHandler {
  /** Numbers of its own that are kept per key beside the journal. The same list at every call. */
  default List<BlockSpec> blocks() {
    return List.of();
  }

  /**
   * Handles an event of one of the stage's kinds. Orders and events that cannot be used do not come
   * here.
   *
   * @param key may not have begun
   */
  void handle(RoutedEvent event, Key key);

  /**
   * The partition that the key's events come from, of the job's first topic, has come to a time:
   * the clock by which a key ends that nothing comes for. Called, where the stage asks for it,
   * before anything else happens to a key of which anything is kept, and by and by for every such
   * key; early events may be all there is, see {@link Key#isKept}. When it is called beside an
   * event, and how often, depends on chance; so what it does must come to the same whether it is
   * done now or right before the key's next event.
   *
   * @param time milliseconds since the epoch; never less than before
   */
  default void pass(Key key, long time) {
    // A handler that lets its keys live for ever.
  }

  /**
   * What has been put off for keys is due: does as much of it as can be done for many in one go.
   * Touches the storage of no key; {@link #settle} follows for each of them.
   */
  default void prepare() {
    // A handler that puts nothing off, or does it key by key.
  }

  /**
   * Does what was put off for a key, see {@link StageContext#putOff}: called for each such key, in
   * the order in which that was done.
   */
  default void settle(Key key) {
    throw new IllegalStateException("key '" + key.name() + "' owes nothing");
  }

  /** The watermark has passed the time that {@link Key#wakeAt} was given. */
  default void wake(Key key, long time) {
    // A handler that asks for no timer.
  }

  /**
   * The time that {@link Key#alarmIn} was given has gone by on the clock of the machine. May emit
   * records and ask for another alarm, and must not change what is kept: when it is called is no
   * function of the events. What is to come of it comes by a record that loops, which then has its
   * place among the key's events.
   *
   * @param time of the machine's clock, milliseconds since the epoch
   */
  default void alarm(Key key, long time) {
    // A handler that asks for no alarm.
  }

  /** The input has ended; called for every key. */
  default void end(Key key) {
    // Nothing is owed to anybody.
  }

  /** What orders can do to the stage's keys. */
  default Steering steering() {
    return Steering.NONE;
  }
}

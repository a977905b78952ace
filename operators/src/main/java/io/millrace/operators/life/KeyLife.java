package io.millrace.operators.life;

import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.publish.SnapshotPublisher;
import java.time.Duration;

/**
 * The end of keys. A key ends when its event time leaps by more than the time to live: the next
 * event then begins it anew, whether or not a timer has freed the memory in between.
 */
public final class KeyLife {
  private final long ttl;
  private final WaitingById waiting;
  private final SnapshotPublisher snapshots;
  private final StageContext stage;

  /**
   * Life in a stage.
   *
   * @param ttl a gap in a key's event time after which it is forgotten; null: never
   */
  public KeyLife(
      Duration ttl, WaitingById waiting, SnapshotPublisher snapshots, StageContext stage) {
    this.ttl = ttl == null ? 0 : ttl.toMillis();
    this.waiting = waiting;
    this.snapshots = snapshots;
    this.stage = stage;
  }

  /** Whether an event at this time finds the key at its end. */
  public boolean over(Journal j, long eventTime) {
    return ttl > 0 && eventTime - j.eventTime > ttl;
  }

  /** Sees to it that a timer stands, at a key's beginning and after one has been lost. */
  public void keepTimer(Key key) {
    if (ttl > 0 && key.journal().timerAt == Journal.NO_TIMER) {
      key.wakeAt(key.journal().eventTime + ttl);
    }
  }

  /**
   * The timer's call.
   *
   * @return whether the key is at its end; else a timer stands again
   */
  public boolean wake(Key key, long time) {
    if (ttl > 0 && key.journal().eventTime + ttl <= time) {
      return true;
    }
    keepTimer(key);
    return false;
  }

  /** Ends a key: what waits in it becomes dead letters, its model is taken back. */
  public void end(Key key) {
    waiting.endAll(key);
    snapshots.retract(key.journal(), key.name());
    key.end();
    stage.metrics().keysForgotten.inc();
  }
}

package io.millrace.operators.life;

import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.publish.SnapshotPublisher;
import java.time.Duration;

/**
 * The end of keys. A key ends when more than the time to live has passed since its clock stood: an
 * event of its own says so, or its partition has come that far. The next event then begins it anew,
 * whether or not its memory has been freed in between.
 */
public final class KeyLife {
  /** A key that nothing comes for outlives its time by at most this part of it. */
  private static final int STEPS_PER_LIFE = 8;

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

  /**
   * How often, in event time, a stage is to be told how far the partitions have come, so that its
   * keys end.
   *
   * @param ttl null: they do not
   * @return milliseconds, 0: never
   */
  public static long timeStep(Duration ttl) {
    return ttl == null ? 0 : Math.max(1, ttl.toMillis() / STEPS_PER_LIFE);
  }

  /**
   * Whether the key is at its end at a time.
   *
   * @param time of an event of the key, or of its partition
   */
  public boolean over(Journal j, long time) {
    return ttl > 0 && time - j.eventTime > ttl;
  }

  /** Ends a key: what waits in it becomes dead letters, its model is taken back. */
  public void end(Key key) {
    waiting.endAll(key);
    snapshots.retract(key.journal(), key.name());
    key.end();
    stage.metrics().keysForgotten.inc();
  }
}

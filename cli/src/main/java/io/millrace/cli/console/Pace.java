package io.millrace.cli.console;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Holds work back to a rate; without one it does nothing. Use from one thread. */
public final class Pace {
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Double perSecond;
  private final long startNanos = System.nanoTime();

  /**
   * Starts now.
   *
   * @param perSecond above 0, or null for no limit
   */
  public Pace(Double perSecond) {
    this.perSecond = perSecond;
  }

  /**
   * Waits until {@code done} is due.
   *
   * @return whether it waited, so that the caller can send what it holds
   */
  public boolean keep(long done) {
    if (perSecond == null) {
      return false;
    }
    long due = startNanos + (long) (done / perSecond * 1e9);
    if (due - System.nanoTime() < SLACK_NANOS) {
      return false;
    }
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        return true;
      }
    }
    return true;
  }
}

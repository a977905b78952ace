package io.millrace.tests.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for a condition with a deadline. */
final class Await {
  private static final long POLL_NANOS = 100_000_000;

  private Await() {}

  /** Something to look at, which may not be there yet. */
  interface Probe<T> {
    /** Looks; an exception is taken as "not yet" and shown if it stays so. */
    T look() throws Exception;
  }

  /**
   * Looks again and again until what it sees passes.
   *
   * @param what names the condition in the failure
   * @return the first that passes
   */
  static <T> T until(String what, Duration limit, Probe<T> probe, Predicate<T> passes) {
    long deadline = System.nanoTime() + limit.toNanos();
    Object last;
    do {
      try {
        T seen = probe.look();
        if (passes.test(seen)) {
          return seen;
        }
        last = seen;
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(POLL_NANOS);
    } while (System.nanoTime() < deadline);
    AssertionError failure =
        new AssertionError(what + ": not within " + limit + "; last seen: " + last);
    if (last instanceof Exception e) {
      failure.initCause(e);
    }
    throw failure;
  }
}

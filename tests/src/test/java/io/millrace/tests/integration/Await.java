package io.millrace.tests.integration;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for a condition, never for a time. */
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** Between two looks at something of this process. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Between two questions to another process. */
  private static final Duration PAUSE_OF_PROBES = Duration.ofMillis(100);

  /** A condition that may fail to be asked. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  /** Something to look at, which may not be there yet. */
  @FunctionalInterface
  public interface Probe<T> {
    /** Looks; an exception is taken as "not yet" and shown if it stays so. */
    T look() throws Exception;
  }

  private Await() {}

  /**
   * Returns when the condition holds.
   *
   * @throws AssertionError if it does not in time
   */
  public static void until(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /**
   * Looks again and again until what it sees passes.
   *
   * @param what names the condition in the failure
   * @return the first that passes
   * @throws AssertionError if none does in time
   */
  public static <T> T until(String what, Duration limit, Probe<T> probe, Predicate<T> passes) {
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
      LockSupport.parkNanos(PAUSE_OF_PROBES.toNanos());
    } while (System.nanoTime() < deadline);
    AssertionError failure =
        new AssertionError("not within " + limit + ": " + what + "; last seen: " + last);
    if (last instanceof Exception e) {
      failure.initCause(e);
    }
    throw failure;
  }
}

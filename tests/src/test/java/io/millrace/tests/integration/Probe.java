package io.millrace.tests.integration;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** What a test sees of, and does to, the learners of its job: they live in the same JVM. */
public final class Probe {
  private static final Map<String, Probe> ALL = new ConcurrentHashMap<>();

  private final AtomicLong predictions = new AtomicLong();
  private volatile long failAt = Long.MAX_VALUE;
  private volatile Semaphore gate;

  private Probe() {}

  /** The probe of a name. */
  public static Probe of(String name) {
    return ALL.computeIfAbsent(name, n -> new Probe());
  }

  /** Predictions made so far by all attempts of the job: one per example. */
  public long predictions() {
    return predictions.get();
  }

  /** Lets one prediction throw, once: the one that makes the count {@code more} larger. */
  public void failAfter(long more) {
    failAt = predictions.get() + more;
  }

  /** Whether the failure asked for has happened. */
  public boolean failed() {
    return failAt == -1;
  }

  /** From now on every prediction waits for a permit. */
  public void slowDown() {
    gate = new Semaphore(0);
  }

  /** Lets one prediction be made. */
  public void permit() {
    gate.release();
  }

  /** Predictions wait no more. */
  public void speedUp() {
    Semaphore g = gate;
    gate = null;
    g.release(Integer.MAX_VALUE / 2);
  }

  void prediction() {
    Semaphore g = gate;
    if (g != null) {
      try {
        g.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the task is cancelled", e);
      }
    }
    if (predictions.incrementAndGet() == failAt) {
      failAt = -1;
      throw new IllegalStateException("failure injected by a test");
    }
  }
}

package io.millrace.tests.integration;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a test sees of, and does to, the learners of its job: they live in the same JVM. */
public final class Probe {
  private static final Map<String, Probe> ALL = new ConcurrentHashMap<>();

  private final AtomicLong predictions = new AtomicLong();
  private volatile long failAt = Long.MAX_VALUE;

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

  void prediction() {
    if (predictions.incrementAndGet() == failAt) {
      failAt = -1;
      throw new IllegalStateException("failure injected by a test");
    }
  }
}

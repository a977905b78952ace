package io.millrace.bench.pipeline;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Times a job of this process from its first example to its last, so that starting and stopping a
 * cluster do not count. One job at a time, the learner on one subtask.
 */
final class Gauge {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static volatile Gauge current;

  private final long total;
  private long seen;
  private long startNanos;
  private long startCpu;
  private long startCompiler;
  private volatile long nanos;
  private volatile long cpuNanos;
  private volatile long compilerNanos;

  private Gauge(long total) {
    this.total = total;
  }

  /** Begins to wait for the first of {@code total} examples. */
  static Gauge expect(long total) {
    Gauge gauge = new Gauge(total);
    current = gauge;
    return gauge;
  }

  /** The gauge of the running job. */
  static Gauge current() {
    return current;
  }

  /** Called by the learner's thread for every example. */
  void example() {
    long n = ++seen;
    if (n == 1) {
      startCompiler = CompilerThreads.cpuNanos();
      startNanos = System.nanoTime();
      startCpu = SYSTEM.getProcessCpuTime();
    } else if (n == total) {
      cpuNanos = SYSTEM.getProcessCpuTime() - startCpu;
      long elapsed = System.nanoTime() - startNanos;
      compilerNanos = CompilerThreads.cpuNanos() - startCompiler;
      nanos = elapsed; // written last: it says that the others are there
    }
  }

  /** Seconds from the first to the last example. */
  double seconds() {
    if (nanos == 0) {
      throw new IllegalStateException(seen + " examples reached the learner, not " + total);
    }
    return nanos / 1e9;
  }

  /** CPU seconds of the just-in-time compiler meanwhile. */
  double compilerSeconds() {
    return compilerNanos / 1e9;
  }

  /** CPU seconds of this process meanwhile: consumer, job, garbage collection, compiler. */
  double cpuSeconds() {
    return cpuNanos / 1e9;
  }
}

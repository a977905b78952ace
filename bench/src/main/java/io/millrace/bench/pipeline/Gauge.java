package io.millrace.bench.pipeline;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Times a job of this process from its first example to all but its last few, so that starting and
 * stopping a cluster do not count. One job at a time; its subtasks report in chunks, so that they
 * do not wait for each other at every example.
 */
final class Gauge {
  /** Examples that a subtask reports at once. */
  static final int CHUNK = 256;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static volatile Gauge current;

  private final long enough;
  private boolean begun;
  private boolean ended;
  private long seen;
  private long startNanos;
  private long startCpu;
  private long startCompiler;
  private long nanos;
  private long cpuNanos;
  private long compilerNanos;

  private Gauge(long enough) {
    this.enough = enough;
  }

  /**
   * Begins to wait for the first of {@code total} examples.
   *
   * @param subtasks among which they are; each may end on a chunk that is not full
   */
  static Gauge expect(long total, int subtasks) {
    Gauge gauge = new Gauge(total - (long) subtasks * (CHUNK - 1));
    if (gauge.enough < CHUNK) {
      throw new IllegalArgumentException(
          total
              + " examples, must be at least "
              + (CHUNK + (long) subtasks * (CHUNK - 1))
              + " for parallelism "
              + subtasks);
    }
    current = gauge;
    return gauge;
  }

  /** The gauge of the running job. */
  static Gauge current() {
    return current;
  }

  /** A subtask has its first example at hand. */
  synchronized void begin() {
    if (!begun) {
      begun = true;
      startCompiler = CompilerThreads.cpuNanos();
      startNanos = System.nanoTime();
      startCpu = SYSTEM.getProcessCpuTime();
    }
  }

  /** A subtask has taken {@link #CHUNK} more. */
  synchronized void chunk() {
    if (ended) {
      return;
    }
    seen += CHUNK;
    if (seen >= enough) {
      ended = true;
      cpuNanos = SYSTEM.getProcessCpuTime() - startCpu;
      nanos = System.nanoTime() - startNanos;
      compilerNanos = CompilerThreads.cpuNanos() - startCompiler;
    }
  }

  /** Examples per second. */
  synchronized double perSecond() {
    return rate(nanos);
  }

  /**
   * Examples per CPU second of this process meanwhile: consumer, job, garbage collection, compiler.
   */
  synchronized double perCpuSecond() {
    return rate(cpuNanos);
  }

  /** The same without the just-in-time compiler. */
  synchronized double perWorkSecond() {
    return rate(cpuNanos - compilerNanos);
  }

  private double rate(long ns) {
    if (!ended) {
      throw new IllegalStateException(seen + " examples reached the learner, not " + enough);
    }
    return seen * 1e9 / ns;
  }
}

package io.millrace.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** CPU time of the calling thread: other work on the machine counts little in it. */
public final class CpuClock {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuClock() {}

  /** Nanoseconds since the thread began. */
  public static long nanos() {
    return THREADS.getCurrentThreadCpuTime();
  }
}

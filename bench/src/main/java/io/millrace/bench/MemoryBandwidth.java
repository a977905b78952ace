package io.millrace.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** How fast this machine copies memory, on one thread. */
public final class MemoryBandwidth {
  private static final int DOUBLES = 1 << 24;

  private MemoryBandwidth() {}

  /**
   * Bytes read plus bytes written per second by {@code System.arraycopy} between two arrays of 128
   * MiB: the best of several rounds in CPU time of the thread, since everything else only takes
   * away from it.
   */
  public static double copyBytesPerSecond() {
    double[] from = new double[DOUBLES];
    double[] to = new double[DOUBLES];
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double best = 0;
    for (int round = 0; round < 12; round++) {
      from[round] = round;
      long start = threads.getCurrentThreadCpuTime();
      System.arraycopy(from, 0, to, 0, DOUBLES);
      double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
      if (to[round] != round) {
        throw new IllegalStateException("the copy was not made");
      }
      best = Math.max(best, 2.0 * 8 * DOUBLES / seconds);
    }
    return best;
  }
}

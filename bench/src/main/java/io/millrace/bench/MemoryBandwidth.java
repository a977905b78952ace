package io.millrace.bench;

/** How fast this machine copies memory, on one thread. Not thread-safe. */
public final class MemoryBandwidth {
  private static final int DOUBLES = 1 << 24;

  private final double[] from;
  private final double[] to;
  private int round;

  /** Copies between two arrays of that many doubles. */
  public MemoryBandwidth(int doubles) {
    from = new double[doubles];
    to = new double[doubles];
  }

  /**
   * Bytes read plus bytes written per second by one {@code System.arraycopy} from end to end, in
   * CPU time of the thread, since everything else only takes away from it.
   */
  public double copy() {
    int mark = round++ % from.length;
    from[mark] = round;
    long start = CpuClock.nanos();
    System.arraycopy(from, 0, to, 0, from.length);
    double seconds = (CpuClock.nanos() - start) / 1e9;
    if (to[mark] != round) {
      throw new IllegalStateException("the copy was not made");
    }
    return 2.0 * Double.BYTES * from.length / seconds;
  }

  /** The best of several copies between arrays of 128 MiB. */
  public static double copyBytesPerSecond() {
    MemoryBandwidth memory = new MemoryBandwidth(DOUBLES);
    double best = 0;
    for (int i = 0; i < 12; i++) {
      best = Math.max(best, memory.copy());
    }
    return best;
  }
}

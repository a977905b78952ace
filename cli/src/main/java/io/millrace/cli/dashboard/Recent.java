package io.millrace.cli.dashboard;

import java.util.Arrays;

/**
 * Sums over the last two hours, in slots of ten seconds, by when records were written. Not
 * thread-safe.
 */
final class Recent {
  static final long SLOT_MILLIS = 10_000;
  private static final int SLOTS = 720;

  /** What is summed up. */
  enum Sum {
    EVENTS,
    LEARNED,
    REFUSED,
    ROLLBACKS,
    SNAPSHOTS,
    LOSS,
    LOSS_WEIGHT
  }

  private final double[][] sums = new double[Sum.values().length][SLOTS];
  private long newest = Long.MIN_VALUE;

  /** Adds to a sum; what is older than two hours counts for nothing. */
  void add(long time, Sum what, double amount) {
    long slot = Math.floorDiv(time, SLOT_MILLIS);
    advance(slot);
    if (slot > newest - SLOTS) {
      sums[what.ordinal()][Math.floorMod(slot, SLOTS)] += amount;
    }
  }

  private void advance(long slot) {
    if (newest == Long.MIN_VALUE || slot - newest >= SLOTS) {
      for (double[] s : sums) {
        Arrays.fill(s, 0);
      }
      newest = slot;
    }
    while (newest < slot) {
      newest++;
      for (double[] s : sums) {
        s[Math.floorMod(newest, SLOTS)] = 0;
      }
    }
  }

  /** Of a slot that lies so many before the one of a time. */
  private double at(Sum what, long slot) {
    return slot > newest || slot <= newest - SLOTS
        ? 0
        : sums[what.ordinal()][Math.floorMod(slot, SLOTS)];
  }

  /** Sum over a stretch of time before now, in milliseconds: from the one until the other ago. */
  double sum(Sum what, long now, long fromAgo, long untilAgo) {
    double sum = 0;
    for (long s = Math.floorDiv(now - fromAgo, SLOT_MILLIS) + 1;
        s <= Math.floorDiv(now - untilAgo, SLOT_MILLIS);
        s++) {
      sum += at(what, s);
    }
    return sum;
  }

  /** The last ten minutes slot by slot, the oldest first. */
  double[] lastTenMinutes(Sum what, long now) {
    double[] all = new double[60];
    long last = Math.floorDiv(now, SLOT_MILLIS);
    for (int i = 0; i < all.length; i++) {
      all[i] = at(what, last - all.length + 1 + i);
    }
    return all;
  }

  /** Mean loss of the last ten minutes slot by slot; NaN where nothing was scored. */
  double[] lossOfTenMinutes(long now) {
    double[] loss = lastTenMinutes(Sum.LOSS, now);
    double[] weight = lastTenMinutes(Sum.LOSS_WEIGHT, now);
    for (int i = 0; i < loss.length; i++) {
      loss[i] = weight[i] > 0 ? loss[i] / weight[i] : Double.NaN;
    }
    return loss;
  }

  /** Mean loss over a stretch; NaN: nothing was scored in it. */
  double loss(long now, long fromAgo, long untilAgo) {
    double weight = sum(Sum.LOSS_WEIGHT, now, fromAgo, untilAgo);
    return weight > 0 ? sum(Sum.LOSS, now, fromAgo, untilAgo) / weight : Double.NaN;
  }

  /**
   * Standard deviation of the mean losses of slots over a stretch; NaN: fewer than two have one.
   */
  double noise(long now, long fromAgo, long untilAgo) {
    double sum = 0;
    double squares = 0;
    int n = 0;
    for (long s = Math.floorDiv(now - fromAgo, SLOT_MILLIS) + 1;
        s <= Math.floorDiv(now - untilAgo, SLOT_MILLIS);
        s++) {
      double weight = at(Sum.LOSS_WEIGHT, s);
      if (weight > 0) {
        double mean = at(Sum.LOSS, s) / weight;
        n++;
        double off = mean - sum; // Welford: sum is the running mean
        sum += off / n;
        squares += off * (mean - sum);
      }
    }
    return n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1));
  }
}

package io.millrace.operators.learner;

import io.millrace.core.learn.Outcome;
import java.util.List;

/**
 * What all lanes have made of an event, as numbers that wait with it for its label:
 *
 * <pre>
 * MARK, then of each lane, the one that served first: tag, count, count raw outputs
 * </pre>
 *
 * <p>An event that began to wait when the job had no candidates has the raw outputs alone.
 */
final class Shadows {
  /** A number that no model gives out. */
  private static final double MARK = -0x1.c0ffee1234567p-1001;

  private Shadows() {}

  /** Writes them down. */
  static double[] write(List<Lane> live) {
    int size = 1;
    for (Lane lane : live) {
      size += 2 + lane.outcome.rawCount;
    }
    double[] made = new double[size];
    made[0] = MARK;
    int at = 1;
    for (Lane lane : live) {
      Outcome o = lane.outcome;
      made[at++] = lane.tag;
      made[at++] = o.rawCount;
      System.arraycopy(o.raw, 0, made, at, o.rawCount);
      at += o.rawCount;
    }
    return made;
  }

  /**
   * Reads what the lane has made that served.
   *
   * @param out whose raw outputs are overwritten
   */
  static void readServed(double[] made, Outcome out) {
    if (made.length > 0 && made[0] == MARK) {
      copy(made, 3, (int) made[2], out);
    } else {
      copy(made, 0, made.length, out);
    }
  }

  /**
   * Reads what a lane has made.
   *
   * @return whether it made anything of the event
   */
  static boolean read(double[] made, Lane lane) {
    if (made.length == 0 || made[0] != MARK) {
      return false;
    }
    for (int at = 1; at < made.length; at += 2 + (int) made[at + 1]) {
      if (made[at] == lane.tag) {
        copy(made, at + 2, (int) made[at + 1], lane.outcome);
        return true;
      }
    }
    return false;
  }

  private static void copy(double[] made, int at, int count, Outcome out) {
    if (out.raw.length < count) {
      out.raw = new double[count];
    }
    System.arraycopy(made, at, out.raw, 0, count);
    out.rawCount = count;
  }
}

package io.millrace.core.monitor;

import io.millrace.core.drift.Detector;
import io.millrace.core.drift.DetectorContext;
import io.millrace.core.drift.Signal;

/**
 * A detector, with what is to be known of it: whether a warning stands, how many events there have
 * been since the last drift, and the statistic of its last test.
 *
 * <p>Immutable: the numbers are {@link #length()} doubles in the caller's block, zeros at first.
 */
public final class DriftWatch {
  /** What an event has brought. */
  public enum Happening {
    NOTHING,
    WARNING_BEGAN,
    WARNING_STANDS,
    WARNING_ENDED,
    DRIFT;

    /** Whether it is to be told. */
    public boolean isNews() {
      return this != NOTHING && this != WARNING_STANDS;
    }
  }

  private static final int SINCE = 0; // events since the last drift
  private static final int WARNED = 1;
  private static final int STATISTIC = 2;
  private static final int THRESHOLD = 3;
  private static final int DRIFTS = 4;
  private static final int WARNINGS = 5;
  private static final int SEEN = 6;
  private static final int DETECTOR = 7;

  private final Detector detector;

  /** A watch over a detector. */
  public DriftWatch(Detector detector) {
    this.detector = detector;
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return DETECTOR + detector.length();
  }

  /**
   * Takes a value.
   *
   * @param x as the detector takes it
   * @param context aimed at {@link #seen}
   */
  public Happening add(double[] b, int at, double x, DetectorContext context) {
    context.clear();
    b[at + SINCE]++;
    b[at + SEEN]++;
    Signal signal = detector.add(b, at + DETECTOR, x, context);
    if (!Double.isNaN(context.statistic())) {
      b[at + STATISTIC] = context.statistic();
      b[at + THRESHOLD] = context.threshold();
    }
    boolean warned = b[at + WARNED] != 0;
    switch (signal) {
      case ROSE, FELL -> {
        b[at + WARNED] = 0;
        b[at + DRIFTS]++;
        return Happening.DRIFT;
      }
      case WARNING -> {
        b[at + WARNED] = 1;
        b[at + WARNINGS] += warned ? 0 : 1;
        return warned ? Happening.WARNING_STANDS : Happening.WARNING_BEGAN;
      }
      default -> {
        b[at + WARNED] = 0;
        return warned ? Happening.WARNING_ENDED : Happening.NOTHING;
      }
    }
  }

  /** After a drift has been told: the count of events since the last one begins anew. */
  public void told(double[] b, int at) {
    b[at + SINCE] = 0;
  }

  /** After a reaction to a drift: the detector forgets what it knows of the model before. */
  public void restart(double[] b, int at) {
    detector.restart(b, at + DETECTOR);
  }

  /** Whether the detector draws numbers, which {@link #add} then wants aimed. */
  public boolean draws() {
    return detector.draws();
  }

  /** Values taken so far. */
  public long seen(double[] b, int at) {
    return (long) b[at + SEEN];
  }

  /** Events since the last drift, or since the start. */
  public double since(double[] b, int at) {
    return b[at + SINCE];
  }

  /** Whether a warning stands. */
  public boolean warned(double[] b, int at) {
    return b[at + WARNED] != 0;
  }

  /** Statistic of the last test; 0: there was none. */
  public double statistic(double[] b, int at) {
    return b[at + STATISTIC];
  }

  /** What it was compared with. */
  public double threshold(double[] b, int at) {
    return b[at + THRESHOLD];
  }

  /** Drifts so far. */
  public double drifts(double[] b, int at) {
    return b[at + DRIFTS];
  }

  /** Warnings that have begun so far. */
  public double warnings(double[] b, int at) {
    return b[at + WARNINGS];
  }
}

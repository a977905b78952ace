package io.millrace.cli.console;

import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Progress of long work on standard error: one line that changes on a terminal, else a line every
 * five seconds. A narrow terminal loses the bar first, then the speed, and the figures last. Use
 * from one thread.
 */
public final class Progress implements AutoCloseable {
  private static final long LINE_EVERY_NANOS = 5_000_000_000L;
  private static final int LONGEST_BAR = 30;
  private static final int SHORTEST_BAR = 10;

  private final Output output;
  private final String task;
  private final String unit;
  private final long max;
  private final ProgressBar bar;
  private final long startNanos = System.nanoTime();
  private long lastLineNanos = startNanos;
  private volatile long done;
  private volatile String state = "";
  private volatile int width = 80;

  /**
   * Starts at 0.
   *
   * @param max all there is to do, or -1 if that is not known
   */
  public Progress(Output output, String task, String unit, long max) {
    this.output = output;
    this.task = task;
    this.unit = unit;
    this.max = max;
    this.bar =
        System.console() == null || output.json()
            ? null
            : new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(max)
                .setUpdateIntervalMillis(200)
                .setRenderer(
                    (progress, columns) -> {
                      width = columns;
                      return fit(columns);
                    })
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build();
  }

  /**
   * Says how far the work is.
   *
   * @param total done since the start
   * @param extra shown beside it, may be empty
   */
  public void at(long total, String extra) {
    done = total;
    state = extra;
    if (bar != null) {
      bar.stepTo(total);
    } else if (System.nanoTime() - lastLineNanos >= LINE_EVERY_NANOS) {
      lastLineNanos = System.nanoTime();
      output.note("%s", line(total, extra));
    }
  }

  /** A line that stays, in place of the one that changes. */
  public void note(String line) {
    if (bar != null) {
      System.err.print("\r" + " ".repeat(Math.max(0, width - 1)) + "\r");
      System.err.flush();
    }
    output.note("%s", line);
  }

  /** Seconds since the start. */
  public double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  /** All that is to be said of the work, in one line. */
  public String line(long total, String extra) {
    return line(task, unit, total, max, seconds(), extra, Integer.MAX_VALUE, false);
  }

  private String fit(int columns) {
    return line(task, unit, done, max, seconds(), state, columns, true);
  }

  /**
   * What fits into a line.
   *
   * @param withBar whether to fill the rest with a bar, where there is an end to come near to
   */
  static String line(
      String task,
      String unit,
      long done,
      long max,
      double seconds,
      String extra,
      int columns,
      boolean withBar) {
    String count = String.format(Locale.ROOT, "%,d%s", done, max > 0 ? format(" of %,d", max) : "");
    String figures = extra.isEmpty() ? "" : ", " + extra;
    String speed = format(", %,.0f/s", done / Math.max(1e-9, seconds));
    String full = task + ": " + count + " " + unit + speed + figures;
    if (full.length() > columns) {
      full = task + ": " + count + figures;
    }
    if (full.length() > columns) {
      full = full.substring(0, Math.max(0, columns));
    }
    int room = Math.min(LONGEST_BAR, columns - full.length() - 3);
    if (!withBar || max <= 0 || room < SHORTEST_BAR) {
      return full;
    }
    int filled = (int) Math.min(room, Math.round((double) room * done / max));
    return "[" + "=".repeat(filled) + " ".repeat(room - filled) + "] " + full;
  }

  private static String format(String pattern, Object value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}

package io.millrace.cli.console;

import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress of long work on standard error: a bar on a terminal, else a line every five seconds. Use
 * from one thread.
 */
public final class Progress implements AutoCloseable {
  private static final long LINE_EVERY_NANOS = 5_000_000_000L;

  private final Output output;
  private final String task;
  private final long max;
  private final ProgressBar bar;
  private final long startNanos = System.nanoTime();
  private long lastLineNanos = startNanos;
  private long done;

  /**
   * Starts at 0.
   *
   * @param max all there is to do, or -1 if that is not known
   */
  public Progress(Output output, String task, String unit, long max) {
    this.output = output;
    this.task = task;
    this.max = max;
    this.bar =
        System.console() == null || output.json()
            ? null
            : new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(max)
                .setUnit(" " + unit, 1)
                .showSpeed()
                .setUpdateIntervalMillis(200)
                .setStyle(ProgressBarStyle.ASCII)
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
    if (bar != null) {
      bar.stepTo(total);
      bar.setExtraMessage(" " + extra);
    } else if (System.nanoTime() - lastLineNanos >= LINE_EVERY_NANOS) {
      lastLineNanos = System.nanoTime();
      output.note("%s", line(extra));
    }
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

  private String line(String extra) {
    return String.format(
        Locale.ROOT,
        "%s: %,d%s, %,.0f/s%s",
        task,
        done,
        max > 0 ? String.format(Locale.ROOT, " of %,d", max) : "",
        done / Math.max(1e-9, seconds()),
        extra.isEmpty() ? "" : ", " + extra);
  }
}

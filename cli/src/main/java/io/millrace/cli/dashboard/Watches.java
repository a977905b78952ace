package io.millrace.cli.dashboard;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks every few seconds at what the topics do not say: lag, checkpoints, restarts. */
final class Watches implements AutoCloseable {
  private static final long EVERY_SECONDS = 5;

  private final Board board;
  private final LagWatch lag;
  private final ClusterWatch cluster;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "millrace-dashboard-watches");

  private Watches(Board board, LagWatch lag, ClusterWatch cluster) {
    this.board = board;
    this.lag = lag;
    this.cluster = cluster;
    thread.setDaemon(true);
  }

  /**
   * Begins to look.
   *
   * @param lag closed at the end
   * @param cluster null: nobody said where it is
   */
  static Watches start(Board board, LagWatch lag, ClusterWatch cluster) {
    Watches w = new Watches(board, lag, cluster);
    w.thread.start();
    return w;
  }

  private void run() {
    try (lag) {
      do {
        board.lag(lag.look(System.currentTimeMillis()));
        if (cluster != null) {
          board.cluster(cluster.look(System.currentTimeMillis()));
        }
      } while (!stopped.await(EVERY_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the dashboard ends
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

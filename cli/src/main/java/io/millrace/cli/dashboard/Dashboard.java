package io.millrace.cli.dashboard;

import java.net.InetSocketAddress;
import java.util.function.Function;

/** A board, what fills it, and the server that shows it. */
final class Dashboard implements AutoCloseable {
  /** Between two revisions of the board: a page is told of news at most twice a second. */
  static final long TICK_MILLIS = 500;

  private final Board board;
  private final AutoCloseable feed;
  private final PageServer server;
  private final Thread ticker;

  private Dashboard(Board board, AutoCloseable feed, PageServer server) {
    this.board = board;
    this.feed = feed;
    this.server = server;
    this.ticker = new Thread(this::ticks, "millrace-dashboard-ticks");
    ticker.setDaemon(true);
  }

  /**
   * Begins to read and to serve.
   *
   * @param address to serve at
   * @param servers where Kafka is, to be shown
   * @param orders null: none are taken
   * @param feed begins to fill a board
   */
  static Dashboard start(
      InetSocketAddress address,
      String servers,
      ModelShelf shelf,
      Orders orders,
      Function<Board, AutoCloseable> feed) {
    Board board = new Board();
    // The port first: if it is taken nothing else has begun.
    PageServer server =
        PageServer.start(
            address,
            board,
            new Questions(board, shelf, orders),
            new About(servers, orders != null));
    Dashboard d = new Dashboard(board, feed.apply(board), server);
    d.ticker.start();
    return d;
  }

  private void ticks() {
    try {
      while (!board.isClosed()) {
        Thread.sleep(TICK_MILLIS);
        board.tick();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the dashboard ends
    }
  }

  /** Address of the page. */
  String url() {
    return server.url();
  }

  @Override
  public void close() {
    server.close();
    ticker.interrupt();
    try {
      feed.close();
    } catch (Exception e) { // AutoCloseable declares Exception
      throw new IllegalStateException("what fills the dashboard did not end", e);
    }
  }
}

package io.millrace.cli.dashboard;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Server-sent events: on connection all that a page needs, then what has changed, at most once a
 * tick of the board. Nothing is queued for a reader. Each message is made from the board when the
 * one before has been written, so one that is slow gets fewer and larger ones, and memory has a
 * bound whatever a reader does. The id of a message says which points of a key's series its reader
 * has; who connects again with it is sent the others.
 */
final class EventStreams {
  /** Readers that are served at once. */
  static final int MOST_CLIENTS = 16;

  /** After so long without news figures that depend on the time are sent all the same. */
  private static final long QUIET_MILLIS = 5000;

  private final Board board;
  private final About about;
  private final Semaphore places = new Semaphore(MOST_CLIENTS);
  private final String start = Long.toString(System.currentTimeMillis(), 36);

  EventStreams(Board board, About about) {
    this.board = board;
    this.about = about;
  }

  /** What a reader has of a key's series. */
  private record Position(long generation, long added) {
    static final Position NOTHING = new Position(-1, -1);
  }

  /**
   * Writes until the reader goes.
   *
   * @param key whose page is open; null: none is
   * @return false: there is no place for another reader
   */
  boolean serve(HttpExchange exchange, String key) throws IOException {
    if (!places.tryAcquire()) {
      return false;
    }
    try {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
      exchange.sendResponseHeaders(200, 0);
      write(
          exchange.getResponseBody(),
          key,
          position(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends
    } finally {
      places.release();
    }
    return true;
  }

  /**
   * Of the id of the last message that a reader has had; another server's ids mean nothing here.
   */
  private Position position(String id) {
    if (id == null || !id.matches(start + "-\\d{1,9}-\\d{1,18}")) {
      return Position.NOTHING;
    }
    String[] parts = id.split("-");
    return new Position(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
  }

  private void write(OutputStream out, String key, Position from)
      throws IOException, InterruptedException {
    Position position = from;
    long revision = 0;
    long keyRevision = 0;
    StringBuilder message = new StringBuilder("retry: 1000\n\n");
    while (!board.isClosed()) {
      Map<String, Object> shown;
      Map<String, Object> detail = null;
      synchronized (board) {
        revision = board.revision();
        shown = Overview.of(board, about, System.currentTimeMillis());
        KeyState k = key == null ? null : board.find(key);
        if (k != null && k.changed > keyRevision) {
          keyRevision = k.changed;
          detail = KeyView.detail(board, k);
          Map<String, Object> points = KeyView.points(k, position.generation(), position.added());
          detail.put("points", points);
          position = new Position(k.series.generation(), k.series.added());
        } else if (k == null && key != null && keyRevision == 0) {
          detail = new LinkedHashMap<>();
          detail.put("key", key);
          detail.put("missing", true);
        }
      }
      event(message, "board", shown, null);
      if (detail != null) {
        boolean has = position.added() >= 0;
        event(
            message,
            "key",
            detail,
            has ? start + "-" + position.generation() + "-" + position.added() : null);
      }
      out.write(message.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
      message.setLength(0);
      revision = board.await(revision, QUIET_MILLIS);
    }
  }

  private static void event(
      StringBuilder message, String name, Map<String, Object> data, String id) {
    message.append("event: ").append(name).append('\n');
    if (id != null) {
      message.append("id: ").append(id).append('\n');
    }
    message.append("data: ").append(Json.text(data)).append("\n\n");
  }
}

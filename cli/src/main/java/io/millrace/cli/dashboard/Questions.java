package io.millrace.cli.dashboard;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.client.Model;
import io.millrace.client.ModelStoreException;
import io.millrace.client.export.OnnxModel;
import io.millrace.client.export.SnapshotJson;
import io.millrace.core.state.StateException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the page asks beside the stream: rows of the table, dead letters, a model. Thread-safe. */
final class Questions {
  private static final int LETTERS = 200;

  private final Board board;
  private final League league;
  private final ModelShelf shelf;
  private final Orders orders;

  /**
   * An answer.
   *
   * @param type ending of a file of its kind
   * @param fileName what a browser saves it as; null: it shows it
   */
  record Answer(int status, String type, byte[] body, String fileName) {
    static Answer json(Object o) {
      return new Answer(200, "json", Json.bytes(o), null);
    }

    static Answer fault(int status, String text) {
      return new Answer(status, "json", Json.bytes(PageServer.fault(text)), null);
    }
  }

  /**
   * Questions about a board.
   *
   * @param orders null: none are taken
   */
  Questions(Board board, ModelShelf shelf, Orders orders) {
    this.board = board;
    this.orders = orders;
    this.league = new League(board);
    this.shelf = shelf;
  }

  /** Answers a question; what cannot be understood is named in the answer. */
  Answer answer(String path, Map<String, String> query) throws IOException {
    try {
      return switch (path) {
        case "/api/keys" -> keys(query);
        case "/api/letters" -> letters(query);
        case "/api/model" -> model(query);
        case "/api/view" -> view(query);
        default -> Answer.fault(404, path + " is not here");
      };
    } catch (IllegalArgumentException | StateException | ModelStoreException e) {
      return Answer.fault(400, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.fault(503, "the dashboard ends");
    }
  }

  /** Answers an order. */
  Answer order(HttpExchange exchange) throws IOException {
    return orders == null
        ? Answer.fault(
            405, "this page is read only; start it with --control, or use ./millrace control")
        : orders.take(exchange);
  }

  private Answer keys(Map<String, String> query) {
    League.View view =
        new League.View(
            query.getOrDefault("sort", "worst"),
            query.getOrDefault("down", "1").equals("1"),
            query.getOrDefault("search", ""));
    int from = number(query, "from", 0);
    int count = number(query, "count", 50);
    synchronized (board) {
      return Answer.json(league.slice(view, from, count));
    }
  }

  private static int number(Map<String, String> query, String name, int otherwise) {
    String text = query.get(name);
    try {
      return text == null ? otherwise : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " = " + text + "; must be a whole number", e);
    }
  }

  private Answer letters(Map<String, String> query) {
    Map<String, Object> o = new LinkedHashMap<>();
    synchronized (board) {
      o.put("count", board.letters().count());
      o.put("reasons", board.letters().reasons());
      o.put("kept", Letters.MOST_OF_A_REASON);
      o.put("letters", board.letters().last(query.get("reason"), query.get("key"), LETTERS));
    }
    return Answer.json(o);
  }

  private static String key(Map<String, String> query) {
    String key = query.get("key");
    if (key == null) {
      throw new IllegalArgumentException("key is missing; name one");
    }
    return key;
  }

  private Answer model(Map<String, String> query) throws IOException, InterruptedException {
    String key = key(query);
    Optional<Model> found = shelf.get(key);
    if (found.isEmpty()) {
      return Answer.fault(404, "there is no model of '" + key + "' in the topic");
    }
    Model model = found.get();
    String format = query.getOrDefault("format", "json");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (format) {
      case "json" -> SnapshotJson.write(model.snapshot(), out);
      case "onnx" -> OnnxModel.write(model, out);
      default ->
          throw new IllegalArgumentException("format = " + format + "; must be json or onnx");
    }
    String name = key.replaceAll("[^A-Za-z0-9._-]", "_") + "-" + model.version() + "." + format;
    return new Answer(200, format, out.toByteArray(), name);
  }

  private Answer view(Map<String, String> query) throws IOException, InterruptedException {
    String key = key(query);
    Optional<Model> found = shelf.get(key);
    if (found.isEmpty()) {
      return Answer.fault(404, "there is no model of '" + key + "' in the topic");
    }
    return FamilyView.of(found.get(), query);
  }
}

package io.millrace.cli.dashboard;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.cli.console.CommandFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The web server of the page: static files from the class path, questions to the {@link Board}, and
 * a stream of what changes. It answers under a name of this machine only, since a page whose own
 * name was made to lead here could read the answers otherwise; what it sends may load nothing from
 * elsewhere and run nothing that is not in its files. A bounded pool serves it.
 */
final class PageServer implements AutoCloseable {
  private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";
  private static final int WORKERS = 8;
  private static final int WAITING = 256;
  private static final String UPLOT = "META-INF/resources/webjars/uplot/";

  private static final List<String> FILES =
      List.of(
          "index.html",
          "style.css",
          "app.js",
          "dom.js",
          "table.js",
          "key.js",
          "charts.js",
          "letters.js",
          "families.js",
          "icon.svg");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "json", "application/json",
          "png", "image/png");

  private final HttpServer server;
  private final ExecutorService pool;
  private final Board board;
  private final Map<String, byte[]> files = new HashMap<>();
  private final Questions questions;
  private final EventStreams streams;

  private PageServer(HttpServer server, Board board, Questions questions, EventStreams streams) {
    this.server = server;
    this.board = board;
    this.questions = questions;
    this.streams = streams;
    int threads = WORKERS + EventStreams.MOST_CLIENTS;
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(WAITING),
            r -> {
              Thread t = new Thread(r, "millrace-dashboard-http");
              t.setDaemon(true);
              return t;
            });
  }

  /**
   * Begins to serve.
   *
   * @param address to listen on, port 0 for a free one
   * @throws CommandFailed if the port is taken
   */
  static PageServer start(
      InetSocketAddress address, Board board, Questions questions, About about) {
    HttpServer http;
    try {
      http = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new CommandFailed(
          "--port = "
              + address.getPort()
              + "; cannot be listened on: "
              + e.getMessage()
              + "; name another, 0 for any",
          e);
    }
    PageServer s = new PageServer(http, board, questions, new EventStreams(board, about));
    s.loadFiles();
    http.createContext("/", s::handle);
    http.setExecutor(s.pool);
    http.start();
    return s;
  }

  /** Address of the page. */
  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/";
  }

  private void loadFiles() {
    for (String name : FILES) {
      files.put("/" + name, resource("io/millrace/cli/dashboard/" + name));
    }
    files.put("/", files.get("/index.html"));
    Properties webjar = new Properties();
    try (InputStream in =
        getClass()
            .getClassLoader()
            .getResourceAsStream("META-INF/maven/org.webjars.npm/uplot/pom.properties")) {
      webjar.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("version of the library of charts", e);
    }
    String dist = UPLOT + webjar.getProperty("version") + "/dist/";
    files.put("/uplot.js", resource(dist + "uPlot.esm.js"));
    files.put("/uplot.css", resource(dist + "uPlot.min.css"));
  }

  private byte[] resource(String name) {
    try (InputStream in = getClass().getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Security-Policy", POLICY);
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Referrer-Policy", "no-referrer");
      headers.set("Cross-Origin-Opener-Policy", "same-origin");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      headers.set("Cache-Control", "no-store");
      if (!local(exchange.getRequestHeaders().getFirst("Host"))) {
        send(exchange, 403, "json", Json.bytes(fault("ask under a name of this machine")));
      } else if (exchange.getRequestMethod().equals("POST")) {
        answer(
            exchange,
            exchange.getRequestURI().getPath().equals("/api/order")
                ? questions.order(exchange)
                : Questions.Answer.fault(404, "orders go to /api/order"));
      } else if (!exchange.getRequestMethod().equals("GET")) {
        headers.set("Allow", "GET");
        send(exchange, 405, "json", Json.bytes(fault("this page is read only")));
      } else {
        get(exchange);
      }
    }
  }

  private void get(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] file = files.get(path);
    if (file != null) {
      send(exchange, 200, path.equals("/") ? "html" : path.replaceAll(".*\\.", ""), file);
      return;
    }
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    if (path.equals("/events")) {
      if (!streams.serve(exchange, query.get("key"))) {
        send(
            exchange,
            503,
            "json",
            Json.bytes(
                fault(
                    EventStreams.MOST_CLIENTS
                        + " pages are open, which is all that are served at once; close one")));
      }
      return;
    }
    answer(exchange, questions.answer(path, query));
  }

  private static void answer(HttpExchange exchange, Questions.Answer a) throws IOException {
    if (a.fileName() != null) {
      exchange
          .getResponseHeaders()
          .set("Content-Disposition", "attachment; filename=\"" + a.fileName() + "\"");
    }
    send(exchange, a.status(), a.type(), a.body());
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange
        .getResponseHeaders()
        .set("Content-Type", TYPES.getOrDefault(type, "application/octet-stream"));
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  static Map<String, Object> fault(String text) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("fault", text);
    return o;
  }

  /** Whether a Host header names this machine. */
  static boolean local(String host) {
    if (host == null) {
      return false;
    }
    String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    return NAMES.contains(name);
  }

  /** Parameters of a question; of two of a name the last. */
  static Map<String, String> query(String raw) {
    Map<String, String> all = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int at = pair.indexOf('=');
        if (at > 0) {
          all.put(
              URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
              URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return all;
  }

  @Override
  public void close() {
    board.close();
    server.stop(0);
    pool.shutdownNow();
  }
}

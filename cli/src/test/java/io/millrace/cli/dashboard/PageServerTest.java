package io.millrace.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.Reason;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire, without a browser. */
class PageServerTest {
  private static final long NOW = System.currentTimeMillis();

  private final HttpClient http = HttpClient.newHttpClient();
  private final ModelShelf shelf = new ModelShelf(null);
  private final List<HttpResponse<InputStream>> open = new ArrayList<>();
  private final List<Control> sent = new CopyOnWriteArrayList<>();
  private final Orders orders = new Orders(sent::add);
  private Board board;
  private Dashboard dashboard;

  @BeforeEach
  void start() {
    dashboard =
        Dashboard.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "localhost:9092",
            shelf,
            orders,
            b -> {
              board = b;
              return () -> {};
            });
  }

  @AfterEach
  void stop() throws Exception {
    for (HttpResponse<InputStream> r : open) {
      r.body().close();
    }
    dashboard.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(dashboard.url()).resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private BufferedReader follow(String path, String lastId) throws Exception {
    HttpRequest.Builder b = HttpRequest.newBuilder(URI.create(dashboard.url()).resolve(path));
    if (lastId != null) {
      b.header("Last-Event-ID", lastId);
    }
    HttpResponse<InputStream> r = http.send(b.build(), HttpResponse.BodyHandlers.ofInputStream());
    open.add(r);
    assertThat(r.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(r.body(), StandardCharsets.UTF_8));
  }

  /** The data of the next event of a name; the id before it in the array. */
  private static String next(BufferedReader in, String event, String[] id) throws Exception {
    boolean mine = false;
    for (String l = in.readLine(); l != null; l = in.readLine()) {
      if (l.startsWith("event: ")) {
        mine = l.equals("event: " + event);
      } else if (mine && l.startsWith("id: ")) {
        id[0] = l.substring(4);
      } else if (mine && l.startsWith("data: ")) {
        return l.substring(6);
      }
    }
    throw new AssertionError("the stream ended");
  }

  @Test
  void everyFileIsServedUnderAStrictPolicy() throws Exception {
    for (String path :
        List.of("/", "/app.js", "/style.css", "/uplot.js", "/uplot.css", "/icon.svg")) {
      HttpResponse<String> r = get(path);
      assertThat(r.statusCode()).as(path).isEqualTo(200);
      assertThat(r.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(r.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }
    String page = get("/").body();
    assertThat(page).doesNotContain("http:", "https:", "onload", "style=").contains("lang=\"en\"");
    assertThat(page.replaceAll("<script type=\"module\" src=\"/app.js\"></script>", ""))
        .doesNotContain("<script");
    assertThat(get("/../../etc/passwd").statusCode()).isEqualTo(404);
  }

  @Test
  void onlyThisMachineAndOnlyQuestions() throws Exception {
    assertThat(PageServer.local("localhost:8090")).isTrue();
    assertThat(PageServer.local("[::1]:8090")).isTrue();
    assertThat(PageServer.local("evil.example:8090")).isFalse();
    assertThat(PageServer.local("localhost.evil.example")).isFalse();
    URI url = URI.create(dashboard.url());
    try (Socket s = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
      OutputStream out = s.getOutputStream();
      out.write(
          "GET /api/keys HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(s.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 403");
    }
    try (Dashboard readOnly =
        Dashboard.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "localhost:9092",
            shelf,
            null,
            b -> () -> {})) {
      HttpResponse<String> post = order(readOnly.url(), "localhost", orders.word(), "{}");
      assertThat(post.statusCode()).isEqualTo(405);
      assertThat(post.body()).contains("read only; start it with --control");
    }
  }

  private HttpResponse<String> order(String url, String origin, String word, String body)
      throws Exception {
    URI at = URI.create(url);
    return http.send(
        HttpRequest.newBuilder(at.resolve("/api/order"))
            .header("Origin", "http://" + origin + ":" + at.getPort())
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + word)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void anOrderNeedsTheWordAndMustComeFromThePage() throws Exception {
    String set =
        "{\"key\": \"a\", \"command\": \"set\", \"name\": \"learning-rate\", \"value\": 0.05}";
    String url = dashboard.url();
    String word = orders.word();
    assertThat(order(url, "localhost", "guess", set).statusCode()).isEqualTo(401);
    assertThat(order(url, "evil.example", word, set).statusCode()).isEqualTo(403);
    assertThat(order(url, "localhost", word, "{\"key\": \"a\"}").body())
        .contains("must be one of [SET, RESET,");
    assertThat(order(url, "localhost", word, set.replace("0.05", "true")).body())
        .contains("SET learning-rate: needs a number, is given true");
    assertThat(order(url, "localhost", word, set.replace("set", "pause")).body())
        .contains("PAUSE: takes no name");
    assertThat(order(url, "localhost", word, "nothing").statusCode()).isEqualTo(400);
    assertThat(order(url, "localhost", word, " ".repeat(5000)).statusCode()).isEqualTo(413);
    assertThat(sent).isEmpty();
    assertThat(order(url, "localhost", word, set).statusCode()).isEqualTo(200);
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).getCommand()).isEqualTo(ControlCommand.SET);
    assertThat(sent.get(0).getValue()).isEqualTo(0.05);
    assertThat(sent.get(0).getOrigin()).startsWith("page-");
  }

  @Test
  void aStreamGoesOnWhereItsReaderWas() throws Exception {
    for (int n = 1; n <= 5; n++) {
      board.accept(Records.metric("a", 1000L * n, 0.5, 0.8, 0.6), NOW + n);
    }
    String[] id = new String[1];
    String first = next(follow("/events?key=a", null), "key", id);
    assertThat(first).contains("\"reset\":true", "\"events\":[1000,2000,3000,4000,5000]");
    board.accept(Records.metric("a", 6000, 0.5, 0.8, 0.6), NOW + 6);
    String again = next(follow("/events?key=a", id[0]), "key", new String[1]);
    assertThat(again).contains("\"reset\":false", "\"events\":[6000]");
    String other = next(follow("/events?key=a", "zzz-0-5"), "key", new String[1]);
    assertThat(other).contains("\"reset\":true");
  }

  @Test
  void newsComeByThemselvesAndAKeyMayComeLater() throws Exception {
    BufferedReader in = follow("/events?key=late", null);
    assertThat(next(in, "key", new String[1])).contains("\"missing\":true");
    board.accept(Records.metric("late", 1000, 0.5, 0.8, 0.6), NOW);
    String said = next(in, "key", new String[1]);
    while (said.contains("\"missing\":true")) {
      said = next(in, "key", new String[1]);
    }
    assertThat(said).contains("\"events\":[1000]");
  }

  @Test
  void soManyReadersAndNoMore() throws Exception {
    for (int i = 0; i < EventStreams.MOST_CLIENTS; i++) {
      next(follow("/events", null), "board", new String[1]);
    }
    HttpResponse<String> refused = get("/events");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("16 pages are open");
    assertThat(get("/api/keys").statusCode()).isEqualTo(200); // others are served all the same
  }

  @Test
  void questionsAreAnsweredOrNameTheirFault() throws Exception {
    board.accept(Records.metric("a", 1000, 0.5, 0.8, 0.6), NOW);
    board.accept(Records.letter("a", Reason.NOT_FINITE, "m", "{}"), NOW);
    shelf.put(Records.model("a/b", 3, 0.1));
    assertThat(get("/api/keys?sort=loss&count=5").body()).contains("\"key\":\"a\"");
    assertThat(get("/api/letters").body()).contains("\"reason\":\"NOT_FINITE\"");
    HttpResponse<String> model = get("/api/model?key=a%2Fb&format=json");
    assertThat(model.statusCode()).isEqualTo(200);
    assertThat(model.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"a_b-3.json\"");
    assertThat(get("/api/keys?sort=x").body()).contains("must be key or one of");
    assertThat(get("/api/keys?from=x").body()).contains("from = x; must be a whole number");
    assertThat(get("/api/model?key=zz").statusCode()).isEqualTo(404);
    assertThat(get("/api/view?key=a%2Fb").body()).contains("has no view of its own");
  }
}

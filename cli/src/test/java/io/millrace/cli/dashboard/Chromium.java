package io.millrace.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A headless Chromium and one page in it, driven by the DevTools protocol. What the page complains
 * of (exceptions, violations of its policy, failed loads) is kept in {@link #complaints}.
 */
final class Chromium implements AutoCloseable {
  private static final String PROGRAM = "/usr/bin/chromium";

  /** For an answer; a machine that does much else may take long. */
  private static final int SECONDS = 120;

  private static final int CONDITION_MILLIS = 90_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> asked;
  private final AtomicInteger ids = new AtomicInteger();
  private final String session;
  private final List<String> complaints;
  private final Thread end;

  private Chromium(
      Process process,
      WebSocket socket,
      Map<Integer, CompletableFuture<JsonNode>> asked,
      List<String> complaints)
      throws Exception {
    this.process = process;
    this.socket = socket;
    this.asked = asked;
    this.complaints = complaints;
    end = new Thread(process::destroy, "chromium-end");
    Runtime.getRuntime().addShutdownHook(end); // it would outlive a test that is broken off
    JsonNode target = send(null, "Target.createTarget", Map.of("url", "about:blank"));
    session =
        send(
                null,
                "Target.attachToTarget",
                Map.of("targetId", target.get("targetId").asText(), "flatten", true))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network", "Performance")) {
      ask(domain + ".enable", Map.of());
    }
  }

  /** Skips the test where Chromium is absent; fails it with {@code -Dmillrace.tools.required}. */
  static void needed() {
    boolean there = Files.isExecutable(Path.of(PROGRAM));
    if (Boolean.getBoolean("millrace.tools.required")) {
      assertThat(there).as("Debian's chromium, because millrace.tools.required").isTrue();
    }
    Assumptions.assumeTrue(there, "skipped: needs Debian's chromium");
  }

  /** Starts one with a profile of its own. */
  static Chromium start(Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                PROGRAM,
                "--headless=new",
                "--no-sandbox", // which a container does not let it have
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-extensions",
                "--no-first-run",
                "--hide-scrollbars",
                "--enable-precise-memory-info",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    List<String> complaints = new CopyOnWriteArrayList<>();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address(process)), new Listener(asked, complaints))
            .get(SECONDS, TimeUnit.SECONDS);
    return new Chromium(process, socket, asked, complaints);
  }

  /** What it says on its console; read on, so that it never waits for a reader. */
  private static String address(Process process) throws Exception {
    CompletableFuture<String> found = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              StringBuilder said = new StringBuilder();
              try (BufferedReader in =
                  new BufferedReader(
                      new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String l = in.readLine(); l != null; l = in.readLine()) {
                  said.append(l).append('\n');
                  if (l.startsWith("DevTools listening on ")) {
                    found.complete(l.substring("DevTools listening on ".length()).strip());
                  }
                }
              } catch (IOException e) {
                said.append(e);
              }
              found.completeExceptionally(new IOException("chromium ended: " + said));
            },
            "chromium-console");
    reader.setDaemon(true);
    reader.start();
    return found.get(SECONDS, TimeUnit.SECONDS);
  }

  private static final class Listener implements WebSocket.Listener {
    private final Map<Integer, CompletableFuture<JsonNode>> asked;
    private final List<String> complaints;
    private final StringBuilder text = new StringBuilder();

    Listener(Map<Integer, CompletableFuture<JsonNode>> asked, List<String> complaints) {
      this.asked = asked;
      this.complaints = complaints;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          take(JSON.readTree(text.toString()));
        } catch (IOException e) {
          complaints.add("not JSON: " + text);
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    private void take(JsonNode m) {
      if (m.has("id")) {
        CompletableFuture<JsonNode> waiting = asked.remove(m.get("id").asInt());
        if (m.has("error")) {
          waiting.completeExceptionally(new IllegalStateException(m.get("error").toString()));
        } else {
          waiting.complete(m.get("result"));
        }
        return;
      }
      String method = m.path("method").asText();
      JsonNode p = m.path("params");
      if (method.equals("Runtime.exceptionThrown")) {
        complaints.add(p.path("exceptionDetails").toString());
      } else if (method.equals("Log.entryAdded")
          && p.path("entry").path("level").asText().equals("error")) {
        complaints.add(p.path("entry").path("text").asText() + " " + p.path("entry").path("url"));
      }
    }
  }

  private JsonNode send(String to, String method, Map<String, ?> parameters) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    ObjectNode m = JSON.createObjectNode();
    m.put("id", id);
    m.put("method", method);
    m.set("params", JSON.valueToTree(parameters));
    if (to != null) {
      m.put("sessionId", to);
    }
    socket.sendText(m.toString(), true).get(SECONDS, TimeUnit.SECONDS);
    return answer.get(SECONDS, TimeUnit.SECONDS);
  }

  /** Asks the page by a method of the protocol. */
  JsonNode ask(String method, Map<String, ?> parameters) throws Exception {
    return send(session, method, parameters);
  }

  /** What the page has complained of so far. */
  List<String> complaints() {
    return complaints;
  }

  /** Opens an address in the page, and waits until it is there. */
  void open(String url) throws Exception {
    ask("Page.navigate", Map.of("url", url));
    await("document.readyState === 'complete' && location.href === " + JSON.valueToTree(url));
  }

  /** Value of an expression of the page. */
  JsonNode value(String expression) throws Exception {
    JsonNode r =
        ask(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    assertThat(r.path("exceptionDetails").toString()).as(expression).isEmpty();
    return r.path("result").path("value");
  }

  /** As {@link #value}, asked again where the page it was asked of has given way to the next. */
  private JsonNode settled(String expression) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (true) {
      try {
        return value(expression);
      } catch (ExecutionException e) {
        String said = e.getCause().getMessage();
        boolean left =
            said.contains("navigated or closed") || said.contains("context was destroyed");
        if (!left || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  /** Waits until an expression of the page is true. */
  void await(String expression) throws Exception {
    JsonNode there =
        settled(
            "new Promise((done) => { const begin = performance.now(); const look = () => {"
                + " let is = false; try { is = ("
                + expression
                + "); } catch (e) { is = false; }"
                + " if (is) done(true); else if (performance.now() - begin > "
                + CONDITION_MILLIS
                + ") done(false);"
                + " else setTimeout(look, 20); }; look(); })");
    if (!there.asBoolean()) {
      throw new AssertionError(
          expression
              + " has not become true; the page complains of "
              + complaints
              + " and shows\n"
              + value("document.body.innerText").asText());
    }
  }

  /** Size of the window in CSS pixels, and whether the system wishes it dark. */
  void look(int width, int height, boolean dark) throws Exception {
    ask(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    ask(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Presses a key, as a keyboard does. */
  void press(String key) throws Exception {
    Map<String, Integer> codes = Map.of("Enter", 13, "ArrowDown", 40, "End", 35, "Tab", 9);
    Map<String, Object> down =
        Map.of(
            "type",
            "keyDown",
            "key",
            key,
            "windowsVirtualKeyCode",
            codes.get(key),
            "text",
            key.equals("Enter") ? "\r" : "");
    ask("Input.dispatchKeyEvent", down);
    ask("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
  }

  /** A picture of the window. */
  byte[] picture() throws Exception {
    JsonNode r = ask("Page.captureScreenshot", Map.of("format", "png", "optimizeForSpeed", false));
    return Base64.getDecoder().decode(r.get("data").asText());
  }

  /** Ends it with every process it has started: each writes into the profile until it is gone. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(end);
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(p -> p.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).join());
  }
}

package io.millrace.cli.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.millrace.cli.dashboard.Questions.Answer;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Takes orders from the page, where that was asked for. Whoever orders must know a word that is
 * printed where the dashboard was started, and the browser must say that the question comes from
 * the page itself; the word travels in a header and never in an address. Thread-safe.
 */
final class Orders {
  private static final int MOST_BYTES = 4096;
  private static final int WORD_BYTES = 9;
  private static final Set<ControlCommand> NAMED =
      EnumSet.of(ControlCommand.SET, ControlCommand.UNSET, ControlCommand.PROMOTE);

  private final Consumer<Control> send;
  private final String word;

  /**
   * Orders to a job.
   *
   * @param send writes one to the topic that the job reads orders from; a failure is thrown
   */
  Orders(Consumer<Control> send) {
    this.send = send;
    byte[] random = new byte[WORD_BYTES];
    new SecureRandom().nextBytes(random);
    word = Base64.getUrlEncoder().encodeToString(random);
  }

  /** What has to be known to order. */
  String word() {
    return word;
  }

  /** Answers an order. */
  Answer take(HttpExchange exchange) throws IOException {
    Headers h = exchange.getRequestHeaders();
    String host = h.getFirst("Host");
    if (!("http://" + host).equals(h.getFirst("Origin"))) {
      return Answer.fault(403, "an order must come from the page itself");
    }
    if (!"application/json".equals(h.getFirst("Content-Type"))) {
      return Answer.fault(415, "an order is application/json");
    }
    byte[] given = String.valueOf(h.getFirst("Authorization")).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(given, ("Bearer " + word).getBytes(StandardCharsets.UTF_8))) {
      return Answer.fault(401, "the word is not that which ./millrace dashboard has printed");
    }
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      return Answer.fault(413, "an order has at most " + MOST_BYTES + " bytes");
    }
    try {
      Control control = control(Json.MAPPER.readTree(body));
      send.accept(control);
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("sent", control.getCommand().name());
      o.put("key", control.getKey());
      o.put("origin", control.getOrigin());
      return Answer.json(o);
    } catch (JsonProcessingException e) {
      return Answer.fault(400, "an order is a JSON object: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      return Answer.fault(400, e.getMessage());
    }
  }

  private static Control control(JsonNode o) {
    String key = o.path("key").asText("");
    String text = o.path("command").asText("").toUpperCase(Locale.ROOT);
    String name = o.path("name").asText("");
    if (key.isEmpty()) {
      throw new IllegalArgumentException("key is missing; name one, or * for all");
    }
    ControlCommand command =
        EnumSet.complementOf(EnumSet.of(ControlCommand.UNKNOWN)).stream()
            .filter(c -> c.name().equals(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "command = "
                            + text
                            + "; must be one of "
                            + EnumSet.complementOf(EnumSet.of(ControlCommand.UNKNOWN))));
    if (NAMED.contains(command) == name.isEmpty()) {
      throw new IllegalArgumentException(
          command + (name.isEmpty() ? ": needs a name" : ": takes no name, is given " + name));
    }
    JsonNode value = o.path("value");
    if ((command == ControlCommand.SET) != value.isNumber()) {
      throw new IllegalArgumentException(
          command == ControlCommand.SET
              ? "SET " + name + ": needs a number, is given " + value
              : command + ": takes no value, is given " + value);
    }
    // An origin of its own: sent twice by a retry, the order is still taken once.
    return new Control(
        key, command, name, value.asDouble(0), Instant.now(), "page-" + UUID.randomUUID(), 1L, 0);
  }
}

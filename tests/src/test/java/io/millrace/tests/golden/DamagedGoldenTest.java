package io.millrace.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.golden.Golden;
import io.millrace.golden.GoldenResult;
import io.millrace.golden.GoldenResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a golden file expects takes part, and a damaged one fails by itself and says why. */
class DamagedGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Fields of a file that say what is expected, beside {@code expected} of each case. */
  private static final List<String> EXPECTED =
      List.of(
          "trajectory",
          "extra_trajectories",
          "step_sizes",
          "model_step_taken",
          "final_state",
          "schedules");

  /** Files beyond this are replayed less often. */
  private static final long LARGE = 60_000;

  private static final int DAMAGES = 24;
  private static final int DAMAGES_OF_LARGE = 6;

  @TempDir private Path dir;

  static List<Path> files() {
    return GoldenFiles.all();
  }

  private GoldenResult check(String content) throws IOException {
    return Golden.check(Files.writeString(dir.resolve("damaged.json"), content));
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyExpectedNumberTakesPart(Path file) throws IOException {
    JsonNode root = JSON.readTree(file.toFile());
    Map<String, List<String>> numbers = new LinkedHashMap<>();
    EXPECTED.stream().filter(root::has).forEach(f -> collect(root.get(f), "/" + f, numbers));
    for (int i = 0; i < root.path("cases").size(); i++) {
      collect(root.at("/cases/" + i + "/expected"), "/cases/" + i + "/expected", numbers);
    }
    assertThat(numbers).isNotEmpty();
    for (List<String> alike : numbers.values()) {
      boolean large = file.toFile().length() > LARGE;
      for (int at : large ? new int[] {alike.size() - 1} : new int[] {0, alike.size() - 1}) {
        JsonNode changed = root.deepCopy();
        String pointer = alike.get(at);
        double value = root.at(pointer).asDouble();
        replace(
            changed,
            pointer,
            root.at(pointer).isIntegralNumber()
                ? NODES.numberNode((long) value + 1)
                : NODES.numberNode(value + 1));
        assertThat(check(changed.toString()).status())
            .as("%s, %s changed", file.getFileName(), pointer)
            .isNotEqualTo(Status.PASS);
      }
    }
  }

  /** Pointers to numbers, those that differ in places of arrays alone together. */
  private static void collect(JsonNode node, String at, Map<String, List<String>> into) {
    if (node.isNumber()) {
      into.computeIfAbsent(at.replaceAll("/[0-9]+", "/*"), k -> new ArrayList<>()).add(at);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(node.get(i), at + "/" + i, into);
    }
    node.properties().forEach(e -> collect(e.getValue(), at + "/" + e.getKey(), into));
  }

  private static void replace(JsonNode root, String pointer, JsonNode value) {
    int slash = pointer.lastIndexOf('/');
    JsonNode parent = root.at(pointer.substring(0, slash));
    String last = pointer.substring(slash + 1);
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(last), value);
    } else {
      ((ObjectNode) parent).set(last, value);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void aDamagedFileFailsAndSaysWhy(Path file) throws IOException {
    String text = Files.readString(file);
    Random random = new Random(file.getFileName().toString().hashCode());
    int damages = text.length() > LARGE ? DAMAGES_OF_LARGE : DAMAGES;
    for (int i = 0; i < damages; i++) {
      String damaged = i % 4 == 0 ? garble(text, random) : damage(JSON.readTree(text), random);
      GoldenResult result = check(damaged);
      // A note or a number that is not reached may change without harm.
      if (!result.passed()) {
        assertThat(result.reason())
            .as("%s, damage %d", file.getFileName(), i)
            .isNotBlank()
            .doesNotStartWith(Golden.UNFORESEEN);
      }
    }
  }

  private static String garble(String text, Random random) {
    int at = random.nextInt(text.length());
    return random.nextBoolean()
        ? text.substring(0, at)
        : text.substring(0, at) + "{}[],:\"x-".charAt(random.nextInt(9)) + text.substring(at + 1);
  }

  private static String damage(JsonNode root, Random random) {
    JsonNode parent = root;
    for (int depth = 0; depth < 8; depth++) {
      List<JsonNode> inner = new ArrayList<>();
      parent.forEach(
          child -> IntStream.range(0, child.size() > 0 ? 1 : 0).forEach(k -> inner.add(child)));
      if (inner.isEmpty() || depth > 0 && random.nextInt(3) == 0) {
        break;
      }
      parent = inner.get(random.nextInt(inner.size()));
    }
    int which = random.nextInt(parent.size());
    JsonNode value = random.nextInt(4) == 0 ? null : value(random);
    if (parent instanceof ArrayNode array) {
      if (value == null) {
        array.remove(which);
      } else if (random.nextInt(4) == 0) {
        array.add(array.get(which).deepCopy());
      } else {
        array.set(which, value);
      }
    } else {
      ObjectNode object = (ObjectNode) parent;
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(which);
      if (value != null) {
        object.set(name, value);
      } else {
        JsonNode removed = object.remove(name);
        if (random.nextBoolean()) {
          object.set(name + "_", removed);
        }
      }
    }
    return root.toString();
  }

  private static JsonNode value(Random random) {
    List<JsonNode> values =
        List.of(
            NODES.nullNode(),
            NODES.booleanNode(true),
            NODES.textNode("x"),
            NODES.textNode("1"),
            NODES.numberNode(-1),
            NODES.numberNode(0),
            NODES.numberNode(0.5),
            NODES.numberNode(1e308),
            NODES.numberNode(-1e308),
            NODES.numberNode(1e-308),
            NODES.numberNode(3_000_000_000L),
            NODES.numberNode(2_000_000_000),
            NODES.arrayNode(),
            NODES.arrayNode().add(NODES.arrayNode()),
            NODES.objectNode());
    return values.get(random.nextInt(values.size()));
  }
}

package io.millrace.tests.golden;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The golden files among the resources of the tests. */
public final class GoldenFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GoldenFiles() {}

  /** All of them, in the order of their paths. */
  public static List<Path> all() {
    try (Stream<Path> walk =
        Files.walk(Path.of(GoldenFiles.class.getResource("/golden").toURI()))) {
      return walk.filter(p -> p.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Those whose field {@code method}, or whose own name, is {@code method}. */
  public static List<Path> ofMethod(String method) {
    return all().stream()
        .filter(
            p -> method(p).equals(method) || p.getFileName().toString().equals(method + ".json"))
        .toList();
  }

  private static String method(Path file) {
    try {
      return JSON.readTree(file.toFile()).path("method").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

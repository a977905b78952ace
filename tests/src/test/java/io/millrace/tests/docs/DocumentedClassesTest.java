package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classes that a page names are there. */
class DocumentedClassesTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern CLASS = Pattern.compile("`(io\\.millrace\\.[a-z.]+\\.[A-Z]\\w*)`");

  static List<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.walk(DOCS)) {
      return pages.filter(p -> p.toString().endsWith(".md")).sorted().toList();
    }
  }

  private static List<String> classes(Path page) throws IOException {
    return CLASS.matcher(Files.readString(page)).results().map(m -> m.group(1)).toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void areThere(Path page) throws IOException {
    for (String name : classes(page)) {
      assertThatCode(() -> Class.forName(name, false, getClass().getClassLoader()))
          .as("%s names %s", page, name)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void everyStationOfAnEventHasItsClass() throws IOException {
    String page = Files.readString(DOCS.resolve("event-to-snapshot.md"));
    List<String> stations =
        Pattern.compile("(?ms)^\\d+\\. \\*\\*(.*?)(?=^\\d+\\. |^\\S)")
            .matcher(page)
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(stations).hasSize(11).allMatch(s -> CLASS.matcher(s).find());
  }
}

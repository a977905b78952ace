package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.cli.Millrace;
import io.millrace.jobs.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages tell a user to type is what the command understands; their Java is run. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");

  /** Lines of code blocks that begin with ./millrace, without comments. */
  static List<String> commands() throws IOException {
    List<String> found = new ArrayList<>();
    for (String page :
        List.of("README.md", "CONTRIBUTING.md", "docs/operations.md", "docs/data-files.md")) {
      boolean code = false;
      for (String line : Files.readAllLines(ROOT.resolve(page))) {
        if (line.startsWith("```")) {
          code = !code;
        } else if (code && line.startsWith("./millrace ")) {
          found.add(line.replaceAll("\\s+#.*", ""));
        }
      }
    }
    return found;
  }

  @Test
  void thereAreCommands() throws IOException {
    assertThat(commands()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandIsUnderstood(String line) {
    String[] arguments = line.substring("./millrace ".length()).split(" ");
    assertThatCode(() -> Millrace.commandLine().parseArgs(arguments)).doesNotThrowAnyException();
  }

  /** {@link ReadmeITCase} runs what is no whole program; it stands in its source, word for word. */
  @Test
  void javaOfTheReadmeIsRunByATest() throws IOException {
    String test =
        Files.readString(Path.of("src/test/java/io/millrace/tests/docs/ReadmeITCase.java"));
    List<String> snippets = blocks("java").stream().filter(s -> !program(s)).toList();
    assertThat(snippets).hasSize(1);
    for (String snippet : snippets) {
      assertThat(words(test)).contains(words(snippet));
    }
  }

  /** The program, its coordinates and every command are what scripts/readme follows in CI. */
  @Test
  void theProgramOfTheReadmeIsRunOutsideOfThisBuild() throws IOException {
    assertThat(blocks("java")).filteredOn(ReadmeTest::program).hasSize(1);
    assertThat(blocks("xml")).hasSize(1);
    assertThat(blocks("xml").get(0))
        .contains("<artifactId>millrace-client</artifactId>")
        .contains("<version>" + Build.version() + "</version>");
    assertThat(ROOT.resolve("scripts/readme")).isExecutable();
    assertThat(Files.readString(ROOT.resolve(".ci/run"))).contains("scripts/readme");
  }

  @Test
  void filesThatCommandsNameAreThere() throws IOException {
    for (String line : commands()) {
      for (String word : line.split(" ")) {
        if (word.matches("(docs|docker|tests|jobs/src)/.*")) {
          assertThat(ROOT.resolve(word)).as(line).exists();
        }
      }
    }
  }

  /** Code blocks of the README in a language. */
  private static List<String> blocks(String language) throws IOException {
    return Stream.of(Files.readString(ROOT.resolve("README.md")).split("```" + language + "\n"))
        .skip(1)
        .map(s -> s.substring(0, s.indexOf("```")))
        .toList();
  }

  private static boolean program(String java) {
    return java.contains("public static void main");
  }

  private static String words(String code) {
    return code.replaceAll("\\s+", "");
  }
}

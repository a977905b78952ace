package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A setting that a page names is one of the page of settings, spelt as it is there. */
class SettingsInPagesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern SETTING = Pattern.compile("(?m)^\\| `([a-z][a-z0-9.-]*)`");
  private static final Pattern NAMED = Pattern.compile("`([a-z-]+(?:\\.[a-z0-9-]+)+)(?:: [^`]*)?`");

  /** Their entries are those of an optimizer, of a method, of Kafka's clients, or of a list. */
  private static final List<String> OPEN =
      List.of(
          "optimizer.",
          "dictionary.",
          "policy.",
          "apprentice.",
          "candidates.",
          "gate.",
          "metrics.",
          "intervals.",
          "drift.",
          "kafka.properties",
          "kafka.shared.properties",
          "features.nominal",
          "model.hidden.",
          "model.classes.");

  @Test
  void everySettingThatAPageNamesIsThere() throws IOException {
    Set<String> settings = new TreeSet<>();
    Matcher m = SETTING.matcher(Files.readString(ROOT.resolve("docs/configuration.md")));
    while (m.find()) {
      settings.add(m.group(1));
    }
    Matcher learners = SETTING.matcher(Files.readString(ROOT.resolve("docs/learners.md")));
    while (learners.find()) {
      settings.add("model." + learners.group(1));
    }
    assertThat(settings).contains("snapshots.part-bytes", "topics.models", "model.forgetting");
    Set<String> sections =
        settings.stream()
            .filter(s -> s.contains("."))
            .map(s -> s.substring(0, s.indexOf('.')))
            .collect(Collectors.toSet());
    Set<String> unknown = new TreeSet<>();
    for (Path page : pages()) {
      Matcher named = NAMED.matcher(Files.readString(page));
      while (named.find()) {
        String name = named.group(1);
        String section = name.substring(0, name.indexOf('.'));
        boolean meant =
            sections.contains(section)
                || sections.contains(section + "s")
                || section.endsWith("s")
                    && sections.contains(section.substring(0, section.length() - 1));
        boolean known =
            settings.contains(name.replaceAll("-[0-9]+$", "")) // an element of a list
                || settings.contains(name)
                || settings.stream().anyMatch(s -> s.startsWith(name + "."))
                || OPEN.stream().anyMatch(name::startsWith);
        if (meant && !known) {
          unknown.add(page.getFileName() + ": " + name);
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
          .filter(p -> p.toString().endsWith(".md"))
          .toList();
    }
  }
}

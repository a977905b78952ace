package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages of docs/ that are generated from declarations are what the declarations say. After a
 * change: {@code ./mvnw test -pl tests -am -Dtest=GeneratedPagesTest -Dmillrace.docs.write=true}.
 */
class GeneratedPagesTest {
  private static final Map<String, Supplier<String>> PAGES =
      Map.of(
          "configuration.md",
          ConfigurationPage::markdown,
          "catalog.md",
          CatalogPage::markdown,
          "dictionaries.md",
          DictionaryPage::markdown,
          "policies.md",
          PolicyPage::markdown,
          "tuners.md",
          TunerPage::markdown,
          "sampling.md",
          SamplingPage::markdown,
          "learners.md",
          LearnersPage::markdown);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "configuration.md",
        "catalog.md",
        "dictionaries.md",
        "policies.md",
        "tuners.md",
        "sampling.md",
        "learners.md"
      })
  void pageIsWhatTheDeclarationsSay(String name) throws IOException {
    Path page = Path.of("..", "docs", name);
    String expected = PAGES.get(name).get();
    if (Boolean.getBoolean("millrace.docs.write")) {
      Files.writeString(page, expected);
    }
    assertThat(page).content().isEqualTo(expected);
  }
}

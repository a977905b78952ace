package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Decisions are cited by number, so each has one of its own, and says it in its title. */
class DecisionRecordsTest {
  private static final Path DECISIONS = Path.of("..", "docs", "adr");

  @Test
  void areNumberedOneByOne() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(DECISIONS)) {
      names = files.map(p -> p.getFileName().toString()).sorted().toList();
    }
    List<Integer> numbers = new ArrayList<>();
    for (String name : names) {
      int number = Integer.parseInt(name.substring(0, 4));
      numbers.add(number);
      assertThat(Files.readAllLines(DECISIONS.resolve(name)).get(0))
          .as(name)
          .startsWith("# " + number + ". ");
      assertThat(number).as(name).isEqualTo(numbers.size());
    }
    assertThat(numbers).isNotEmpty();
  }
}

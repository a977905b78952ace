package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever follows a paper says where it does not. */
class DeviationsTest {
  private static final Path CORE = Path.of("..", "core", "src", "main", "java");

  /** What declares a rule that comes from somewhere. */
  private static final Pattern RULE =
      Pattern.compile(
          "new ((Optimizer|Part|Schedule|Method|Policy|Tuner|Diffusion|Estimator|Surrogate|Particle|Learner|Detector)Spec|PolicyPart)\\(");

  private static final Pattern CLASS_DOC = Pattern.compile("(?s)/\\*\\*.*?\\*/\\s*public ");

  @Test
  void everyRuleSaysWhereItDeviatesFromItsPaper() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(CORE)) {
      files = walk.filter(p -> p.toString().endsWith(".java")).sorted().toList();
    }
    int rules = 0;
    for (Path file : files) {
      String text = Files.readString(file);
      if (RULE.matcher(text).find() && !text.contains("\"by definition\"")) {
        rules++;
        Matcher doc = CLASS_DOC.matcher(text);
        assertThat(doc.find()).as("%s has class documentation", file).isTrue();
        assertThat(doc.group().replaceAll("\\s*\\n \\* ?", " "))
            .as("%s says 'Deviations from the paper'", file)
            .containsPattern("Deviations( from |:)");
      }
    }
    assertThat(rules).isGreaterThan(70);
  }
}

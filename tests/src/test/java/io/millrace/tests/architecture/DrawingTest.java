package io.millrace.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * CONTRIBUTING.md draws modules and packages as they are, every arrow pointing down, and code, poms
 * and the table of modules agree. After a change: {@code ./mvnw test -pl tests -am
 * -Dtest=DrawingTest -Dmillrace.docs.write=true}.
 */
class DrawingTest {
  private static final Path PAGE = Path.of("..", "CONTRIBUTING.md");
  private static final String BEGIN = "<!-- drawing, written by DrawingTest -->\n```\n";
  private static final String END = "```\n<!-- end of drawing -->\n";

  @Test
  void drawingIsWhatTheCodeSays() throws Exception {
    String page = Files.readString(PAGE);
    assertThat(page).contains(BEGIN, END);
    String before = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
    String behind = page.substring(page.indexOf(END));
    String expected = before + Drawing.text(Poms.dependencies(), House.USES) + behind;
    if (Boolean.getBoolean("millrace.docs.write")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(PAGE).content().isEqualTo(expected);
  }

  /** Directly or by way of another module; and no pom names a module that its code does without. */
  @Test
  void modulesUseWhatTheirPomsName() throws Exception {
    Map<String, Set<String>> poms = Poms.dependencies();
    Layers layers = new Layers(poms);
    Map<String, Set<String>> used = used();
    assertThat(poms.keySet()).isEqualTo(used.keySet());
    used.forEach(
        (module, others) -> {
          assertThat(layers.below(module)).as("below %s", module).containsAll(others);
          if (!module.equals("tests")) { // which only reads the classes of some
            assertThat(others).as("used by %s", module).containsAll(poms.get(module));
          }
        });
  }

  @Test
  void tableOfModulesSaysWhatThePomsSay() throws Exception {
    Map<String, Set<String>> poms = Poms.dependencies();
    Layers layers = new Layers(poms);
    Matcher row =
        Pattern.compile("^\\| `(\\w+)` \\|[^|]*\\| ([^|]*) \\|$", Pattern.MULTILINE)
            .matcher(Files.readString(PAGE));
    Set<String> rows = new TreeSet<>();
    while (row.find()) {
      String module = row.group(1);
      rows.add(module);
      if (row.group(2).equals("everything")) {
        Set<String> rest = new TreeSet<>(poms.keySet());
        rest.removeAll(Set.of("bench", "tests"));
        rest.removeIf(m -> poms.values().stream().noneMatch(used -> used.contains(m)));
        assertThat(layers.below(module)).as("below %s", module).containsAll(rest);
      } else {
        Set<String> listed = new TreeSet<>(Arrays.asList(row.group(2).split(",\\s*")));
        listed.retainAll(poms.keySet());
        assertThat(listed).as("'may depend on' of %s", module).isEqualTo(poms.get(module));
      }
    }
    assertThat(rows).isEqualTo(poms.keySet());
  }

  @Test
  void aCircleCannotBeDrawn() {
    Map<String, Set<String>> circle =
        Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("b"), "d", Set.of());
    assertThatThrownBy(() -> new Layers(circle))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("circle");
  }

  @Test
  void arrowsThatAnotherWayTellsAreLeftOut() {
    Layers layers =
        new Layers(Map.of("a", Set.of("b", "c"), "b", Set.of("c"), "c", Set.of("elsewhere")));
    assertThat(layers.arrows("a")).containsExactly("b");
    assertThat(layers.below("a")).containsExactlyInAnyOrder("b", "c");
    assertThat(layers.fromTheTop()).extracting(l -> l.get(0)).containsExactly("a", "b", "c");
  }

  /** What the classes of each module use of others; of tests, their own classes. */
  private static Map<String, Set<String>> used() {
    Map<String, Set<String>> packages = new TreeMap<>(House.USES);
    JavaClasses tests = new ClassFileImporter().importPackages("io.millrace.tests");
    packages.putAll(House.uses(tests));
    Map<String, Set<String>> modules = new TreeMap<>();
    packages.forEach(
        (name, others) -> {
          Set<String> used = modules.computeIfAbsent(House.module(name), module -> new TreeSet<>());
          others.forEach(other -> used.add(House.module(other)));
          used.remove(House.module(name));
        });
    return modules;
  }
}

package io.millrace.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every package of core and golden has an essay in its package-info, and the essay lists the
 * packages that it may use: no more than it uses, and no fewer. The package of ConfigException goes
 * without saying.
 */
class PackagePagesTest {
  private static final String OURS = "io.millrace.";
  private static final String ROOT = "core";
  private static final Pattern MAY_USE = Pattern.compile("May use \\{@code ([^}]*)}");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.millrace.core", "io.millrace.golden");

  static Set<String> packages() {
    return MAIN.stream().map(c -> name(c)).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Package of a class, without what all have in common. */
  private static String name(JavaClass c) {
    return c.getPackageName().substring(OURS.length());
  }

  @ParameterizedTest
  @MethodSource("packages")
  void essaySaysWhatThePackageMayUse(String name) throws IOException {
    String module = name.replaceFirst("\\..*", "");
    Path page =
        Path.of(
            "..", module, "src/main/java", (OURS + name).replace('.', '/'), "package-info.java");
    assertThat(page).exists();
    assertThat(Files.readAllLines(page)).hasSizeBetween(12, 45);
    String text = Files.readString(page).replaceAll("\\s*\\n \\* ?", " ");
    Matcher m = MAY_USE.matcher(text);
    assertThat(m.find()).as("'May use' in %s", page).isTrue();
    Set<String> listed =
        m.group(1).equals("no other package")
            ? Set.of()
            : Arrays.stream(m.group(1).split(",\\s*")).collect(Collectors.toSet());
    assertThat(listed).as("packages that %s may use", name).isEqualTo(used(name));
  }

  private static Set<String> used(String name) {
    return MAIN.stream()
        .filter(c -> name(c).equals(name))
        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
        .map(d -> d.getTargetClass().getBaseComponentType())
        .flatMap(c -> c.getPackageName().startsWith(OURS) ? Stream.of(name(c)) : Stream.empty())
        .filter(n -> !n.equals(name) && !n.equals(ROOT))
        .collect(Collectors.toSet());
  }
}

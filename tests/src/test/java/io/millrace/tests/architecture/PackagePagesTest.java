package io.millrace.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every package has an essay in its package-info, and the essay lists the packages that it may use:
 * no more than it uses, and no fewer. The package of ConfigException goes without saying.
 */
class PackagePagesTest {
  private static final Pattern MAY_USE = Pattern.compile("May use \\{@code ([^}]*)}");

  static Set<String> packages() {
    return House.USES.keySet();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void essaySaysWhatThePackageMayUse(String name) throws IOException {
    Path page = House.sources(name).resolve("package-info.java");
    assertThat(page).exists();
    assertThat(Files.readAllLines(page)).hasSizeBetween(12, 45);
    String text = Files.readString(page).replaceAll("\\s*\\n \\* ?", " ");
    Matcher m = MAY_USE.matcher(text);
    assertThat(m.find()).as("'May use' in %s", page).isTrue();
    Set<String> listed =
        m.group(1).equals("no other package")
            ? Set.of()
            : Arrays.stream(m.group(1).split(",\\s*")).collect(Collectors.toSet());
    assertThat(listed).as("packages that %s may use", name).isEqualTo(House.USES.get(name));
  }
}

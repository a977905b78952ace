package io.millrace.tests.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The classes of Millrace without tests, and what their packages use. Packages are named without
 * the {@code io.millrace.} that all have in common.
 */
final class House {
  /** Every class of every module. */
  static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar")) // what tests share
          .importPackages("io.millrace");

  /** The package of ConfigException, which every other may use. */
  static final String ROOT = "core";

  private static final String OURS = "io.millrace.";

  /** Every package, with those that it uses; neither itself nor {@link #ROOT} is among them. */
  static final Map<String, Set<String>> USES = uses(MAIN);

  private House() {}

  /** Module that a package belongs to: its first name, or operators for the frozen package. */
  static String module(String name) {
    String first = name.replaceFirst("\\..*", "");
    return first.equals("state") ? "operators" : first;
  }

  /** Directory of a package's sources. */
  static Path sources(String name) {
    return Path.of("..", module(name), "src/main/java", (OURS + name).replace('.', '/'));
  }

  /** Packages of classes, with those that they use. */
  static Map<String, Set<String>> uses(JavaClasses classes) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass c : classes) {
      Set<String> used = uses.computeIfAbsent(name(c), n -> new TreeSet<>());
      c.getDirectDependenciesFromSelf().stream()
          .map(d -> d.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith(OURS))
          .map(House::name)
          .filter(n -> !n.equals(name(c)) && !n.equals(ROOT))
          .forEach(used::add);
    }
    return uses;
  }

  private static String name(JavaClass c) {
    return c.getPackageName().substring(OURS.length());
  }
}

package io.millrace.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In place of -Werror: the compiler warns of the incubating module, and of nothing else. */
class WarningsTest {
  @Test
  void theCompilerWarnsOfTheIncubatingModuleAlone(@TempDir Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<Path> sources;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      sources = files.filter(f -> f.toString().endsWith(".java")).toList();
    }
    assertThat(sources).isNotEmpty();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(found, null, null)) {
      manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      boolean compiled =
          compiler
              .getTask(
                  null,
                  manager,
                  found,
                  List.of(
                      "--release=17",
                      "--add-modules=jdk.incubator.vector",
                      "-Xlint:all,-processing,-serial,-classfile,-options",
                      "-classpath",
                      System.getProperty("java.class.path")),
                  null,
                  manager.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(found.getDiagnostics())
          .extracting(d -> d.getCode())
          .containsExactly("compiler.warn.incubating.modules");
      assertThat(compiled).isTrue();
    }
  }
}

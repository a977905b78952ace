package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.bandit.catalog.Policies;
import io.millrace.golden.Golden;
import io.millrace.tests.golden.GoldenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every policy of the registry against every check. */
class PolicyContractTest {
  @TestFactory
  Stream<DynamicNode> contract() {
    return Policies.ALL.stream()
        .map(
            spec ->
                DynamicContainer.dynamicContainer(
                    spec.id(),
                    Arrays.stream(PolicyCheck.values())
                        .map(
                            check ->
                                DynamicTest.dynamicTest(
                                    spec.id()
                                        + " "
                                        + check.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                    () -> check.run(spec)))));
  }

  /** A rule without numbers of another program may be any rule. */
  @Test
  void everyPolicyHasAGoldenFile() {
    assertThat(Policies.ALL)
        .allSatisfy(
            spec ->
                assertThat(GoldenFiles.all().stream().filter(p -> names(p, spec.id())))
                    .as(spec.id())
                    .isNotEmpty()
                    .allSatisfy(p -> assertThat(Golden.check(p).reason()).isEmpty()));
  }

  private static boolean names(Path file, String policy) {
    try {
      return file.getParent().endsWith("bandits")
          && (file.endsWith(policy + ".json")
              || Files.readString(file).contains("\"policy\": \"" + policy + "\""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

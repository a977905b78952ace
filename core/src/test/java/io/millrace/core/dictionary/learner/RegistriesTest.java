package io.millrace.core.dictionary.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.catalog.Parts;
import io.millrace.core.catalog.Schedules;
import io.millrace.core.model.Losses;
import io.millrace.core.model.Models;
import io.millrace.core.spec.Spec;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ids of all registries: see CONTRIBUTING, "One way for each small thing". */
class RegistriesTest {
  private static final String WITH_HYPHENS = "[a-z0-9]+(-[a-z0-9]+)*";
  private static final String WITH_UNDERSCORES = "[a-z0-9]+(_[a-z0-9]+)*";

  static List<List<? extends Spec>> registries() {
    return List.of(
        Optimizers.ALL, Parts.ALL, Schedules.ALL, Losses.ALL, Models.ALL, Coders.ALL, Methods.ALL);
  }

  @ParameterizedTest
  @MethodSource("registries")
  void idsAreUniqueAndSpelledAlike(List<? extends Spec> registry) {
    String pattern = registry == Optimizers.ALL ? WITH_UNDERSCORES : WITH_HYPHENS;
    assertThat(Spec.ids(registry)).doesNotHaveDuplicates().allMatch(id -> id.matches(pattern));
  }
}

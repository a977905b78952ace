package io.millrace.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** As {@link LearnJobChaos} for dictionaries and the codes of their signals. */
class DictionaryJobChaos {
  private static final Path DIRECTORY =
      Path.of("target", "chaos", "dictionary-" + ProcessHandle.current().pid());
  private static final int EVENTS = 40_000;

  @Test
  void equalsTheUndisturbedRunAfterKillingATaskManagerAndTheBroker() throws Exception {
    try (Workbench bench = new Workbench(DIRECTORY, EVENTS, ChaosFamily.DICTIONARY)) {
      Outcome undisturbed = bench.calm("calm");
      assertThat(undisturbed.versions()).isGreaterThan(EVENTS / 200);
      long codes = undisturbed.results().values().stream().mapToLong(c -> c.size()).sum();
      long usable = bench.stream().usable().values().stream().mapToLong(n -> n).sum();
      assertThat(codes).isEqualTo(usable);
      bench.storm("storm").assertEquals(undisturbed);
    }
  }
}

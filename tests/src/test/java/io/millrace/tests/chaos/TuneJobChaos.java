package io.millrace.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * As {@link LearnJobChaos} for tuners: whatever dies, no decision is lost, none is repeated
 * differently, and no cost is learned twice.
 */
class TuneJobChaos {
  private static final Path DIRECTORY =
      Path.of("target", "chaos", "tune-" + ProcessHandle.current().pid());
  private static final int EVENTS = 40_000;

  @Test
  void equalsTheUndisturbedRunAfterKillingATaskManagerAndTheBroker() throws Exception {
    try (Workbench bench = new Workbench(DIRECTORY, EVENTS, ChaosFamily.TUNE)) {
      Outcome undisturbed = bench.calm("calm");
      assertThat(undisturbed.versions()).isGreaterThan(EVENTS / 200);
      Map<String, Integer> decisions = new TreeMap<>();
      undisturbed.results().forEach((key, all) -> decisions.put(key, all.size()));
      assertThat(decisions).as("one for each request").isEqualTo(bench.stream().usable());
      bench.storm("storm").assertEquals(undisturbed);
    }
  }
}

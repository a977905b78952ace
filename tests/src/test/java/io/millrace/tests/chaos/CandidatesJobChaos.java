package io.millrace.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.GateDecision;
import io.millrace.schemas.GateVerdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * As {@link LearnJobChaos} for candidates beside the model that serves: whatever dies, the gate
 * decides the same at the same events, on the same evidence, and the topics hold the same bytes.
 */
class CandidatesJobChaos {
  private static final Path DIRECTORY =
      Path.of("target", "chaos", "candidates-" + ProcessHandle.current().pid());
  private static final int EVENTS = 40_000;

  private static Workbench bench;
  private static Outcome undisturbed;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    bench = new Workbench(DIRECTORY, EVENTS, ChaosFamily.CANDIDATES);
    undisturbed = bench.calm("calm");
    Map<String, List<GateDecision>> decided = undisturbed.metrics(GateDecision.class);
    assertThat(decided).hasSize(ChaosStream.KEYS);
    decided.forEach(
        (key, decisions) -> {
          System.out.println(
              key + ": " + decisions.stream().map(CandidatesJobChaos::line).toList());
          assertThat(decisions)
              .as("decisions of '%s'", key)
              .extracting(CandidatesJobChaos::line)
              .containsSubsequence(
                  "quick PROMOTED", "quick CONFIRMED", "idle PROMOTED by order", "idle rolled back")
              .contains("lazy DROPPED_WORSE");
        });
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
  }

  private static String line(GateDecision d) {
    return d.getCandidate()
        + (d.getVerdict() == GateVerdict.ROLLBACK_PROVEN
                || d.getVerdict() == GateVerdict.ROLLBACK_HARD
            ? " rolled back"
            : " " + d.getVerdict())
        + (d.getOrdered() ? " by order" : "");
  }

  @Test
  void decidesTheSameAfterKillingATaskManagerAndTheBroker() throws Exception {
    bench.storm("storm").assertEquals(undisturbed);
  }

  @Test
  void decidesTheSameWhenAWholeClusterDiesAndAWiderOneTakesOver() throws Exception {
    bench.fall("fallen", undisturbed).assertEquals(undisturbed);
  }
}

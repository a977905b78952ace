package io.millrace.operators.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.learner.Runner;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.TuneDecision;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is killed between a decision and its feedback: no decision is lost, none is repeated
 * differently, no feedback counts twice.
 */
class TunerRecoveryOperatorTest {
  private static final Supplier<StateBackend> HASHMAP = HashMapStateBackend::new;
  private static final Supplier<StateBackend> ROCKSDB = EmbeddedRocksDBStateBackend::new;

  private static TuneOptions options() {
    return Tunes.options("tsallis_inf", 0, 0.75, 6, Map.of("scaled", 0.0));
  }

  /**
   * Three tuners; feedback late, doubled, missing, first; orders; everything that can be refused.
   */
  private static List<Object> items() {
    Requests s = new Requests();
    String[] keys = {"a", "b", "c"};
    for (int i = 0; i < 36; i++) {
      String key = keys[i % 3];
      s.ask(key, "r" + i, 100 + 20 * i);
      if (i % 4 != 3) {
        s.cost(keys[(i + 1) % 3], "r" + (i - 2), 100 + 20 * i, (i % 5) / 5.0);
      }
      switch (i) {
        case 7 -> s.ask(key, "r7", 240).ask(key, "r4", 180);
        case 9 -> s.cost(key, "r6", 280, 0.5).cost(key, "r6", 280, 0.5);
        case 11 -> s.feedback(1, key, "r14", 380, 0.25, FeedbackSource.DECISION, "");
        case 13 -> s.set("*", "epsilon", 0.25).set(key, "epsilon", 0.125);
        case 15 ->
            s.arm(key, ArmCommand.ADD, "a8", 8, "a1", 1)
                .arm("b", ArmCommand.REMOVE, "a0", 0, "", 1);
        case 17 ->
            s.order("c", ControlCommand.PAUSE).cost("c", "r17", 440, 2).cost("c", "r17", 440, 0);
        case 20 -> s.order("c", ControlCommand.RESUME).order("a", ControlCommand.RESET);
        case 23 -> s.feedback(0, key, "r23", 560, 0.1, FeedbackSource.FALLBACK, "a2");
        case 26 ->
            s.arm("b", ArmCommand.PURGE, "a3", 0, "", 2).arm("b", ArmCommand.ADD, "a3", 3, "", 3);
        case 29 -> s.ask("a", "r0", 100).ask(key, "x", 1, 0, List.of("nobody"));
        default -> {
          // nothing else
        }
      }
    }
    return s.ask("a", "end", 3000).cost("a", "end", 3001, 1).items();
  }

  private static Runner.Result undisturbed() throws Exception {
    try (Runner r = Tunes.run(options())) {
      r.feed(items());
      // The stream does what it says, or the comparison says little.
      assertThat(r.reasons().stream().map(Enum::name))
          .contains("DUPLICATE_EVENT", "OUT_OF_DOMAIN", "LABEL_EXPIRED");
      assertThat(r.decisions).hasSizeGreaterThan(38);
      assertThat(r.models).hasSizeGreaterThan(3);
      return r.result();
    }
  }

  private static void assertSame(Runner r, Runner.Result expected, String where) throws Exception {
    assertThat(r.states()).as("states, %s", where).isEqualTo(expected.states());
    assertThat(r.outputs).as("outputs, %s", where).isEqualTo(expected.outputs());
  }

  @ParameterizedTest
  @CsvSource({"hashmap, 1, 0, 1", "hashmap, 4, 0, 1", "rocksdb, 1, 0, 9", "rocksdb, 4, 4, 9"})
  void restoresBitEqualFromEveryPosition(String backend, int bundle, int first, int by)
      throws Exception {
    Runner.Result expected = undisturbed();
    List<Object> items = items();
    Supplier<StateBackend> b = backend.equals("rocksdb") ? ROCKSDB : HASHMAP;
    for (int at = first; at <= items.size(); at += by) {
      try (Runner r = Tunes.run(options(), bundle, b)) {
        r.feed(items.subList(0, at)).restart(1).feed(items.subList(at, items.size()));
        assertSame(r, expected, "restored at " + at);
      }
    }
  }

  /** Decisions are visible before the checkpoint that covers them, so a replay makes them again. */
  @Test
  void whatIsDecidedAgainAfterAFailureIsTheSameToTheByte() throws Exception {
    Runner.Result expected = undisturbed();
    List<Object> items = items();
    for (int killed = 1; killed <= items.size(); killed += 2) {
      int covered = Math.max(0, killed - 1 - killed % 7);
      try (Runner r = Tunes.run(options())) {
        r.feed(items.subList(0, covered));
        OperatorSubtaskState checkpoint = r.checkpoint();
        r.feed(items.subList(covered, killed)).restore(checkpoint);
        r.feed(items.subList(covered, items.size()));
        assertThat(r.states()).as("killed at %d", killed).isEqualTo(expected.states());
        for (TuneDecision d : r.decisions) {
          assertThat(Tunes.of(r, d.getId())).as("killed at %d", killed).containsOnly(d);
        }
        assertThat(r.decisions.stream().map(TuneDecision::getId).distinct().count()).isEqualTo(37);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"hashmap, 1", "rocksdb, 4"})
  void rescalesBitEqualFromOneToThreeToTwo(String backend, int bundle) throws Exception {
    Runner.Result expected = undisturbed();
    List<Object> items = items();
    Supplier<StateBackend> b = backend.equals("rocksdb") ? ROCKSDB : HASHMAP;
    for (int at = 0; at <= items.size(); at += backend.equals("rocksdb") ? 24 : 3) {
      int then = Math.min(items.size(), at + 11);
      try (Runner r = Tunes.run(options(), bundle, b)) {
        r.feed(items.subList(0, at)).restart(3);
        r.feed(items.subList(at, then)).restart(2);
        r.feed(items.subList(then, items.size()));
        assertSame(r, expected, "rescaled at " + at + " and " + then);
      }
    }
  }
}

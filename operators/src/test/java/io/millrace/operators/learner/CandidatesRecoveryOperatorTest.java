package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.GateDecision;
import io.millrace.schemas.GateVerdict;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Stopped and restored at any position, a job with candidates promotes, drops, confirms and rolls
 * back at the same events, publishes the same versions and ends with the same bytes.
 */
class CandidatesRecoveryOperatorTest {
  private static final Supplier<StateBackend> HASHMAP = HashMapStateBackend::new;
  private static final Supplier<StateBackend> ROCKSDB = EmbeddedRocksDBStateBackend::new;

  /**
   * Candidates.
   *
   * @param renew events after which a comparison begins anew; 0: never
   */
  private static CandidateOptions candidates(double renew) {
    Map<String, Double> gate = new TreeMap<>(Rivals.HASTY);
    gate.put("renew", renew);
    return Rivals.candidates(gate, Map.of("fast", 0.9, "middle", 0.3, "wild", 40.0));
  }

  private static Runner runner(Supplier<StateBackend> backend, int bundle, double renew)
      throws Exception {
    LearnerOptions options =
        LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
            .miniBatch(2)
            .labels(Duration.ofMillis(40), 3)
            .dedupeWindow(5)
            .ttl(Duration.ofMillis(400))
            .snapshots(
                Shells.snapshots(
                    8, Duration.ofMillis(60), false, DType.F64, PartCodec.DEFAULT_PART_BYTES))
            .metricsEvery(7)
            .results(Results.PREDICTIONS)
            .candidates(candidates(renew))
            .build();
    return new Runner(() -> Shells.learner(options, bundle, b -> Rivals.at(0.01)), backend, 1);
  }

  /**
   * Three keys: a line and then noise, with labels that come late, early and never, batches,
   * poison, orders, ends of keys.
   */
  private static List<Object> items() {
    Stream s = new Stream();
    Rivals.line(s, "a", 90, 20, 2, 0.05);
    Rivals.line(s, "a", 110, 14, 2, 4);
    Rivals.line(s, "b", 100, 10, 2, 0.05);
    s.example("b", "w1", 112, null, 0.5, 2).example("b", "w2", 113, null, -0.5, 1);
    s.label("b", "early", 114, 0.5).label("b", "w2", 114, -1);
    s.example("b", "early", 114, null, 1, 1).label("b", "w1", 115, 0.25);
    s.batch(
        "b",
        Stream.item("", 116, 1.0, 0.6, 0.2),
        Stream.item("", 117, Double.NaN, 0.3, 0.2),
        Stream.item("", 118, 0.5, 0.4, 0.6),
        Stream.item("q", 119, null, 0.4, 0.9),
        Stream.item("", 120, -0.5, -0.3, 0.1));
    s.example("a", "", 124, 1e308, 1e20, 1).example("a", "", 124, 1.0, 0.3, 0.4);
    s.set("b", "learning-rate", 0.02).control("b", ControlCommand.SNAPSHOT);
    s.control("a", ControlCommand.PAUSE).example("a", "", 125, 1.0, 0.5, 0.5);
    s.control("a", ControlCommand.RESUME).label("b", "q", 126, 0.5);
    Rivals.line(s, "c", 130, 30, 2, 0);
    s.control("c", ControlCommand.RESET);
    Rivals.line(s, "c", 170, 12, 2, 0);
    s.example("d", "", 171, 1.0, 1, 1).example("d", "", 172, 1.0, 1, 1);
    s.control("d", ControlCommand.PROMOTE, "middle", 0, "", 0);
    s.example("d", "", 173, 1.0, 1, 1).control("d", ControlCommand.ROLLBACK);
    s.watermark(540).until("b", 560);
    Rivals.line(s, "a", 700, 8, 2, 0.1);
    return s.items();
  }

  private static Runner.Result undisturbed(double renew) throws Exception {
    try (Runner r = runner(HASHMAP, 1, renew).feed(items())) {
      assertThat(r.gateDecisions.stream().map(GateDecision::getVerdict))
          .contains(
              GateVerdict.PROMOTED,
              GateVerdict.CONFIRMED,
              GateVerdict.DROPPED_WORSE,
              GateVerdict.ROLLBACK_PROVEN);
      assertThat(r.gateDecisions).filteredOn(GateDecision::getOrdered).hasSize(2);
      assertThat(r.reasons())
          .contains(Reason.NOT_FINITE, Reason.NOT_FINITE_GRADIENT)
          .doesNotContain(Reason.DIVERGED);
      assertThat(r.models).hasSizeGreaterThan(8);
      return r.result();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "hashmap, 1, 0, 1, 0",
    "hashmap, 16, 1, 3, 0",
    "rocksdb, 16, 1, 9, 0",
    "hashmap, 1, 2, 5, 25"
  })
  void restoresBitEqualFromEveryPosition(
      String backend, int bundle, int first, int by, double renew) throws Exception {
    Runner.Result expected = undisturbed(renew);
    if (renew > 0) {
      assertThat(expected).as("without renewal").isNotEqualTo(undisturbed(0));
    }
    List<Object> items = items();
    for (int at = first; at <= items.size(); at += by) {
      try (Runner r = runner(backend.equals("rocksdb") ? ROCKSDB : HASHMAP, bundle, renew)) {
        r.feed(items.subList(0, at)).restart(1).feed(items.subList(at, items.size()));
        assertThat(r.result()).as("restored at %d", at).isEqualTo(expected);
      }
    }
  }

  @Test
  void rescalesBitEqualFromOneToThreeToTwo() throws Exception {
    Runner.Result expected = undisturbed(0);
    List<Object> items = items();
    for (int at = 0; at <= items.size(); at += 9) {
      int then = Math.min(items.size(), at + 11);
      try (Runner r = runner(HASHMAP, 1 + at % 2, 0)) {
        r.feed(items.subList(0, at)).restart(3);
        r.feed(items.subList(at, then)).restart(2);
        r.feed(items.subList(then, items.size()));
        assertThat(r.result()).as("rescaled at %d and %d", at, then).isEqualTo(expected);
      }
    }
  }
}

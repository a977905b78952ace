package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.state.LearnerState;
import io.millrace.operators.journal.BlocksCodec;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.DType;
import io.millrace.schemas.GateDecision;
import io.millrace.schemas.GateVerdict;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Tensors;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Candidates learn beside the configured learner, and one takes its place where it is better. */
class CandidatesOperatorTest {
  private static final Map<String, Double> DEFAULTS = Map.of();

  private static LearnerOptions.Builder publishing(LearnerOptions.Builder o) {
    return o.snapshots(Shells.snapshots(50, null, false, DType.F64, 1 << 20)).metricsEvery(25);
  }

  private static Runner run(double rate, CandidateOptions candidates) throws Exception {
    return new Runner(
        () -> Rivals.shell(rate, candidates, CandidatesOperatorTest::publishing),
        HashMapStateBackend::new,
        1);
  }

  private static Stream line(int count) {
    Stream s = new Stream();
    Rivals.line(s, "a", 0, count, 2, 0.1);
    return s;
  }

  private static String hex(LearnerState state) {
    BlocksCodec codec = new BlocksCodec(state.schema());
    return HexFormat.of().formatHex(codec.array(), 0, codec.encode(state));
  }

  /** Each learns to the bit what it would have learned alone. */
  @Test
  void everyCandidateIsWhatItWouldBeAlone() throws Exception {
    CandidateOptions two = Rivals.candidates(DEFAULTS, Map.of("fast", 0.2, "slow", 0.04));
    try (Runner r = run(0.05, two).feed(line(45));
        Runner fast = run(0.2, null).feed(line(45));
        Runner slow = run(0.04, null).feed(line(45));
        Runner base = run(0.05, null).feed(line(45))) {
      Kept all = r.state("a");
      assertThat(hex(all.parts.get(5))).isEqualTo(hex(fast.state("a").learner));
      assertThat(hex(all.parts.get(7))).isEqualTo(hex(slow.state("a").learner));
      assertThat(hex(all.learner)).isEqualTo(hex(base.state("a").learner));
      assertThat(r.gateDecisions).isEmpty();
    }
  }

  @Test
  void aBetterCandidateIsPromotedAndPublishedAtOnceAndTheOthersGoOn() throws Exception {
    CandidateOptions two = Rivals.candidates(DEFAULTS, Map.of("fast", 0.2, "other", 0.19));
    try (Runner r = run(0.001, two).feed(line(300))) {
      GateDecision promoted = r.gateDecisions.get(0);
      assertThat(promoted.getVerdict()).isEqualTo(GateVerdict.PROMOTED);
      assertThat(promoted.getCandidate()).isEqualTo("fast");
      assertThat(promoted.getChampion()).isEqualTo("fast");
      assertThat(promoted.getFormer()).isEqualTo("base");
      assertThat(promoted.getEvents()).isBetween(50L, 120L);
      assertThat(promoted.getEvidence()).isGreaterThanOrEqualTo(promoted.getThreshold());
      assertThat(promoted.getGain()).isBetween(0.0, 1.0);
      assertThat(promoted.getGainLower()).isLessThan(promoted.getGain());
      assertThat(promoted.getGainUpper()).isGreaterThan(promoted.getGain());
      assertThat(promoted.getInputs()).hasSize(1);
      ModelSnapshot published =
          r.models.stream().filter(m -> m.getVersion() == promoted.getVersion()).findFirst().get();
      assertThat(published.getConfig()).containsEntry("candidate", "fast");
      assertThat(published.getProvenance().getHyperparameters())
          .containsEntry("learning-rate", 0.2);
      assertThat(published.getCounters().get("examples")).isEqualTo(promoted.getEvents());
      assertThat(r.models)
          .filteredOn(m -> m.getVersion() < promoted.getVersion())
          .allMatch(m -> !m.getConfig().containsKey("candidate"));
      assertThat(r.models)
          .filteredOn(m -> m.getVersion() > promoted.getVersion())
          .isNotEmpty()
          .allMatch(m -> m.getConfig().get("candidate").equals("fast"));
      Kept a = r.state("a");
      assertThat(a.journal.champion).isEqualTo("fast");
      assertThat(a.journal.former).isEqualTo("base");
      assertThat(r.metrics.get(r.metrics.size() - 1).getValues())
          .containsKeys("candidates.base.loss", "candidates.other.loss", "candidates.other.gain");
    }
  }

  @Test
  void aWorseCandidateIsDroppedAndItsStateFreed() throws Exception {
    try (Runner r = run(0.2, Rivals.candidates(DEFAULTS, Map.of("slow", 0.001))).feed(line(150))) {
      assertThat(r.gateDecisions).hasSize(1);
      GateDecision dropped = r.gateDecisions.get(0);
      assertThat(dropped.getVerdict()).isEqualTo(GateVerdict.DROPPED_WORSE);
      assertThat(dropped.getCandidate()).isEqualTo("slow");
      assertThat(dropped.getChampion()).isEqualTo("base");
      assertThat(dropped.getGain()).isNegative();
      Kept a = r.state("a");
      assertThat(a.journal.champion).isNull();
      assertThat(a.parts.get(5)).as("its model").isNull();
      assertThat(r.models).hasSize(3);
    }
  }

  /** A new champion on probation is compared with the former one; having passed, it stays. */
  @Test
  void aPromotionIsConfirmedAndTheFormerChampionFreed() throws Exception {
    CandidateOptions one = Rivals.candidates(Map.of("probation", 100.0), Map.of("fast", 0.2));
    try (Runner r = run(0.001, one).feed(line(300))) {
      assertThat(r.gateDecisions.stream().map(GateDecision::getVerdict))
          .containsExactly(GateVerdict.PROMOTED, GateVerdict.CONFIRMED);
      assertThat(r.gateDecisions.get(1).getEvents()).isEqualTo(100);
      assertThat(r.gateDecisions.get(1).getFormer()).isEqualTo("base");
      Kept a = r.state("a");
      assertThat(a.journal.former).isNull();
      assertThat(a.learner).as("the configured model").isNull();
      assertThat(r.models.get(r.models.size() - 1).getConfig()).containsEntry("candidate", "fast");
    }
  }

  /** Fast is better while there is a line to learn, far worse once labels are noise. */
  @ParameterizedTest
  @CsvSource({"0.5, ROLLBACK_HARD", "1, ROLLBACK_PROVEN"})
  void aChampionThatDegradesGivesThePlaceBackAsANewVersion(double brake, GateVerdict verdict)
      throws Exception {
    Stream s = line(120);
    Rivals.line(s, "a", 120, 200, 2, 3);
    CandidateOptions one = Rivals.candidates(Map.of("hard-tolerance", brake), Map.of("fast", 0.9));
    try (Runner r = run(0.02, one).feed(s)) {
      assertThat(r.gateDecisions.stream().map(GateDecision::getVerdict))
          .containsExactly(GateVerdict.PROMOTED, verdict);
      GateDecision back = r.gateDecisions.get(1);
      assertThat(back.getChampion()).isEqualTo("base");
      assertThat(back.getGain()).isNegative();
      ModelSnapshot published =
          r.models.stream().filter(m -> m.getVersion() == back.getVersion()).findFirst().get();
      assertThat(published.getConfig()).doesNotContainKey("candidate");
      assertThat(published.getProvenance().getHyperparameters())
          .containsEntry("learning-rate", 0.02);
      Kept a = r.state("a");
      assertThat(a.journal.champion).isNull();
      assertThat(a.parts.get(5)).as("the failed champion").isNull();
      assertThat(r.models.stream().map(ModelSnapshot::getVersion))
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }

  /** As above, but fast has been confirmed before labels are noise. */
  @Test
  void whereComparisonsAreRenewedAFormerChampionLearnsOnAndMayComeBack() throws Exception {
    Stream s = line(200);
    Rivals.line(s, "a", 200, 200, 2, 3);
    Map<String, Double> gate = Map.of("probation", 40.0, "renew", 100.0, "drop-alpha", 1e-12);
    CandidateOptions one = Rivals.candidates(gate, Map.of("fast", 0.9));
    try (Runner r = run(0.02, one).feed(s);
        Runner base = run(0.02, null).feed(s)) {
      assertThat(r.gateDecisions)
          .extracting(GateDecision::getCandidate, GateDecision::getVerdict)
          .startsWith(
              tuple("fast", GateVerdict.PROMOTED),
              tuple("fast", GateVerdict.CONFIRMED),
              tuple("base", GateVerdict.PROMOTED));
      assertThat(r.state("a").journal.champion).isNull();
      assertThat(hex(r.state("a").learner)).isEqualTo(hex(base.state("a").learner));
    }
  }

  /** Of four, two go on after 20 events, and one after 40. */
  @Test
  void byRungsTheWorseHalfEnds() throws Exception {
    CandidateOptions four =
        Rivals.candidates(
            Map.of("min-events", 1000.0, "rung", 20.0),
            Map.of("a", 0.02, "b", 0.04, "c", 0.08, "d", 0.01));
    try (Runner r = run(0.05, four).feed(line(100))) {
      assertThat(r.gateDecisions)
          .extracting(GateDecision::getCandidate, GateDecision::getVerdict, GateDecision::getEvents)
          .containsExactly(
              tuple("a", GateVerdict.DROPPED_HALVED, 20L),
              tuple("d", GateVerdict.DROPPED_HALVED, 20L),
              tuple("b", GateVerdict.DROPPED_HALVED, 40L));
      assertThat(r.state("a").parts.get(9)).as("the model of c").isNotNull();
      assertThat(r.state("a").parts.get(5)).as("the model of a").isNull();
    }
  }

  /** A new candidate of the same form starts from what readers have. */
  @Test
  void aCandidateThatIsAddedStartsFromThePublishedModel() throws Exception {
    List<Object> items = line(61).items();
    CandidateOptions one = Rivals.candidates(DEFAULTS, Map.of("still", 1e-300));
    try (Runner r = run(0.05, null).feed(items.subList(0, 60))) {
      double[] published = Tensors.doubles(r.models.get(0).getTensors().get(0));
      r.restartAs(() -> Rivals.shell(0.05, one, CandidatesOperatorTest::publishing));
      r.feed(items.subList(60, 61));
      assertThat(r.state("a").parts.get(5).block("theta")).isEqualTo(published);
    }
  }

  @Test
  void aKeyServedByACandidateThatIsGoneStopsTheJobWithTheReason() throws Exception {
    CandidateOptions fast = Rivals.candidates(DEFAULTS, Map.of("fast", 0.2));
    List<Object> items = line(200).items();
    try (Runner r = run(0.001, fast).feed(items.subList(0, 150))) {
      assertThat(r.state("a").journal.champion).isEqualTo("fast");
      r.restartAs(() -> Rivals.shell(0.001, null, CandidatesOperatorTest::publishing));
      assertThatThrownBy(() -> r.feed(items.subList(150, 200)))
          .hasStackTraceContaining(
              "key 'a' is served by candidate 'fast', which the job does not have");
    }
  }

  /** Late labels are compared by what all candidates had said before. */
  @Test
  void labelsThatComeLateAreCompared() throws Exception {
    Stream s = new Stream();
    for (int i = 0; i < 220; i++) {
      double x0 = Math.sin(i);
      double x1 = Math.cos(1.7 * i);
      s.example("a", "e" + i, i, null, x0, x1);
      if (i >= 3) {
        s.label("a", "e" + (i - 3), i, 2 * Math.sin(i - 3) - Math.cos(1.7 * (i - 3)) / 2);
      }
    }
    CandidateOptions one = Rivals.candidates(DEFAULTS, Map.of("fast", 0.2));
    try (Runner r =
        new Runner(
            () -> Rivals.shell(0.001, one, o -> publishing(o).labels(Duration.ofMillis(10), 8)),
            HashMapStateBackend::new,
            1)) {
      r.feed(s);
      assertThat(r.deadLetters).isEmpty();
      assertThat(r.gateDecisions).isNotEmpty();
      assertThat(r.gateDecisions.get(0).getVerdict()).isEqualTo(GateVerdict.PROMOTED);
      assertThat(r.gateDecisions.get(0).getEvents()).isBetween(50L, 150L);
    }
  }

  @Test
  void anOrderPromotesAndRollsBackAndIsRefusedWithTheReason() throws Exception {
    CandidateOptions two =
        Rivals.candidates(Map.of("min-events", 1000.0), Map.of("near", 0.049, "other", 0.048));
    Stream s = line(10);
    promote(s, "near").control("a", ControlCommand.ROLLBACK);
    promote(s, "none");
    promote(s, "near");
    promote(s, "other");
    promote(s, "base");
    try (Runner r = run(0.05, two)) {
      r.feed(line(3)).feed(new Stream().control("a", ControlCommand.ROLLBACK));
      r.feed(s.items().subList(3, s.items().size()));
      assertThat(r.gateDecisions.stream().map(GateDecision::getVerdict))
          .containsExactly(
              GateVerdict.PROMOTED, GateVerdict.ROLLBACK_ORDERED, GateVerdict.PROMOTED);
      assertThat(r.gateDecisions).allMatch(GateDecision::getOrdered);
      assertThat(r.gateDecisions.stream().map(GateDecision::getChampion))
          .containsExactly("near", "base", "other");
      assertThat(r.models.stream().map(m -> m.getConfig().getOrDefault("candidate", "base")))
          .containsExactly("near", "base", "other");
      assertThat(r.echoes.stream().map(ControlEcho::getMessage))
          .containsExactly(
              "nobody has served 'a' before 'base', or its state is freed; one can roll back while a"
                  + " new champion is on probation",
              "",
              "",
              "PROMOTE: there is no candidate 'none'; there are [base, near, other]",
              "candidate 'near' has ended for 'a', and its state is freed; a reset starts every"
                  + " candidate anew",
              "",
              "candidate 'other' is on probation for 'a'; roll back to 'base', or wait until it is"
                  + " confirmed");
    }
  }

  private static Stream promote(Stream s, String candidate) {
    return s.control("a", ControlCommand.PROMOTE, candidate, 0, "", 0);
  }

  @Test
  void aJobWithoutCandidatesRefusesSuchOrders() throws Exception {
    try (Runner r = run(0.05, null).feed(promote(line(1), "fast"))) {
      assertThat(r.reasons()).containsExactly(Reason.UNKNOWN_CONTROL);
      assertThat(r.echoes.get(0).getMessage())
          .isEqualTo("PROMOTE: the job has no candidates; configure them under candidates");
    }
  }

  /** A job that gets another candidate goes on with those it had, and the new one begins. */
  @Test
  void theListOfCandidatesMayChangeBetweenRestarts() throws Exception {
    Map<String, Double> patient = Map.of("min-events", 1000.0);
    CandidateOptions one = Rivals.candidates(patient, Map.of("near", 0.049));
    CandidateOptions two = Rivals.candidates(patient, Map.of("added", 0.048, "near", 0.049));
    List<Object> items = line(80).items();
    try (Runner r = run(0.05, null).feed(items.subList(0, 20))) {
      r.restartAs(() -> Rivals.shell(0.05, one, CandidatesOperatorTest::publishing));
      r.feed(items.subList(20, 40));
      r.restartAs(() -> Rivals.shell(0.05, two, CandidatesOperatorTest::publishing));
      r.feed(items.subList(40, 80));
      Kept a = r.state("a");
      assertThat(a.parts.get(5).steps()).as("added").isEqualTo(40);
      assertThat(a.parts.get(7).steps()).as("near").isEqualTo(60);
      assertThat(a.learner.steps()).as("base").isEqualTo(80);
      assertThat(a.parts.get(2).block("head")[2]).as("challengers so far").isEqualTo(2);
    }
  }
}

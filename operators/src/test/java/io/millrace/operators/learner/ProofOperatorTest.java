package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.monitor.MonitorOptions;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.GateDecision;
import io.millrace.schemas.GateVerdict;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.time.Duration;
import java.util.HashMap;
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
 * Where publishing needs a proof, readers never have a version that is worse than the last good.
 */
class ProofOperatorTest {
  private static final Supplier<StateBackend> HASHMAP = HashMapStateBackend::new;
  private static final Supplier<StateBackend> ROCKSDB = EmbeddedRocksDBStateBackend::new;
  private static final InputSpec INPUT =
      new InputSpec(InputSpec.Kind.DENSE, 2, 1, InputSpec.Target.CLASS, List.of("n", "y"), 1000);

  /** Two of three labels lie from here on. */
  private static final int POISON = 330;

  private static final int CLEAN = 450;
  private static final int EVENTS = 760;

  /** Events within which the brake finds a model that is far worse than it may be. */
  private static final int WINDOW = 16;

  private static final PublishOptions PROVEN =
      new PublishOptions(
          "betting",
          1,
          new TreeMap<>(
              Map.of(
                  "min-events", 20.0,
                  "guard-min", 8.0,
                  "guard-tolerance", 0.1,
                  "hard-window", (double) WINDOW,
                  "hard-tolerance", 0.2,
                  "probation", 50.0)));

  private static SupervisedLearner learner() {
    return new SupervisedLearner(
        SupervisedOptions.builder(INPUT, "logistic")
            .scaling(Scaling.NONE)
            .optimizer("sgd", Map.of("learning-rate", 0.1))
            .build());
  }

  private static double x(int i, int feature) {
    return (float) (2 * Math.sin(3.1 * i + feature));
  }

  private static double truth(int i) {
    return x(i, 1) > 0 ? 1 : 0;
  }

  private static double label(int i) {
    boolean lies = i >= POISON && i < CLEAN ? i % 3 != 0 : i % 20 == 7;
    return lies ? 1 - truth(i) : truth(i);
  }

  private static Stream examples(int from, int to) {
    Stream s = new Stream();
    for (int i = from; i < to; i++) {
      s.example("a", "", 1000 + i, label(i), x(i, 0), x(i, 1));
    }
    return s;
  }

  private static LearnerOptions options(int miniBatch, MonitorOptions monitor) {
    return LearnerOptions.builder(Stream.TOPICS, INPUT)
        .miniBatch(miniBatch)
        .labels(Duration.ofMillis(40), 5)
        .dedupeWindow(4)
        .snapshots(
            Shells.snapshots(
                10, Duration.ofSeconds(60), false, DType.F64, PartCodec.DEFAULT_PART_BYTES))
        .metricsEvery(50)
        .monitor(monitor)
        .publishing(PROVEN)
        .build();
  }

  private static Runner runner(int miniBatch, MonitorOptions monitor, Supplier<StateBackend> in)
      throws Exception {
    return new Runner(() -> Shells.learner(options(miniBatch, monitor), 3, b -> learner()), in, 1);
  }

  /** Share of the clean events that a published model has right. */
  private static double quality(ModelSnapshot m) throws Exception {
    SupervisedLearner learner = learner();
    Map<String, PublishedModel.Tensor> tensors = new HashMap<>();
    for (Tensor t : m.getTensors()) {
      tensors.put(
          t.getName(),
          new PublishedModel.Tensor(Tensors.shape(t), Tensors.rows(t), Tensors.held(t)));
    }
    LearnerState state =
        learner.read(new PublishedModel(new TreeMap<>(m.getConfig()), tensors), 1 << 20);
    Outcome outcome = new Outcome();
    Rows row = learner.newRows();
    int right = 0;
    for (int i = 0; i < 200; i++) {
      row.clear();
      row.beginRow();
      row.add(x(i, 0));
      row.add(x(i, 1));
      row.endRow(truth(i), 1);
      learner.predict(row, 0, state, outcome, new Workspace());
      right += outcome.correct;
    }
    return right / 200.0;
  }

  @Test
  void onAStreamThatTurnsPoisonousReadersKeepTheLastGoodVersion() throws Exception {
    try (Runner free =
            new Runner(
                () ->
                    Shells.learner(
                        LearnerOptions.builder(Stream.TOPICS, INPUT)
                            .snapshots(Shells.every(10))
                            .build(),
                        b -> learner()),
                HASHMAP,
                1);
        Runner r = runner(1, MonitorOptions.NONE, HASHMAP)) {
      free.feed(examples(0, CLEAN));
      assertThat(quality(free.models.get(free.models.size() - 1))).isLessThan(0.5);

      ModelSnapshot good = null;
      double worst = 1;
      for (int i = 0; i < EVENTS; i++) {
        int before = r.models.size();
        r.feed(examples(i, i + 1));
        if (i == POISON - 1) {
          good = r.models.get(r.models.size() - 1);
          assertThat(quality(good)).isGreaterThan(0.9);
        }
        if (i < POISON || i >= CLEAN) {
          continue;
        }
        ModelSnapshot read = r.models.get(r.models.size() - 1);
        if (i >= POISON + WINDOW) {
          worst = Math.min(worst, quality(read));
          assertThat(r.models.subList(before, r.models.size()))
              .as("published at %d", i)
              .allSatisfy(m -> assertThat(m.getConfig()).containsKey(Proof.RESTORED));
        }
      }
      assertThat(worst).isGreaterThan(0.9);

      List<GateDecision> decisions = r.gateDecisions;
      assertThat(decisions.get(0).getVerdict()).isEqualTo(GateVerdict.PASSED);
      assertThat(decisions.get(0).getFormer()).isEqualTo("baseline");
      assertThat(decisions.get(0).getEvidence()).isGreaterThan(decisions.get(0).getThreshold());
      assertThat(decisions.get(0).getVersion()).isEqualTo(1);
      assertThat(decisions)
          .extracting(GateDecision::getVerdict)
          .contains(GateVerdict.CONFIRMED, GateVerdict.ROLLBACK_HARD);
      GateDecision back =
          decisions.stream()
              .filter(d -> d.getVerdict() == GateVerdict.ROLLBACK_HARD)
              .findFirst()
              .orElseThrow();
      ModelSnapshot restored = r.models.get((int) back.getVersion() - 1);
      int of = Integer.parseInt(restored.getConfig().get(Proof.RESTORED));
      assertThat(restored.getTensors()).isEqualTo(r.models.get(of - 1).getTensors());
      assertThat(decisions.get(decisions.size() - 1).getVerdict())
          .isIn(GateVerdict.PASSED, GateVerdict.CONFIRMED);
      assertThat(decisions)
          .filteredOn(d -> d.getVerdict() == GateVerdict.PASSED)
          .last()
          .satisfies(d -> assertThat(d.getFormer()).isEqualTo("good"));
      assertThat(quality(r.models.get(r.models.size() - 1))).isGreaterThan(0.9);
      assertThat(r.models).extracting(ModelSnapshot::getVersion).isSorted();
    }
  }

  /** Labels that come with, before and after their examples, poison, orders, and a drift. */
  private static List<Object> items() {
    Stream s = new Stream();
    for (int i = 0; i < EVENTS; i++) {
      String key = i % 9 == 4 ? "b" : "a";
      boolean early = i % 11 == 3;
      boolean late = i % 7 == 5 && !early;
      String id = early || late ? "e" + i : "";
      if (early) {
        s.label(key, id, 1000 + i, label(i));
      }
      s.example(key, id, 1000 + i, early || late ? null : label(i), x(i, 0), x(i, 1));
      if (i > 2 && (i - 2) % 7 == 5 && (i - 2) % 11 != 3) {
        s.label((i - 2) % 9 == 4 ? "b" : "a", "e" + (i - 2), 1000 + i, label(i - 2));
      }
      if (i == 30 || i == 520) {
        s.control("a", ControlCommand.SNAPSHOT);
      }
      if (i == 20) {
        s.control("b", ControlCommand.ROLLBACK);
      }
      if (i == 640) {
        s.control("a", ControlCommand.ROLLBACK);
      }
      if (i == 700) {
        s.control("a", ControlCommand.RESET);
      }
    }
    return s.items();
  }

  private static MonitorOptions swapping() {
    return new MonitorOptions(
        List.of(),
        Map.of(),
        Map.of(),
        "page-hinkley",
        Map.of("lambda", 6.0, "calm", 15.0),
        Map.of("reaction", "swap"),
        List.of(),
        7);
  }

  @ParameterizedTest
  @CsvSource({"1, false, 3, 41", "3, true, 11, 67"})
  void killedAnywhereItDecidesAndPublishesTheSame(int miniBatch, boolean drift, int first, int by)
      throws Exception {
    List<Object> items = items();
    MonitorOptions monitor = drift ? swapping() : MonitorOptions.NONE;
    Runner.Result expected;
    try (Runner r = runner(miniBatch, monitor, HASHMAP).feed(items)) {
      assertThat(r.gateDecisions)
          .extracting(GateDecision::getVerdict)
          .contains(
              GateVerdict.PASSED,
              GateVerdict.CONFIRMED,
              GateVerdict.ROLLBACK_ORDERED,
              drift ? GateVerdict.HELD : GateVerdict.ROLLBACK_HARD);
      assertThat(r.deadLetters)
          .extracting(d -> d.getMessage())
          .anySatisfy(m -> assertThat(m).contains("is held back until it is proven"))
          .anySatisfy(m -> assertThat(m).contains("was proven good; there is nothing to go back"));
      expected = r.result();
    }
    for (int at = first; at < items.size(); at += by) {
      try (Runner r = runner(miniBatch, monitor, at % 3 == 0 ? ROCKSDB : HASHMAP)) {
        r.feed(items.subList(0, at)).restart(1 + at % 2);
        r.feed(items.subList(at, items.size()));
        assertThat(r.result()).as("restored at %s", at).isEqualTo(expected);
      }
    }
  }

  /** A job that asked for no proof until now: what it has published stays, until one is there. */
  @Test
  void aJobMayBeginToAskForAProofAndCeaseTo() throws Exception {
    LearnerOptions free =
        LearnerOptions.builder(Stream.TOPICS, INPUT).snapshots(Shells.every(10)).build();
    try (Runner r = new Runner(() -> Shells.learner(free, 3, b -> learner()), HASHMAP, 1)) {
      r.feed(examples(0, 60));
      int before = r.models.size();
      r.restartAs(() -> Shells.learner(options(1, MonitorOptions.NONE), 3, b -> learner()));
      r.feed(examples(60, 75));
      assertThat(r.models).hasSize(before);
      r.feed(examples(75, 200));
      assertThat(r.gateDecisions.get(0).getVerdict()).isEqualTo(GateVerdict.PASSED);
      assertThat(r.gateDecisions.get(0).getVersion()).isEqualTo(before + 1L);
      r.restartAs(() -> Shells.learner(free, 3, b -> learner()));
      r.feed(examples(200, 240));
      int after = r.models.size();
      int decided = r.gateDecisions.size();
      r.restartAs(() -> Shells.learner(options(1, MonitorOptions.NONE), 3, b -> learner()));
      r.feed(examples(240, 255));
      assertThat(r.models).hasSize(after);
      r.feed(examples(255, 330));
      assertThat(r.gateDecisions.get(decided).getVerdict()).isEqualTo(GateVerdict.PASSED);
    }
  }
}

package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.catalog.Learners;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every learner without a gradient, under every word of its choices: stopped and restored at any
 * position of a stream, with labels that come late and early and orders of every kind, the operator
 * ends with the same bytes in every state and output.
 */
class LearnersRecoveryOperatorTest {
  private static final Supplier<StateBackend> HASHMAP = HashMapStateBackend::new;
  private static final Supplier<StateBackend> ROCKSDB = EmbeddedRocksDBStateBackend::new;
  private static final int EVENTS = 48;

  static List<LearnerSetup> setups() {
    List<LearnerSetup> all = new ArrayList<>();
    for (LearnerSpec spec : Learners.ALL) {
      LearnerSetup base =
          LearnerSetup.of(spec.id(), input(spec.targets().get(0)))
              .withHyperparameters(small(spec))
              .withLargest(Double.MAX_VALUE);
      all.add(base);
      for (Choice c : spec.choices()) {
        c.values().stream().skip(1).forEach(w -> all.add(base.withWords(Map.of(c.name(), w))));
      }
    }
    return all;
  }

  /** Numbers far above 5 are 5, so that what is rare happens often. */
  private static Map<String, Double> small(LearnerSpec spec) {
    Map<String, Double> values = new TreeMap<>();
    for (Hyper h : spec.hypers()) {
      if (h.def() > 8) {
        values.put(h.name(), Math.max(h.range().low(), 5));
      }
    }
    return values;
  }

  private static InputSpec input(InputSpec.Target target) {
    return new InputSpec(
        InputSpec.Kind.DENSE,
        2,
        1,
        target,
        target == InputSpec.Target.CLASS ? List.of("n", "y") : List.of(),
        1000);
  }

  private static List<Object> items(LearnerSetup setup) {
    boolean labels = setup.input().target() != InputSpec.Target.NONE;
    Stream s = new Stream();
    for (int i = 0; i < EVENTS; i++) {
      String key = i % 4 == 3 ? "b" : "a";
      String id = "e" + i;
      double label = i * i % 7 % 2;
      double x0 = Math.abs(Math.sin(i)) + label;
      double x1 = Math.abs(Math.cos(3 * i));
      if (labels && i % 6 == 5) {
        s.label(key, id, 100 + i, label);
      }
      s.example(key, id, 100 + i, labels && i % 3 != 2 ? label : null, x0, x1);
      if (labels && i > 6 && (i - 6) % 6 == 2) { // the label of the event six before
        s.label((i - 6) % 4 == 3 ? "b" : "a", "e" + (i - 6), 100 + i, (i - 6) * (i - 6) % 7 % 2);
      }
      orders(s, setup, i);
    }
    return s.items();
  }

  private static void orders(Stream s, LearnerSetup setup, int i) {
    switch (i) {
      case 9 -> s.control("b", ControlCommand.PAUSE);
      case 17 -> s.control("b", ControlCommand.RESUME);
      case 21 -> s.control("a", ControlCommand.SNAPSHOT);
      case 24 ->
          Learners.spec(setup.kind()).hypers().stream()
              .filter(h -> !h.structural() && !h.list())
              .forEach(h -> s.set("*", h.name(), another(h)));
      case 39 -> s.control("b", ControlCommand.RESET);
      default -> {
        // no order
      }
    }
  }

  /** A value other than the default. */
  private static double another(Hyper h) {
    return DoubleStream.of(h.def() / 2, 0.5, 1, 2, 0)
        .filter(v -> v != h.def() && h.range().contains(v))
        .findFirst()
        .orElseThrow();
  }

  private static Runner runner(LearnerSetup setup, Supplier<StateBackend> backend, int bundle)
      throws Exception {
    LearnerOptions options =
        LearnerOptions.builder(Stream.TOPICS, setup.input())
            .labels(Duration.ofMillis(40), 5)
            .dedupeWindow(5)
            .snapshots(
                Shells.snapshots(
                    7, Duration.ofMillis(60), false, DType.F64, PartCodec.DEFAULT_PART_BYTES))
            .metricsEvery(5)
            .results(Results.PREDICTIONS)
            .build();
    return new Runner(() -> Shells.learner(options, bundle, b -> Learners.make(setup)), backend, 1);
  }

  private static Runner.Result undisturbed(LearnerSetup setup) throws Exception {
    try (Runner r = runner(setup, HASHMAP, 1).feed(items(setup))) {
      assertThat(r.state("a").journal.learned).isGreaterThan(EVENTS / 2);
      assertThat(r.state("a").journal.rollbacks).isZero();
      assertThat(r.models).isNotEmpty();
      assertThat(r.predictions).hasSize(EVENTS);
      assertThat(r.deadLetters).as("dead letters %s", r.reasons()).isEmpty();
      return r.result();
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void goesOnBitEqualFromEveryPosition(LearnerSetup setup) throws Exception {
    Runner.Result expected = undisturbed(setup);
    List<Object> items = items(setup);
    for (int at = 0; at <= items.size(); at++) {
      try (Runner r = runner(setup, HASHMAP, 1 + at % 3)) {
        r.feed(items.subList(0, at)).restart(1 + at % 2);
        r.feed(items.subList(at, items.size()));
        assertThat(r.result()).as("restored at %d", at).isEqualTo(expected);
      }
    }
  }

  /**
   * AdPredictor takes whole observations alone; a label may bring another weight, late or early.
   */
  @Test
  void aWeightThatTheLearnerDoesNotTakeMakesADeadLetterOfItsExample() throws Exception {
    LearnerSetup setup = LearnerSetup.of("adpredictor", input(InputSpec.Target.CLASS));
    Stream s = new Stream();
    s.example("a", "x", 100, null, 1, 2).example("a", "y", 101, null, 1, 2);
    s.label("a", "z", 102, 1, 0.5).example("a", "z", 102, null, 1, 2);
    s.label("a", "x", 103, 1, 2).label("a", "y", 103, 1, 1);
    try (Runner r = runner(setup, HASHMAP, 1).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.OUT_OF_DOMAIN, Reason.OUT_OF_DOMAIN);
      assertThat(r.deadLetters).anyMatch(d -> d.getMessage().contains("weight is 2.0"));
      assertThat(r.state("a").journal.learned).isEqualTo(1);
      assertThat(r.state("a").journal.rollbacks).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void goesOnBitEqualOnRocksDbFromOneToThreeToTwo(LearnerSetup setup) throws Exception {
    List<Object> items = items(setup);
    int at = items.size() / 3;
    try (Runner r = runner(setup, ROCKSDB, 2)) {
      r.feed(items.subList(0, at)).restart(3);
      r.feed(items.subList(at, 2 * at)).restart(2);
      r.feed(items.subList(2 * at, items.size()));
      assertThat(r.result()).isEqualTo(undisturbed(setup));
    }
  }
}

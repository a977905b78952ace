package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.learner.Methods;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream.Builder;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * As {@link RecoveryOperatorTest} for the learner of the `dictionary` job: stopped and restored at
 * any position, every block of every key and every record of every output has the same bytes. A
 * round counter kept in the method's object instead of in state, tried by hand, fails it.
 */
class DictionaryRecoveryOperatorTest {
  /** Every way to learn whose state has another shape or that draws at random. */
  static java.util.stream.Stream<Arguments> learners() {
    Builder<Arguments> all = java.util.stream.Stream.builder();
    all.add(of("online", Map.of(), Map.of()));
    all.add(
        of("online", Map.of("start", "random", "schedule", "minibatch"), Map.of("lambda", 0.9)));
    all.add(
        of(
            "online",
            Map.of("constraint", "simplex"),
            Map.of("nonnegative-atoms", 1.0, "nonnegative-codes", 1.0)));
    all.add(of("orthogonal", Map.of(), Map.of()));
    all.add(of("orthogonal", Map.of("whitening", "exponential"), Map.of("refresh", 2.0)));
    all.add(of("unfolded", Map.of(), Map.of("layers", 3.0)));
    all.add(of("cp", Map.of(), Map.of("rows", 2.0)));
    all.add(of("wasserstein-cp", Map.of(), Map.of("rows", 2.0, "window", 5.0)));
    all.add(of("nmf-kl", Map.of(), Map.of()));
    return all.build();
  }

  @Test
  void everyMethodIsAmongThem() {
    assertThat(learners().map(a -> ((DictionaryOptions) a.get()[0]).method()).distinct())
        .containsExactlyInAnyOrderElementsOf(Methods.ALL.stream().map(MethodSpec::id).toList());
  }

  private static Arguments of(
      String method, Map<String, String> words, Map<String, Double> numbers) {
    return Arguments.of(Signals.learner(method, words, numbers));
  }

  private static Supplier<KeyedShell> operator(DictionaryOptions learner, int bundle) {
    LearnerOptions options =
        Signals.options()
            .dedupeWindow(5)
            .ttl(Duration.ofMillis(400))
            .snapshots(
                Shells.snapshots(
                    8, Duration.ofMillis(60), false, DType.F64, PartCodec.DEFAULT_PART_BYTES))
            .metricsEvery(5)
            .results(Results.CODES)
            .build();
    return () -> Shells.learner(options, bundle, backend -> new DictionaryLearner(learner));
  }

  /**
   * Three keys and one that comes and goes, batches with bad items, signals of no length, weights,
   * controls for one and for all, freezing, and what no job can use.
   */
  private static Stream stream() {
    Stream s = new Stream();
    Signals signals = new Signals();
    String[] keys = {"a", "b", "c"};
    for (int i = 0; i < 39; i++) {
      s.signal(keys[i % 3], i % 5 == 0 ? "i" + i : "", 100 + i, 1 + i % 2, signals.next());
    }
    s.signal("a", "i0", 140, 1, signals.next()).signal("b", "x", 140, 1, signals.next());
    s.signal("b", "x", 141, 1, signals.next()).signal("a", "", 141, 1, new double[Signals.M]);
    s.set("a", "lambda", 0.3).set("*", "sweeps", 2).set("*", "tau", 0.05);
    s.control("b", ControlCommand.PAUSE);
    s.signal("b", "", 142, 1, signals.next()).signal("b", "", 143, 1, signals.next());
    s.control("b", ControlCommand.RESUME, "", 0, "me", 1);
    s.control("b", ControlCommand.PAUSE, "", 0, "me", 1);
    double[] bad = signals.next();
    bad[2] = Double.NaN;
    double[] vast = signals.next();
    vast[1] = 1e38;
    s.batch(
        "c",
        Stream.signalItem("", 144, signals.next()),
        Stream.signalItem("", 145, bad),
        Stream.signalItem("", 146, Arrays.copyOf(bad, 2)),
        Stream.signalItem("", 147, signals.next()),
        Stream.signalItem("q", 148, signals.next()),
        Stream.signalItem("", 149, vast),
        Stream.signalItem("", 150, signals.next()));
    s.signal("d", "", 151, 1, signals.next()).signal("a", "", 152, 1e308, vast);
    s.example("a", "", 153, 1.0, 1, 1).label("a", "i0", 154, 1).bytes("a", new byte[] {1, 2});
    s.watermark(150);
    s.control("a", ControlCommand.SNAPSHOT).control("*", ControlCommand.SNAPSHOT);
    s.set("a", "lamda", 1).set("a", "lambda", -1);
    for (int i = 0; i < 9; i++) {
      s.signal(keys[i % 3], "", 170 + 10 * i, 1, signals.next());
    }
    s.control("c", ControlCommand.RESET).control("*", ControlCommand.PAUSE);
    s.signal("new", "", 300, 1, signals.next()).control("*", ControlCommand.RESUME);
    s.watermark(560);
    for (int i = 0; i < 36; i++) {
      s.signal(i % 9 == 0 ? "d" : keys[i % 3], "", 561 + i, 1, signals.next());
    }
    s.signal("a", "", 2000, 1, signals.next()).signal("a", "", 2001, 1, signals.next());
    return s;
  }

  private static Runner.Result undisturbed(DictionaryOptions learner) throws Exception {
    try (Runner r = new Runner(operator(learner, 1), HashMapStateBackend::new, 1)) {
      r.feed(stream());
      // The stream does what it says, or the comparison says little.
      assertThat(r.reasons())
          .contains(
              Reason.NOT_SINGLE_OBJECT,
              Reason.DUPLICATE_EVENT,
              Reason.NOT_FINITE,
              Reason.DIMENSION_MISMATCH,
              Reason.UNKNOWN_HYPERPARAMETER);
      assertThat(r.models).hasSizeGreaterThan(8);
      assertThat(r.modelRecords).anyMatch(m -> m.value == null);
      assertThat(r.codes).hasSizeGreaterThan(80);
      assertThat(r.codes).anyMatch(c -> !c.getValues().isEmpty());
      assertThat(r.metrics).isNotEmpty();
      assertThat(r.state("b").journal.held).isPositive();
      assertThat(r.state("b").journal.learned).isGreaterThan(2L * Signals.M);
      return r.result();
    }
  }

  private static void assertSame(Runner r, Runner.Result expected, String where) throws Exception {
    assertThat(r.states()).as("states, %s", where).isEqualTo(expected.states());
    assertThat(r.outputs).as("outputs, %s", where).isEqualTo(expected.outputs());
  }

  @ParameterizedTest
  @MethodSource("learners")
  void restoresBitEqualFromEveryPosition(DictionaryOptions learner) throws Exception {
    Runner.Result expected = undisturbed(learner);
    List<Object> items = stream().items();
    for (int at = 0; at <= items.size(); at++) {
      try (Runner r = new Runner(operator(learner, 1 + at % 3), HashMapStateBackend::new, 1)) {
        r.feed(items.subList(0, at)).restart(1).feed(items.subList(at, items.size()));
        assertSame(r, expected, "restored at " + at);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("learners")
  void rescalesBitEqualFromOneToThreeToTwo(DictionaryOptions learner) throws Exception {
    Runner.Result expected = undisturbed(learner);
    List<Object> items = stream().items();
    for (int at = 0; at <= items.size(); at += 12) {
      int then = Math.min(items.size(), at + 13);
      Supplier<StateBackend> backend =
          at == 60 ? EmbeddedRocksDBStateBackend::new : HashMapStateBackend::new;
      try (Runner r = new Runner(operator(learner, 1 + at % 2), backend, 1)) {
        r.feed(items.subList(0, at)).restart(3);
        r.feed(items.subList(at, then)).restart(2);
        r.feed(items.subList(then, items.size()));
        assertSame(r, expected, "rescaled at " + at + " and " + then);
      }
    }
  }

  /** The same events by themselves and with checkpoints everywhere, in bundles of keys. */
  @ParameterizedTest
  @MethodSource("learners")
  void checkpointsAfterEveryItemChangeNothing(DictionaryOptions learner) throws Exception {
    Runner.Result expected = undisturbed(learner);
    try (Runner r = new Runner(operator(learner, 16), HashMapStateBackend::new, 1)) {
      for (Object item : stream().items()) {
        r.feed(List.of(item));
        r.checkpoint();
      }
      assertSame(r, expected, "checkpoints everywhere");
    }
  }
}

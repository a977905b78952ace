package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.model.ModelOptions;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.operators.shell.ShellAccess;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Stopped and restored at any position of a stream, the operator ends with the same bytes: every
 * parameter, slot, counter and version of every key, and every record of every output.
 *
 * <p>The mutation that makes these tests fail: flushing the unfinished mini-batch at the barrier,
 * instead of keeping it in state. {@link #flushingTheMiniBatchAtTheBarrierIsNoticed} is that
 * mutation. Others tried by hand, each of which fails: not writing a number of the journal, a state
 * left out of {@code FlinkKeyStorage}; a shell that never flushes its bundle; a bundle that keeps
 * its references when flushed.
 */
class RecoveryOperatorTest {
  private static final Supplier<StateBackend> HASHMAP = HashMapStateBackend::new;
  private static final Supplier<StateBackend> ROCKSDB = EmbeddedRocksDBStateBackend::new;

  static LearnerOptions options() {
    return LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
        .miniBatch(4)
        .labels(Duration.ofMillis(40), 3)
        .dedupeWindow(5)
        .ttl(Duration.ofMillis(400))
        .snapshots(
            Shells.snapshots(
                8, Duration.ofMillis(60), false, DType.F64, PartCodec.DEFAULT_PART_BYTES))
        .metricsEvery(5)
        .results(Results.PREDICTIONS)
        .build();
  }

  private static Supplier<KeyedShell> operator(int bundle) {
    return operator(bundle, backend -> new TestLearner());
  }

  private static Supplier<KeyedShell> operator(int bundle, LearnerFactory learner) {
    return () -> Shells.learner(options(), bundle, learner);
  }

  /**
   * 100 items: three keys and some that come and go, labels with, after and before the features,
   * never and twice, batches with a bad item, poison, controls for one and for all, bytes that are
   * nothing.
   */
  static Stream stream() {
    Stream s = new Stream();
    String[] keys = {"a", "b", "c"};
    for (int i = 0; i < 12; i++) {
      s.example(keys[i % 3], "", 100 + i, 0.5 * i, Math.sin(i), 1);
    }
    s.example("a", "w1", 112, null, 0.5, 2).example("a", "w2", 113, null, -0.5, 1);
    s.label("a", "w1", 114, 3);
    s.bytes("a", new byte[] {1, 2, 3}).bytes("b", new byte[0]);
    s.example("b", "x", 115, 1.0, 0, 0).example("b", "x", 116, 1.0, 0, 0);
    s.set("a", "learning-rate", 0.01).set("*", "momentum", 0.8);
    s.control("b", ControlCommand.PAUSE);
    s.example("b", "", 118, 2.0, 1, 1).example("b", "", 119, 2.5, 1, -1);
    s.control("b", ControlCommand.RESUME, "", 0, "me", 1);
    s.control("b", ControlCommand.PAUSE, "", 0, "me", 1);
    s.example("d", "", 120, 1.0, 3, 3);
    s.batch(
        "c",
        Stream.item("", 121, 1.0, 0.1, 0.2),
        Stream.item("", 122, Double.NaN, 0.3, 0.2),
        Stream.item("", 123, 2.0, 0.4, 0.6),
        Stream.item("q", 124, null, 0.4, 0.9),
        Stream.item("", 125, -1.0, 0.7, 0.1),
        Stream.item("", 126, 0.5, 0.2, 0.8),
        Stream.item("", 127, 0.25, 0.9, 0.3));
    s.watermark(125);
    // Labels before their examples: of a key that has begun, of one that has not, twice, for
    // nobody.
    s.label("c", "z", 128, 0.5).label("e", "z", 290, 0.5).label("c", "z", 128, 0.75);
    s.label("e", "never", 130, 0.5).example("c", "z", 128, null, 0.25, 0.5);
    s.example("a", "", 128, 1e308, 1e20, 1).example("a", "", 129, 1.0, 0.3, 0.4);
    s.example("a", "", 130, 1e15, 1, 1).example("a", "", 131, 0.5, 0.1, 0.9);
    s.label("c", "q", 128, 0.75).label("c", "q", 129, 0.75).label("c", "never", 130, 1);
    s.control("a", ControlCommand.SNAPSHOT).control("nobody", ControlCommand.RESET);
    s.set("a", "momentun", 1).set("*", "momentum", 7).control("*", ControlCommand.SNAPSHOT);
    for (int i = 0; i < 5; i++) {
      s.example(keys[i % 3], "e" + i, 170 + 20 * i, 1.0 / (i + 1), i, -0.5);
    }
    s.control("c", ControlCommand.RESET).control("*", ControlCommand.PAUSE);
    s.example("new", "", 300, 1.0, 1, 1).control("*", ControlCommand.RESUME);
    s.watermark(540).example("e", "z", 302, null, 1, 1);
    s.until("b", 560); // a block of the partition's clock
    // By its own clock it lives; its partition has passed it by, whether a sweep has or not.
    s.example("d", "", 510, 2.0, 1, 0).example("d", "", 546, 2.0, 0, 1);
    for (int i = 0; i < 9; i++) {
      s.example(keys[i % 3], "", 550 + i, 2.0 - i, 0.1 * i, 0.3);
    }
    s.example("a", "", 2000, 1.0, 1, 1).example("a", "", 2001, 2.0, 1, 1);
    return s;
  }

  private static Runner.Result undisturbed() throws Exception {
    try (Runner r = new Runner(operator(1), HASHMAP, 1)) {
      r.feed(stream());
      // The stream does what it says, or the comparison says little.
      assertThat(r.reasons())
          .contains(
              Reason.NOT_SINGLE_OBJECT,
              Reason.EMPTY,
              Reason.DUPLICATE_EVENT,
              Reason.NOT_FINITE,
              Reason.NOT_FINITE_GRADIENT,
              Reason.DIVERGED,
              Reason.LABEL_WITHOUT_EXAMPLE,
              Reason.LABEL_EXPIRED,
              Reason.DUPLICATE_ID,
              Reason.CONTROL_FOR_ABSENT_KEY,
              Reason.UNKNOWN_HYPERPARAMETER,
              Reason.BAD_HYPERPARAMETER);
      assertThat(r.models).hasSizeGreaterThan(8);
      assertThat(r.modelRecords).anyMatch(m -> m.value == null);
      assertThat(r.state("d").journal.predicted).as("in its second life").isEqualTo(2);
      assertThat(r.state("b").journal.held).isPositive();
      assertThat(r.state("b").journal.rollbacks + r.state("c").journal.rollbacks).isZero();
      assertThat(r.metrics).isNotEmpty();
      assertThat(r.predictions).hasSizeGreaterThan(50);
      return r.result();
    }
  }

  private static void assertSame(Runner r, Runner.Result expected, String where) throws Exception {
    assertThat(r.states()).as("states, %s", where).isEqualTo(expected.states());
    assertThat(r.outputs).as("outputs, %s", where).isEqualTo(expected.outputs());
  }

  /** Every position on the heap; RocksDB takes its time to open, so it shares them out. */
  @ParameterizedTest
  @CsvSource({
    "hashmap, 1, 0, 1",
    "hashmap, 16, 0, 1",
    "hashmap, 2, 0, 1",
    "rocksdb, 1, 0, 2",
    "rocksdb, 16, 1, 2"
  })
  void restoresBitEqualFromEveryPosition(String backend, int bundle, int first, int by)
      throws Exception {
    Runner.Result expected = undisturbed();
    List<Object> items = stream().items();
    for (int at = first; at <= items.size(); at += by) {
      Supplier<StateBackend> b = backend.equals("rocksdb") ? ROCKSDB : HASHMAP;
      try (Runner r = new Runner(operator(bundle), b, 1)) {
        r.feed(items.subList(0, at)).restart(1).feed(items.subList(at, items.size()));
        assertSame(r, expected, "restored at " + at);
      }
    }
  }

  /** The learner of the `learn` job itself, with feature scaling. */
  @ParameterizedTest
  @CsvSource({
    "linear, sgd",
    "linear, adam",
    "linear, ftrl_proximal",
    "mlp, mkor_linear",
    "mlp, storm",
    "fm, mars_adamw"
  })
  void theSupervisedLearnerRestoresBitEqualFromEveryPosition(String model, String optimizer)
      throws Exception {
    SupervisedOptions learner =
        SupervisedOptions.of(Stream.INPUT, "squared", optimizer, Map.of())
            .withModel(ModelOptions.of(model))
            .withScaling(Scaling.STANDARD);
    LearnerFactory factory = backend -> new SupervisedLearner(learner);
    Runner.Result expected;
    try (Runner r = new Runner(operator(1, factory), HASHMAP, 1).feed(stream())) {
      expected = r.result();
      assertThat(r.state("c").journal.learned).isPositive();
      assertThat(r.models).isNotEmpty();
    }
    List<Object> items = stream().items();
    for (int at = 0; at <= items.size(); at++) {
      try (Runner r = new Runner(operator(1 + at % 3, factory), HASHMAP, 1)) {
        r.feed(items.subList(0, at)).restart(1 + at % 2);
        r.feed(items.subList(at, items.size()));
        assertSame(r, expected, "restored at " + at);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"hashmap, 16", "rocksdb, 1"})
  void checkpointsAfterEveryItemChangeNothing(String backend, int bundle) throws Exception {
    Runner.Result expected = undisturbed();
    Supplier<StateBackend> b = backend.equals("rocksdb") ? ROCKSDB : HASHMAP;
    try (Runner r = new Runner(operator(bundle), b, 1)) {
      for (Object item : stream().items()) {
        r.feed(List.of(item));
        r.checkpoint();
      }
      assertSame(r, expected, "checkpoints everywhere");
    }
  }

  @ParameterizedTest
  @CsvSource({"hashmap, 1", "hashmap, 16", "rocksdb, 16"})
  void rescalesBitEqualFromOneToThreeToTwo(String backend, int bundle) throws Exception {
    Runner.Result expected = undisturbed();
    List<Object> items = stream().items();
    Supplier<StateBackend> b = backend.equals("rocksdb") ? ROCKSDB : HASHMAP;
    for (int at = 0; at <= items.size(); at += backend.equals("rocksdb") ? 12 : 3) {
      int then = Math.min(items.size(), at + 11);
      try (Runner r = new Runner(operator(bundle), b, 1)) {
        r.feed(items.subList(0, at)).restart(3);
        r.feed(items.subList(at, then)).restart(2);
        r.feed(items.subList(then, items.size()));
        assertSame(r, expected, "rescaled at " + at + " and " + then);
      }
    }
  }

  /** Takes the steps of unfinished mini-batches at the barrier, as one must not. */
  private static KeyedShell flushing() {
    return ShellAccess.meddling(
        Shells.stageOptions(options(), 1),
        Shells.stage(options(), backend -> new TestLearner()),
        (handler, key) -> {
          if (key.journal() != null && key.journal().held > 0) {
            ((LearnerHandler) handler).trainer().step(key, null);
          }
        });
  }

  @Test
  void flushingTheMiniBatchAtTheBarrierIsNoticed() throws Exception {
    Runner.Result expected = undisturbed();
    List<Object> items = stream().items();
    int noticed = 0;
    for (int at = 0; at <= items.size(); at++) {
      try (Runner r = new Runner(RecoveryOperatorTest::flushing, HASHMAP, 1)) {
        r.feed(items.subList(0, at)).restart(1).feed(items.subList(at, items.size()));
        noticed += r.states().equals(expected.states()) ? 0 : 1;
      }
    }
    assertThat(noticed).isGreaterThan(items.size() / 2);
  }
}

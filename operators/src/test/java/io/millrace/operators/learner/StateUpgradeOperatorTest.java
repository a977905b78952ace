package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.learn.ForwardingLearner;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.state.StateException;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.operators.shell.StageFailure;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.InputPosition;
import io.millrace.schemas.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A savepoint taken under one build or configuration and restored under another. */
class StateUpgradeOperatorTest {
  private static Supplier<StateBackend> backend(String name) {
    return name.equals("rocksdb") ? EmbeddedRocksDBStateBackend::new : HashMapStateBackend::new;
  }

  private static KeyedShell operator(int miniBatch, int dedupe, LearnerFactory learner) {
    return Shells.learner(
        LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
            .miniBatch(miniBatch)
            .dedupeWindow(dedupe)
            .build(),
        learner);
  }

  private static List<Object> examples() {
    Stream s = new Stream();
    for (int i = 0; i < 14; i++) {
      s.example(i % 2 == 0 ? "a" : "b", "i" + i, i, 1.0 + i, Math.sin(i), 1);
    }
    return s.items();
  }

  /** Runs the first half under one operator and hands its checkpoint to another. */
  private static Runner handedOver(
      String backend, Supplier<KeyedShell> from, Supplier<KeyedShell> to) throws Exception {
    AtomicReference<Supplier<KeyedShell>> current = new AtomicReference<>(from);
    Runner r = new Runner(() -> current.get().get(), backend(backend), 1);
    r.feed(examples().subList(0, 7));
    OperatorSubtaskState state = r.checkpoint();
    current.set(to);
    return r.restore(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void anOlderStateVersionIsUpgradedAndLearnsOnTheSame(String backend) throws Exception {
    Supplier<KeyedShell> old =
        () -> operator(2, 0, compute -> new TestLearner("test-momentum", 1, Map.of()));
    Supplier<KeyedShell> today = () -> operator(2, 0, compute -> new TestLearner());
    Map<String, String> expected;
    try (Runner r = new Runner(today, backend(backend), 1)) {
      expected = r.feed(examples()).states();
    }
    try (Runner r = handedOver(backend, old, today)) {
      // Untouched keys are carried along as they were, also through another checkpoint.
      r.restart(1);
      r.feed(examples().subList(7, 14));
      assertThat(r.states()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void stateOfAnotherAlgorithmIsRefusedByName(String backend) {
    assertThatThrownBy(
            () ->
                handedOver(
                    backend,
                    () -> operator(2, 0, compute -> new TestLearner("other", 2, Map.of())),
                    () -> operator(2, 0, compute -> new TestLearner())))
        .hasStackTraceContaining(StateException.class.getName())
        .hasStackTraceContaining("savepoint holds state of 'other', the job runs 'test-momentum'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void otherMiniBatchesAndWindowsAreTakenUp(String backend) throws Exception {
    try (Runner r =
        handedOver(
            backend,
            () -> operator(5, 3, compute -> new TestLearner()),
            () -> operator(2, 2, compute -> new TestLearner()))) {
      assertThat(r.state("a").journal.held).isEqualTo(4);
      r.feed(examples().subList(8, 9));
      assertThat(r.state("a").journal.held).isZero();
      assertThat(r.state("a").journal.learned).isEqualTo(5);
      assertThat(r.state("a").journal.recentWindow).isEqualTo(2);
      r.feed(examples().subList(8, 9)).feed(examples().subList(2, 3));
      assertThat(r.state("a").journal.predicted).isEqualTo(6);
    }
  }

  /** The same learner, with one thing about its numbers said otherwise. */
  private static final class Meaning extends ForwardingLearner {
    private final String classes;

    Meaning(String classes) {
      super(new TestLearner());
      this.classes = classes;
    }

    @Override
    public SortedMap<String, String> meaning() {
      return new TreeMap<>(Map.of("model.kind", "test", "model.classes", classes));
    }

    @Override
    public OnlineLearner with(Map<String, Double> changed) {
      return this;
    }
  }

  /** It was accepted, and every score of the restored job was inverted. */
  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void stateOfAnotherMeaningIsRefusedNamingBoth(String backend) {
    assertThatThrownBy(
            () ->
                handedOver(
                    backend,
                    () -> operator(2, 0, compute -> new Meaning("[DOWN, UP]")),
                    () -> operator(2, 0, compute -> new Meaning("[UP, DOWN]"))))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("savepoint holds state of 'test-momentum' that means something else")
        .hasMessageContaining("model.classes is '[DOWN, UP]' in the savepoint, '[UP, DOWN]' here");
  }

  private static KeyedShell on(String compute, List<String> told) {
    LearnerOptions options = LearnerOptions.builder(Stream.TOPICS, Stream.INPUT).build();
    return new KeyedShell(
        Shells.stageOptions(options, 1, compute),
        Shells.stage(
            options,
            id -> {
              told.add(id);
              return new TestLearner();
            }));
  }

  /**
   * It was chosen by the machine that submits, which has no device, and nothing remembered it: the
   * bits of a restored job depended on who had started it.
   */
  @Test
  @SuppressWarnings("try") // the device is there while the block is
  void theBackendIsChosenWhereTheWorkIsDoneAndKeptWithTheState() throws Exception {
    List<String> told = new ArrayList<>();
    String[] setting = {"auto"};
    try (TestDevice device = TestDevice.plugIn();
        Runner r = new Runner(() -> on(setting[0], told), backend("hashmap"), 1)) {
      r.feed(examples().subList(0, 7));
      assertThat(told).as("auto, at the first start").containsExactly(TestDevice.ID);
      setting[0] = TestDevice.ID;
      r.restart(3);
      setting[0] = "auto";
      r.restart(1);
      assertThat(told).containsOnly(TestDevice.ID);
      r.feed(new Stream().control("a", ControlCommand.SNAPSHOT));
      assertThat(r.models.get(0).getProvenance().getBackend()).isEqualTo(TestDevice.ID);
      setting[0] = "scalar";
      assertThatThrownBy(() -> r.restart(1))
          .isInstanceOf(StageFailure.class)
          .hasMessageContaining(
              "compute.backend = 'scalar', the state was made on '" + TestDevice.ID + "'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", TestDevice.ID})
  void stateOfABackendThatIsNotHereIsRefused(String later) throws Exception {
    String[] setting = {"auto"};
    TestDevice device = TestDevice.plugIn();
    try (Runner r = new Runner(() -> on(setting[0], new ArrayList<>()), backend("hashmap"), 1)) {
      r.feed(examples().subList(0, 7));
      OperatorSubtaskState state = r.checkpoint();
      device.close();
      setting[0] = later;
      assertThatThrownBy(() -> r.restore(state))
          .isInstanceOf(StageFailure.class)
          .hasMessageContaining(
              "compute.backend = '" + TestDevice.ID + "' cannot be used: it is not plugged in");
    } finally {
      device.close();
    }
  }

  @Test
  @SuppressWarnings("try") // the device is there while the block is
  void aRunThatBeganWithoutTheDeviceGoesOnWithoutIt() throws Exception {
    List<String> told = new ArrayList<>();
    try (Runner r = new Runner(() -> on("auto", told), backend("hashmap"), 1)) {
      r.feed(examples().subList(0, 7));
      try (TestDevice device = TestDevice.plugIn()) {
        r.restart(1);
      }
      assertThat(told).doesNotContain(TestDevice.ID).hasSizeGreaterThan(1);
    }
  }

  /** Letters and messages named the job's topic of today at the place of the event's own. */
  @Test
  void keptEventsAreOfTheTopicTheyCameFromWhateverTheJobReadsToday() throws Exception {
    List<String> later = List.of("labels", "another", "events");
    AtomicReference<List<String>> topics = new AtomicReference<>(Stream.TOPICS);
    Supplier<KeyedShell> shell =
        () -> {
          LearnerOptions options =
              LearnerOptions.builder(topics.get(), Stream.INPUT)
                  .miniBatch(3)
                  .labels(Duration.ofMillis(5), 9)
                  .build();
          return new KeyedShell(
              Shells.stageOptions(options, 1), Shells.stage(options, backend -> new TestLearner()));
        };
    Stream first =
        new Stream()
            .example("a", "", 1, 1e308, 1e10, 1)
            .example("a", "waits", 1, null, 1, 1)
            .example("a", "", 1, 1.0, 1, 1);
    try (Runner r = new Runner(shell, backend("hashmap"), 1)) {
      r.feed(first);
      topics.set(later);
      r.restart(1);
      r.feed(new Stream(later, 2).example("a", "", 100, 1.0, 1, 1));
      assertThat(r.deadLetters)
          .extracting(DeadLetter::getReason, DeadLetter::getTopic)
          .containsExactly(
              tuple(Reason.LABEL_EXPIRED, "events"), tuple(Reason.NOT_FINITE_GRADIENT, "events"));
      r.feed(new Stream().control("a", ControlCommand.SNAPSHOT));
      assertThat(r.models.get(0).getInputs())
          .extracting(InputPosition::getTopic)
          .containsOnly("events");
    }
  }
}

package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleItem;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;

class LearnerOperatorTest {
  @Test
  void learnsMiniBatchesCountedPerKeyAcrossRecords() throws Exception {
    double[][] rows = {{1, 1, 2}, {2, 2, 1}, {3, 0, 1}, {4, 1, 0}, {5, 1, 1}};
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("b", "", 1, 9.0, 1, 2);
    s.batch("a", Stream.item("", 2, 2.0, 2, 1), Stream.item("", 3, 3.0, 0, 1));
    s.batch("a", Stream.item("", 4, 4.0, 1, 0), Stream.item("", 5, 5.0, 1, 1));
    try (Runner r = Runner.ofTestLearner(b -> b.miniBatch(2)).feed(s)) {
      assertThat(r.theta("a"))
          .isEqualTo(
              TestLearner.learned(
                  Map.of(), new double[][] {rows[0], rows[1]}, new double[][] {rows[2], rows[3]}));
      Kept a = r.state("a");
      assertThat(a.journal.learned).isEqualTo(4);
      assertThat(a.journal.predicted).isEqualTo(5);
      assertThat(a.held).hasSize(1);
      assertThat(a.held.get(0).index()).isEqualTo(1);
      assertThat(a.learner.steps()).isEqualTo(2);
      assertThat(r.state("b").journal.learned).isZero();
    }
  }

  @Test
  void anExampleOfWeightZeroIsPredictedAndNoMore() throws Exception {
    Stream s = new Stream();
    s.batch("a", weighing(0, 1e6), weighing(1, 1.25), weighing(0, -1e6));
    try (Runner r =
        Runner.ofTestLearner(b -> b.results(Results.PREDICTIONS).metricsEvery(3)).feed(s)) {
      assertThat(r.predictions).hasSize(3);
      assertThat(r.metrics.get(0).getValues()).containsEntry("loss", 0.5);
      assertThat(r.metrics.get(0).getCounters())
          .containsEntry("steps", 1L)
          .containsEntry("examples", 1L)
          .containsEntry("scored", 1L)
          .containsEntry("skipped", 2L);
      assertThat(r.theta("a"))
          .isEqualTo(TestLearner.learned(Map.of(), new double[][] {{1.25, 1, 2}}));
    }
  }

  private static ExampleItem weighing(double weight, double label) {
    ExampleItem item = Stream.item("", 1, label, 1, 2);
    item.setWeight(weight);
    return item;
  }

  @Test
  void predictsBeforeItLearnsAndSumsUpTheLoss() throws Exception {
    Stream s = new Stream().example("a", "i", 7, 1.25, 1, 2).example("a", "", 8, 1.0, 1, 2);
    try (Runner r =
        Runner.ofTestLearner(b -> b.results(Results.PREDICTIONS).metricsEvery(2)).feed(s)) {
      assertThat(r.predictions.get(0).getScores()).containsExactly(0.25);
      assertThat(r.predictions.get(0).getLabel()).isEqualTo(1.25);
      assertThat(r.predictions.get(0).getId()).isEqualTo("i");
      assertThat(r.predictions.get(1).getModelSteps()).isEqualTo(1);
      double second = r.predictions.get(1).getScores().get(0) - 1;
      double mean = (0.5 + 0.5 * second * second) / 2;
      assertThat(r.metrics).hasSize(1);
      assertThat(r.metrics.get(0).getValues())
          .containsEntry("loss", mean)
          .containsEntry("windowLoss", mean)
          .containsEntry("accuracy", 0.5);
      assertThat(r.metrics.get(0).getCounters())
          .containsEntry("examples", 2L)
          .containsEntry("predicted", 2L)
          .containsEntry("steps", 2L);
    }
  }

  @Test
  void aMiniBatchForWhichThereIsNoRoomIsLearnedAsFarAsItHasCome() throws Exception {
    Stream s = new Stream();
    for (int i = 0; i < 20; i++) {
      s.example("a", "", 1 + i, 1.0, 1, i);
    }
    s.batch("b", Stream.item("", 1, 1.0, 1, 2), Stream.item("", 2, 1.0, 2, 1));
    try (Runner r = Runner.ofTestLearner(b -> b.miniBatch(1000).limits(1000, 16)).feed(s)) {
      assertThat(r.reasons()).isEmpty();
      Kept a = r.state("a");
      assertThat(a.journal.learned).isBetween(10L, 19L);
      assertThat(a.journal.learned + a.journal.held).isEqualTo(20);
      assertThat(a.journal.heldBytes).isLessThanOrEqualTo(1000);
      assertThat(r.state("b").journal.held).isEqualTo(2);
    }
  }

  @Test
  void anEventThatComesTwiceWithinTheWindowIsLearnedOnce() throws Exception {
    Stream s = new Stream();
    for (String id : List.of("1", "2", "1", "3", "4", "1", "")) {
      s.example("a", id, 1, 1.0, 1, 1);
    }
    s.example("a", "", 1, 1.0, 1, 1).example("b", "1", 1, 1.0, 1, 1);
    try (Runner r = Runner.ofTestLearner(b -> b.dedupeWindow(3)).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.DUPLICATE_EVENT);
      assertThat(r.deadLetters.get(0).getOffset()).isEqualTo(2);
      assertThat(r.state("a").journal.learned).isEqualTo(7);
    }
  }

  /** Else a dead letter that was mended, or for which room was made, was refused for its id. */
  @Test
  void anEventThatBecomesADeadLetterMayBeSentAgainUnderItsId() throws Exception {
    Stream first = new Stream().example("a", "1", 1, null, 1, 1).example("a", "2", 2, null, 1, 1);
    first.example("a", "nan", 3, 1e308, 1e20, 1);
    first.batch("a", Stream.item("far", 4, 1e12, 1, 1), Stream.item("", 5, 1e308, 1e20, 1));
    Stream again = new Stream().label("a", "1", 5, 1.0).example("a", "2", 6, null, 1, 1);
    again.example("a", "nan", 7, 1.0, 1, 1).example("a", "far", 8, 1.0, 1, 1);
    again.example("a", "", 200, 1.0, 1, 1).example("a", "2", 201, 1.0, 1, 1);
    again.example("a", "nan", 202, 1.0, 1, 1);
    try (Runner r =
        Runner.ofTestLearner(b -> b.labels(Duration.ofMillis(50), 1).dedupeWindow(100))
            .feed(first)) {
      assertThat(r.reasons())
          .containsExactly(
              Reason.TOO_MANY_PENDING,
              Reason.NOT_FINITE_GRADIENT,
              Reason.DIVERGED,
              Reason.NOT_FINITE_GRADIENT);
      r.deadLetters.clear();
      r.feed(again);
      assertThat(r.reasons()).containsExactly(Reason.LABEL_EXPIRED, Reason.DUPLICATE_EVENT);
      assertThat(r.deadLetters.get(1).getOffset()).as("learned and sent again").isEqualTo(6);
    }
  }

  /**
   * Two of three items were learned, the record became a dead letter, and was learned from again.
   */
  @Test
  void aBatchThatIsCutIsUsedInNoPart() throws Exception {
    Stream whole = new Stream();
    whole.batch(
        "a",
        Stream.item("", 1, 1.0, 1, 1),
        Stream.item("", 2, 1.0, 2, 1),
        Stream.item("", 3, 1.0, 1, 2));
    byte[] value = ((RoutedEvent) whole.items().get(0)).value;
    Stream s = new Stream().bytes("a", Arrays.copyOf(value, value.length - 4));
    s.bytes("a", Arrays.copyOf(value, value.length + 1)).bytes("a", value);
    try (Runner r = Runner.ofTestLearner(b -> b).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.MALFORMED, Reason.TRAILING_BYTES);
      assertThat(r.deadLetters).allMatch(d -> d.getIndex() == -1);
      assertThat(r.state("a").journal.learned).isEqualTo(3);
    }
  }

  @Test
  void aPoisonedRowIsTakenOutAndTheRestOfItsMiniBatchLearned() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("a", "", 2, 1e308, 1e10, 1);
    s.batch("a", Stream.item("", 3, 2.0, 2, 1), Stream.item("", 4, 1e308, 1e20, 1));
    try (Runner r = Runner.ofTestLearner(b -> b.miniBatch(4)).feed(s)) {
      assertThat(r.reasons())
          .containsExactly(Reason.NOT_FINITE_GRADIENT, Reason.NOT_FINITE_GRADIENT);
      assertThat(r.deadLetters.get(0).getValue())
          .isEqualTo(ByteBuffer.wrap(((RoutedEvent) s.items().get(1)).value));
      DeadLetter ofBatch = r.deadLetters.get(1);
      assertThat(ofBatch.getIndex()).isEqualTo(1);
      Example item = SingleObject.standard().decode(Example.class, bytes(ofBatch.getValue()));
      assertThat(item.getLabel()).isEqualTo(1e308);
      assertThat(item.getKey()).isEqualTo("a");
      assertThat(r.theta("a"))
          .isEqualTo(TestLearner.learned(Map.of(), new double[][] {{1, 1, 2}, {2, 2, 1}}));
      assertThat(r.state("a").journal.rollbacks).isEqualTo(2);
      assertThat(r.state("a").journal.learned).isEqualTo(2);
      assertThat(r.state("a").journal.total.lossSum).isFinite();
    }
  }

  @Test
  void whereNoRowIsNamedTheOneThatAloneDivergesIsToBlame() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("a", "", 2, 1e12, 1, 1);
    try (Runner r = Runner.ofTestLearner(b -> b.miniBatch(2)).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.DIVERGED);
      assertThat(r.deadLetters.get(0).getOffset()).isEqualTo(1);
      assertThat(r.theta("a")).isEqualTo(TestLearner.learned(Map.of(), new double[][] {{1, 1, 2}}));
      assertThat(r.state("a").journal.rollbacks).isEqualTo(1);
    }
  }

  @Test
  void aModelAtItsLimitRefusesWhatWouldDriveItBeyondAndStaysThere() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.8e7, 1, 0);
    s.example("a", "", 2, 2e7, 0.9, 0).example("a", "", 3, 2e7, 0.9, 0);
    try (Runner r = Runner.ofTestLearner(b -> b.miniBatch(1)).feed(s.items().subList(0, 1))) {
      assertThat(r.theta("a")[0]).isBetween(8.9e5, 9.1e5);
      r.feed(s.items().subList(1, 3));
      assertThat(r.reasons()).containsExactly(Reason.DIVERGED, Reason.DIVERGED);
      assertThat(r.theta("a"))
          .isEqualTo(TestLearner.learned(Map.of(), new double[][] {{1.8e7, 1, 0}}));
    }
  }

  @Test
  void aHyperparameterSetForOneKeyCountsFromThenOnAndIsInTheNextSnapshot() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("b", "", 1, 1.0, 1, 2);
    s.set("a", "test-momentum.learning-rate", 0.01);
    s.example("a", "", 2, 1.0, 1, 2).example("b", "", 2, 1.0, 1, 2);
    s.control("a", ControlCommand.SNAPSHOT).control("b", ControlCommand.SNAPSHOT);
    try (Runner r = Runner.ofTestLearner(b -> b).feed(s)) {
      ModelSnapshot a = r.models.get(0);
      assertThat(a.getProvenance().getHyperparameters())
          .containsEntry("learning-rate", 0.01)
          .containsEntry("momentum", 0.5);
      assertThat(a.getProvenance().getControlEpoch()).isEqualTo(2);
      assertThat(r.models.get(1).getProvenance().getHyperparameters())
          .containsEntry("learning-rate", 0.05);
      assertThat(r.theta("a")).isNotEqualTo(r.theta("b"));
    }
  }

  @Test
  void controlsForAllKeysReachThoseThatAreAndThoseThatComeLater() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).set("*", "learning-rate", 0.5);
    s.control("*", ControlCommand.PAUSE).control("*", ControlCommand.SNAPSHOT);
    s.example("b", "", 2, 1.0, 1, 2);
    try (Runner r = Runner.ofTestLearner(b -> b).feed(s).restart(3)) {
      r.feed(new Stream().example("c", "", 3, 1.0, 1, 2));
      for (String key : List.of("a", "b", "c")) {
        Kept state = r.state(key);
        assertThat(state.journal.paused).isTrue();
        assertThat(state.journal.overrides).containsEntry("learning-rate", 0.5);
        assertThat(state.journal.controlEpoch).isEqualTo(3);
      }
      assertThat(r.models).extracting(ModelSnapshot::getKey).containsExactly("a");
    }
  }

  @Test
  void badControlsBecomeDeadLettersOnceAndNoKeyBegins() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2);
    s.control("a", ControlCommand.UNKNOWN).set("a", "rate", 1).set("a", "learning-rate", -1);
    s.set("nobody", "learning-rate", 0.1).set("*", "momentum", 1).set("*", "m", 1);
    LearnerOptions options = LearnerOptions.builder(Stream.TOPICS, Stream.INPUT).build();
    try (Runner r =
        new Runner(
            () -> Shells.learner(options, backend -> new TestLearner()),
            HashMapStateBackend::new,
            3)) {
      r.feed(s);
      assertThat(r.reasons())
          .containsExactly(
              Reason.UNKNOWN_CONTROL,
              Reason.UNKNOWN_HYPERPARAMETER,
              Reason.BAD_HYPERPARAMETER,
              Reason.CONTROL_FOR_ABSENT_KEY,
              Reason.BAD_HYPERPARAMETER,
              Reason.UNKNOWN_HYPERPARAMETER);
      assertThat(r.deadLetters.get(1).getMessage())
          .endsWith("test-momentum has no hyperparameter 'rate'; it has [learning-rate, momentum]");
      assertThat(r.deadLetters.get(2).getMessage())
          .endsWith("learning-rate = -1.0; must lie in (0, Infinity)");
      assertThat(r.states()).containsOnlyKeys("a");
    }
  }

  @Test
  void aRepeatedControlIsDroppedByOriginAndSequence() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2);
    s.control("a", ControlCommand.SET, "momentum", 0.1, "tuner", 1);
    s.control("a", ControlCommand.SET, "momentum", 0.2, "tuner", 2);
    s.control("a", ControlCommand.SET, "momentum", 0.1, "tuner", 1);
    s.control("*", ControlCommand.SET, "learning-rate", 0.1, "tuner", 1);
    s.control("*", ControlCommand.SET, "learning-rate", 0.2, "tuner", 1);
    try (Runner r = Runner.ofTestLearner(b -> b).feed(s)) {
      assertThat(r.state("a").journal.overrides)
          .isEqualTo(Map.of("momentum", 0.2, "learning-rate", 0.1));
      assertThat(r.state("a").journal.controlEpoch).isEqualTo(3);
      assertThat(r.deadLetters).isEmpty();
    }
  }

  @Test
  void whilePausedItPredictsAndDoesNotLearn() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).control("a", ControlCommand.PAUSE);
    s.example("a", "", 2, 1.0, 1, 2).control("a", ControlCommand.RESUME);
    s.example("a", "", 3, 1.0, 1, 2);
    try (Runner r = Runner.ofTestLearner(b -> b).feed(s)) {
      Kept a = r.state("a");
      assertThat(a.journal.predicted).isEqualTo(3);
      assertThat(a.journal.learned).isEqualTo(2);
      assertThat(a.journal.skipped).isEqualTo(1);
      assertThat(a.journal.total.scored).isEqualTo(3);
    }
  }

  @Test
  void aResetPutsTheModelToItsStartAndVersionsGoOn() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("a", "", 2, 1.0, 1, 2);
    s.example("a", "", 3, 1.0, 1, 2).control("a", ControlCommand.SNAPSHOT);
    s.control("a", ControlCommand.RESET).control("a", ControlCommand.SNAPSHOT);
    try (Runner r = Runner.ofTestLearner(b -> b.miniBatch(2)).feed(s)) {
      Kept a = r.state("a");
      assertThat(r.theta("a")).containsExactly(0, 0, 0.25);
      assertThat(a.learner.steps()).isZero();
      assertThat(a.journal.abandoned).isEqualTo(1);
      assertThat(a.journal.total.scored).isZero();
      assertThat(r.models).extracting(ModelSnapshot::getVersion).containsExactly(1L, 2L);
    }
  }

  @Test
  void aGapBeyondTheTimeToLiveBeginsTheKeyAnew() throws Exception {
    Stream s = new Stream().example("a", "", 1000, 1.0, 1, 2);
    s.example("a", "w", 1001, null, 1, 2).example("a", "", 1002, 2.0, 1, 2);
    s.example("a", "", 1102, 1.0, 3, 2).example("a", "", 1203, 1.0, 3, 2);
    UnaryOperator<LearnerOptions.Builder> with =
        b ->
            b.ttl(Duration.ofMillis(100)).labels(Duration.ofHours(1), 5).snapshots(Shells.every(1));
    try (Runner r = Runner.ofTestLearner(with).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.LABEL_EXPIRED);
      assertThat(r.models).extracting(ModelSnapshot::getVersion).containsExactly(1L, 2L, 3L, 1L);
      assertThat(r.modelRecords.get(3).value).as("tombstone").isNull();
      assertThat(r.state("a").journal.learned).isEqualTo(1);
    }
  }

  @Test
  void theEndOfTheInputForgetsNoKey() throws Exception {
    Stream s = new Stream().example("a", "", 1000, 1.0, 1, 2);
    try (Runner r = Runner.ofTestLearner(b -> b.ttl(Duration.ofMillis(100))).feed(s).end()) {
      assertThat(r.states()).containsOnlyKeys("a");
    }
  }

  @Test
  void nothingIsLostOfARecordWithGoodAndBadItems() throws Exception {
    Stream s = new Stream();
    s.batch(
        "a",
        Stream.item("", 1, 1.0, 1, 1),
        Stream.item("", 2, Double.POSITIVE_INFINITY, 1, 1),
        Stream.item("", 3, 1.0, Double.NaN, 1),
        Stream.item("", 4, 1.0, 1, 1));
    s.bytes("a", new byte[0]).bytes("", "nonsense".getBytes(StandardCharsets.UTF_8));
    try (Runner r = Runner.ofTestLearner(b -> b).feed(s)) {
      assertThat(r.state("a").journal.learned).isEqualTo(2);
      assertThat(r.deadLetters)
          .extracting(DeadLetter::getOffset, DeadLetter::getIndex)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(0L, 1),
              org.assertj.core.groups.Tuple.tuple(0L, 2),
              org.assertj.core.groups.Tuple.tuple(1L, -1),
              org.assertj.core.groups.Tuple.tuple(2L, -1));
    }
  }

  private static byte[] bytes(ByteBuffer b) {
    byte[] out = new byte[b.remaining()];
    b.duplicate().get(out);
    return out;
  }
}

package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.learner.LearnerOptions.Snapshots;
import io.millrace.operators.publish.Results;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Example;
import io.millrace.schemas.InputPosition;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.Tensors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;

class LearnerOperatorTest {
  private static Runner runner(UnaryOperator<LearnerOptions.Builder> with) throws Exception {
    LearnerOptions options =
        with.apply(LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)).build();
    return new Runner(
        () -> new LearnerOperator(options, TestLearner::new), HashMapStateBackend::new, 1);
  }

  private static Snapshots every(long examples) {
    return new Snapshots(examples, null, false, DType.F64, PartCodec.DEFAULT_PART_BYTES);
  }

  /** What the learner makes of these rows, mini-batch by mini-batch, without any operator. */
  private static double[] learned(Map<String, Double> hypers, double[][]... miniBatches) {
    TestLearner learner = new TestLearner("test-momentum", 2, hypers);
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "a");
    for (double[][] rows : miniBatches) {
      Rows batch = learner.newRows();
      for (double[] row : rows) {
        batch.beginRow();
        batch.add((float) row[1]);
        batch.add((float) row[2]);
        batch.endRow(row[0], 1);
      }
      learner.learn(batch, state, "a", new Workspace());
    }
    return state.block("theta");
  }

  private static double[] theta(Runner r, String key) throws Exception {
    return r.state(key).learner.block("theta");
  }

  @Test
  void learnsMiniBatchesCountedPerKeyAcrossRecords() throws Exception {
    double[][] rows = {{1, 1, 2}, {2, 2, 1}, {3, 0, 1}, {4, 1, 0}, {5, 1, 1}};
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("b", "", 1, 9.0, 1, 2);
    s.batch("a", Stream.item("", 2, 2.0, 2, 1), Stream.item("", 3, 3.0, 0, 1));
    s.batch("a", Stream.item("", 4, 4.0, 1, 0), Stream.item("", 5, 5.0, 1, 1));
    try (Runner r = runner(b -> b.miniBatch(2)).feed(s)) {
      assertThat(theta(r, "a"))
          .isEqualTo(
              learned(
                  Map.of(), new double[][] {rows[0], rows[1]}, new double[][] {rows[2], rows[3]}));
      KeyState a = r.state("a");
      assertThat(a.learned).isEqualTo(4);
      assertThat(a.predicted).isEqualTo(5);
      assertThat(a.held).hasSize(1);
      assertThat(a.held.get(0).index()).isEqualTo(1);
      assertThat(a.learner.steps()).isEqualTo(2);
      assertThat(r.state("b").learned).isZero();
    }
  }

  @Test
  void predictsBeforeItLearnsAndSumsUpTheLoss() throws Exception {
    Stream s = new Stream().example("a", "i", 7, 1.25, 1, 2).example("a", "", 8, 1.0, 1, 2);
    try (Runner r = runner(b -> b.results(Results.PREDICTIONS).metricsEvery(2)).feed(s)) {
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
  void scoresALateLabelAgainstThePredictionMadeWhenTheFeaturesCame() throws Exception {
    Stream s = new Stream().example("a", "w", 1, null, 1, 2);
    for (int i = 0; i < 5; i++) {
      s.example("a", "", 2 + i, 3.0, 1, 1);
    }
    s.label("a", "w", 9, 2.25);
    try (Runner r = runner(b -> b.labels(Duration.ofMillis(100), 10))) {
      r.feed(s.items().subList(0, 6));
      double before = r.state("a").total.lossSum;
      r.feed(s.items().subList(6, 7));
      assertThat(r.state("a").total.lossSum - before).isEqualTo(2.0);
      assertThat(r.state("a").learned).isEqualTo(6);
      assertThat(r.state("a").pendingCount()).isZero();
      double[][][] steps = new double[6][][];
      for (int i = 0; i < 5; i++) {
        steps[i] = new double[][] {{3, 1, 1}};
      }
      steps[5] = new double[][] {{2.25, 1, 2}};
      assertThat(theta(r, "a")).isEqualTo(learned(Map.of(), steps));
    }
  }

  @Test
  void labelsThatNeverComeExpireByTheKeysOwnEventTime() throws Exception {
    Stream s =
        new Stream()
            .example("a", "w", 100, null, 1, 2)
            .example("b", "", 900, 1.0, 1, 1)
            .example("a", "", 150, 1.0, 1, 1)
            .example("a", "", 151, 1.0, 1, 1)
            .label("a", "w", 152, 1);
    try (Runner r = runner(b -> b.labels(Duration.ofMillis(50), 10))) {
      r.feed(s.items().subList(0, 3));
      assertThat(r.deadLetters).isEmpty();
      r.feed(s.items().subList(3, 5));
      assertThat(r.reasons()).containsExactly(Reason.LABEL_EXPIRED, Reason.LABEL_WITHOUT_EXAMPLE);
      DeadLetter expired = r.deadLetters.get(0);
      assertThat(expired.getOffset()).isZero();
      assertThat(expired.getValue())
          .isEqualTo(ByteBuffer.wrap(((RoutedEvent) s.items().get(0)).value));
      assertThat(r.state("a").deadLetters).isEqualTo(2);
    }
  }

  @Test
  void waitingExamplesAreBoundedAndNeedIdsThatDiffer() throws Exception {
    Stream s =
        new Stream()
            .example("new", "", 1, null, 1, 1)
            .example("a", "1", 1, null, 1, 1)
            .example("a", "1", 1, null, 1, 1)
            .example("a", "2", 1, null, 1, 1)
            .example("a", "3", 1, null, 1, 1);
    try (Runner r = runner(b -> b.labels(Duration.ofMillis(50), 2)).feed(s)) {
      assertThat(r.reasons())
          .containsExactly(Reason.MISSING_ID, Reason.DUPLICATE_ID, Reason.TOO_MANY_PENDING);
      assertThat(r.state("a").pending).containsOnlyKeys("1", "2");
      assertThat(r.state("new")).as("a bad event begins no key").isNull();
    }
  }

  @Test
  void withoutWaitingAnUnlabelledExampleIsPredictedAndDoneWith() throws Exception {
    Stream s = new Stream().example("a", "", 1, null, 1, 1).label("a", "x", 2, 1);
    try (Runner r = runner(b -> b.results(Results.PREDICTIONS)).feed(s)) {
      assertThat(r.predictions).hasSize(1);
      assertThat(r.predictions.get(0).getLabel()).isNull();
      assertThat(r.reasons()).containsExactly(Reason.LABEL_WITHOUT_EXAMPLE);
      assertThat(r.state("a").pendingCount()).isZero();
    }
  }

  @Test
  void anEventThatComesTwiceWithinTheWindowIsLearnedOnce() throws Exception {
    Stream s = new Stream();
    for (String id : List.of("1", "2", "1", "3", "4", "1", "")) {
      s.example("a", id, 1, 1.0, 1, 1);
    }
    s.example("a", "", 1, 1.0, 1, 1).example("b", "1", 1, 1.0, 1, 1);
    try (Runner r = runner(b -> b.dedupeWindow(3)).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.DUPLICATE_EVENT);
      assertThat(r.deadLetters.get(0).getOffset()).isEqualTo(2);
      assertThat(r.state("a").learned).isEqualTo(7);
    }
  }

  @Test
  void aPoisonedRowIsTakenOutAndTheRestOfItsMiniBatchLearned() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("a", "", 2, 1e308, 1e10, 1);
    s.batch("a", Stream.item("", 3, 2.0, 2, 1), Stream.item("", 4, 1e308, 1e20, 1));
    try (Runner r = runner(b -> b.miniBatch(4)).feed(s)) {
      assertThat(r.reasons())
          .containsExactly(Reason.NOT_FINITE_GRADIENT, Reason.NOT_FINITE_GRADIENT);
      assertThat(r.deadLetters.get(0).getValue())
          .isEqualTo(ByteBuffer.wrap(((RoutedEvent) s.items().get(1)).value));
      DeadLetter ofBatch = r.deadLetters.get(1);
      assertThat(ofBatch.getIndex()).isEqualTo(1);
      Example item = SingleObject.standard().decode(Example.class, bytes(ofBatch.getValue()));
      assertThat(item.getLabel()).isEqualTo(1e308);
      assertThat(item.getKey()).isEqualTo("a");
      assertThat(theta(r, "a")).isEqualTo(learned(Map.of(), new double[][] {{1, 1, 2}, {2, 2, 1}}));
      assertThat(r.state("a").rollbacks).isEqualTo(2);
      assertThat(r.state("a").learned).isEqualTo(2);
      assertThat(r.state("a").total.lossSum).isFinite();
    }
  }

  @Test
  void whereNoRowIsNamedTheOneThatAloneDivergesIsToBlame() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("a", "", 2, 1e12, 1, 1);
    try (Runner r = runner(b -> b.miniBatch(2)).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.DIVERGED);
      assertThat(r.deadLetters.get(0).getOffset()).isEqualTo(1);
      assertThat(theta(r, "a")).isEqualTo(learned(Map.of(), new double[][] {{1, 1, 2}}));
      assertThat(r.state("a").rollbacks).isEqualTo(1);
    }
  }

  @Test
  void aModelAtItsLimitRefusesWhatWouldDriveItBeyondAndStaysThere() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.8e7, 1, 0);
    s.example("a", "", 2, 2e7, 0.9, 0).example("a", "", 3, 2e7, 0.9, 0);
    try (Runner r = runner(b -> b.miniBatch(1)).feed(s.items().subList(0, 1))) {
      assertThat(theta(r, "a")[0]).isBetween(8.9e5, 9.1e5);
      r.feed(s.items().subList(1, 3));
      assertThat(r.reasons()).containsExactly(Reason.DIVERGED, Reason.DIVERGED);
      assertThat(theta(r, "a")).isEqualTo(learned(Map.of(), new double[][] {{1.8e7, 1, 0}}));
    }
  }

  @Test
  void aHyperparameterSetForOneKeyCountsFromThenOnAndIsInTheNextSnapshot() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("b", "", 1, 1.0, 1, 2);
    s.set("a", "test-momentum.learning-rate", 0.01);
    s.example("a", "", 2, 1.0, 1, 2).example("b", "", 2, 1.0, 1, 2);
    s.control("a", ControlCommand.SNAPSHOT).control("b", ControlCommand.SNAPSHOT);
    try (Runner r = runner(b -> b).feed(s)) {
      ModelSnapshot a = r.models.get(0);
      assertThat(a.getProvenance().getHyperparameters())
          .containsEntry("learning-rate", 0.01)
          .containsEntry("momentum", 0.5);
      assertThat(a.getProvenance().getControlEpoch()).isEqualTo(2);
      assertThat(r.models.get(1).getProvenance().getHyperparameters())
          .containsEntry("learning-rate", 0.05);
      assertThat(theta(r, "a")).isNotEqualTo(theta(r, "b"));
    }
  }

  @Test
  void controlsForAllKeysReachThoseThatAreAndThoseThatComeLater() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).set("*", "learning-rate", 0.5);
    s.control("*", ControlCommand.PAUSE).control("*", ControlCommand.SNAPSHOT);
    s.example("b", "", 2, 1.0, 1, 2);
    try (Runner r = runner(b -> b).feed(s).restart(3)) {
      r.feed(new Stream().example("c", "", 3, 1.0, 1, 2));
      for (String key : List.of("a", "b", "c")) {
        KeyState state = r.state(key);
        assertThat(state.paused).isTrue();
        assertThat(state.overrides).containsEntry("learning-rate", 0.5);
        assertThat(state.controlEpoch).isEqualTo(3);
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
            () -> new LearnerOperator(options, TestLearner::new), HashMapStateBackend::new, 3)) {
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
    try (Runner r = runner(b -> b).feed(s)) {
      assertThat(r.state("a").overrides).isEqualTo(Map.of("momentum", 0.2, "learning-rate", 0.1));
      assertThat(r.state("a").controlEpoch).isEqualTo(3);
      assertThat(r.deadLetters).isEmpty();
    }
  }

  @Test
  void whilePausedItPredictsAndDoesNotLearn() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).control("a", ControlCommand.PAUSE);
    s.example("a", "", 2, 1.0, 1, 2).control("a", ControlCommand.RESUME);
    s.example("a", "", 3, 1.0, 1, 2);
    try (Runner r = runner(b -> b).feed(s)) {
      KeyState a = r.state("a");
      assertThat(a.predicted).isEqualTo(3);
      assertThat(a.learned).isEqualTo(2);
      assertThat(a.skipped).isEqualTo(1);
      assertThat(a.total.scored).isEqualTo(3);
    }
  }

  @Test
  void aResetPutsTheModelToItsStartAndVersionsGoOn() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("a", "", 2, 1.0, 1, 2);
    s.example("a", "", 3, 1.0, 1, 2).control("a", ControlCommand.SNAPSHOT);
    s.control("a", ControlCommand.RESET).control("a", ControlCommand.SNAPSHOT);
    try (Runner r = runner(b -> b.miniBatch(2)).feed(s)) {
      KeyState a = r.state("a");
      assertThat(theta(r, "a")).containsExactly(0, 0, 0.25);
      assertThat(a.learner.steps()).isZero();
      assertThat(a.abandoned).isEqualTo(1);
      assertThat(a.total.scored).isZero();
      assertThat(r.models).extracting(ModelSnapshot::getVersion).containsExactly(1L, 2L);
    }
  }

  @Test
  void snapshotsComeEverySoManyExamplesAndSayWhatTheyCover() throws Exception {
    Stream s = new Stream();
    for (int i = 0; i < 10; i++) {
      s.example("a", "", 100 + i, 1.0, 1, i);
    }
    try (Runner r = runner(b -> b.miniBatch(2).snapshots(every(3))).feed(s)) {
      assertThat(r.models).extracting(ModelSnapshot::getVersion).containsExactly(1L, 2L);
      ModelSnapshot second = r.models.get(1);
      assertThat(second.getCounters()).containsEntry("examples", 8L).containsEntry("steps", 4L);
      assertThat(second.getInputs()).containsExactly(new InputPosition("events", 0, 7L));
      assertThat(second.getEventTime().toEpochMilli()).isEqualTo(107);
      assertThat(second.getProvenance().getAlgorithm()).isEqualTo("test-momentum");
      double[][][] steps = new double[4][2][];
      for (int i = 0; i < 8; i++) {
        steps[i / 2][i % 2] = new double[] {1, 1, i};
      }
      assertThat(Tensors.doubles(second.getTensors().get(0))).isEqualTo(learned(Map.of(), steps));
    }
  }

  @Test
  void snapshotsComeByTheKeysOwnEventTime() throws Exception {
    Stream s = new Stream();
    for (long time : new long[] {1000, 1040, 1050, 1060, 1099, 1101, 5000, 5001}) {
      s.example("a", "", time, 1.0, 1, 1);
    }
    Snapshots by =
        new Snapshots(0, Duration.ofMillis(50), false, DType.F32, PartCodec.DEFAULT_PART_BYTES);
    try (Runner r = runner(b -> b.snapshots(by)).feed(s)) {
      assertThat(r.models)
          .extracting(m -> m.getEventTime().toEpochMilli())
          .containsExactly(1050L, 1101L, 5000L);
    }
  }

  @Test
  void atTheEndOfTheInputWhatIsNewIsPublishedAndNothingFlushed() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("a", "", 2, 1.0, 1, 2);
    s.example("a", "", 3, 1.0, 1, 2).example("b", "", 1, 1.0, 1, 2);
    Snapshots atEnd = new Snapshots(0, null, true, DType.F32, PartCodec.DEFAULT_PART_BYTES);
    try (Runner r = runner(b -> b.miniBatch(2).bundle(8).snapshots(atEnd)).feed(s).end()) {
      assertThat(r.models).extracting(ModelSnapshot::getKey).containsExactly("a");
      assertThat(r.models.get(0).getCounters())
          .containsEntry("examples", 2L)
          .containsEntry("unfinished", 1L);
    }
  }

  @Test
  void aLargeModelTravelsInPartsToOnePartition() throws Exception {
    Snapshots small = new Snapshots(1, null, false, DType.F64, PartCodec.MIN_PART_BYTES);
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2);
    try (Runner r = runner(b -> b.snapshots(small)).feed(s)) {
      assertThat(r.modelRecords).hasSizeGreaterThan(1);
      assertThat(r.modelRecords).allMatch(m -> m.partitionKey.equals("a"));
      assertThat(new String(r.modelRecords.get(0).key, StandardCharsets.UTF_8)).isEqualTo("a/1/0");
      assertThat(r.state("a").parts).containsExactly(0, r.modelRecords.size());
    }
  }

  @Test
  void aGapBeyondTheTimeToLiveBeginsTheKeyAnewWhetherATimerFiredOrNot() throws Exception {
    Stream before = new Stream().example("a", "", 1000, 1.0, 1, 2);
    before.example("a", "w", 1001, null, 1, 2).example("a", "", 1002, 2.0, 1, 2);
    List<Object> after = new Stream().example("a", "", 1103, 1.0, 3, 2).items();
    UnaryOperator<LearnerOptions.Builder> with =
        b -> b.ttl(Duration.ofMillis(100)).labels(Duration.ofHours(1), 5).snapshots(every(1));
    List<Map<String, List<String>>> outputs = new ArrayList<>();
    List<Map<String, String>> states = new ArrayList<>();
    for (boolean timer : new boolean[] {false, true}) {
      try (Runner r = runner(with).feed(before)) {
        if (timer) {
          r.feed(new Stream().watermark(1101));
          assertThat(r.states()).containsOnlyKeys("a");
          r.feed(new Stream().watermark(1102));
          assertThat(r.states()).isEmpty();
          assertThat(r.harness(0).numEventTimeTimers()).isZero();
        }
        r.feed(after);
        assertThat(r.reasons()).containsExactly(Reason.LABEL_EXPIRED);
        assertThat(r.models).extracting(ModelSnapshot::getVersion).containsExactly(1L, 2L, 1L);
        assertThat(r.modelRecords.get(2).value).as("tombstone").isNull();
        outputs.add(Map.copyOf(r.outputs));
        states.add(r.states());
      }
    }
    assertThat(outputs.get(1)).isEqualTo(outputs.get(0));
    assertThat(states.get(1)).isEqualTo(states.get(0));
  }

  @Test
  void theEndOfTheInputForgetsNoKey() throws Exception {
    Stream s = new Stream().example("a", "", 1000, 1.0, 1, 2);
    try (Runner r = runner(b -> b.ttl(Duration.ofMillis(100))).feed(s).end()) {
      assertThat(r.states()).containsOnlyKeys("a");
    }
  }

  @Test
  void aNewKeyStartsFromAPublishedModelAndSaysSo() throws Exception {
    WarmStart from =
        key ->
            key.equals("a")
                ? new WarmStart.Start(
                    new PublishedModel(
                        Map.of(),
                        Map.of(
                            "theta",
                            new PublishedModel.Tensor(new int[] {3}, new double[] {1, 2, 3}))),
                    "old@17")
                : null;
    Stream s = new Stream().example("a", "", 1, null, 1, 1).example("b", "", 1, null, 1, 1);
    s.control("a", ControlCommand.SNAPSHOT).control("b", ControlCommand.SNAPSHOT);
    try (Runner r = runner(b -> b.warmStart(from).results(Results.PREDICTIONS)).feed(s)) {
      assertThat(r.predictions.get(0).getScores()).containsExactly(6.0);
      assertThat(r.predictions.get(1).getScores()).containsExactly(0.25);
      assertThat(r.models.get(0).getProvenance().getParent()).isEqualTo("old@17");
      assertThat(r.models.get(1).getProvenance().getParent()).isEmpty();
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
    try (Runner r = runner(b -> b).feed(s)) {
      assertThat(r.state("a").learned).isEqualTo(2);
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

package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.learn.PublishedModel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.publish.SnapshotOptions;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.InputPosition;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Partitioner;
import io.millrace.schemas.Tensors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;

/** When a model is published, as what, and what it starts from. */
class SnapshotOperatorTest {
  @Test
  void snapshotsComeEverySoManyExamplesAndSayWhatTheyCover() throws Exception {
    Stream s = new Stream();
    for (int i = 0; i < 10; i++) {
      s.example("a", "", 100 + i, 1.0, 1, i);
    }
    try (Runner r = Runner.ofTestLearner(b -> b.miniBatch(2).snapshots(Shells.every(3))).feed(s)) {
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
      assertThat(Tensors.doubles(second.getTensors().get(0)))
          .isEqualTo(TestLearner.learned(Map.of(), steps));
    }
  }

  @Test
  void snapshotsComeByTheKeysOwnEventTime() throws Exception {
    Stream s = new Stream();
    for (long time : new long[] {1000, 1040, 1050, 1060, 1099, 1101, 5000, 5001}) {
      s.example("a", "", time, 1.0, 1, 1);
    }
    SnapshotOptions by =
        Shells.snapshots(0, Duration.ofMillis(50), false, DType.F32, PartCodec.DEFAULT_PART_BYTES);
    try (Runner r = Runner.ofTestLearner(b -> b.snapshots(by)).feed(s)) {
      assertThat(r.models)
          .extracting(m -> m.getEventTime().toEpochMilli())
          .containsExactly(1050L, 1101L, 5000L);
    }
  }

  @Test
  void atTheEndOfTheInputWhatIsNewIsPublishedAndNothingFlushed() throws Exception {
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2).example("a", "", 2, 1.0, 1, 2);
    s.example("a", "", 3, 1.0, 1, 2).example("b", "", 1, 1.0, 1, 2);
    SnapshotOptions atEnd =
        Shells.snapshots(0, null, true, DType.F32, PartCodec.DEFAULT_PART_BYTES);
    try (Runner r = Runner.ofTestLearner(b -> b.miniBatch(2).snapshots(atEnd)).feed(s).end()) {
      assertThat(r.models).extracting(ModelSnapshot::getKey).containsExactly("a");
      assertThat(r.models.get(0).getCounters())
          .containsEntry("examples", 2L)
          .containsEntry("unfinished", 1L);
    }
  }

  @Test
  void aLargeModelTravelsInPartsToOnePartition() throws Exception {
    SnapshotOptions small = Shells.snapshots(1, null, false, DType.F64, PartCodec.MIN_PART_BYTES);
    Stream s = new Stream().example("a", "", 1, 1.0, 1, 2);
    try (Runner r = Runner.ofTestLearner(b -> b.snapshots(small)).feed(s)) {
      assertThat(r.modelRecords).hasSizeGreaterThan(1);
      assertThat(r.modelRecords).allMatch(m -> m.place() == Partitioner.hash(new byte[] {'a'}));
      assertThat(new String(r.modelRecords.get(0).key, StandardCharsets.UTF_8)).isEqualTo("a/1/0");
      assertThat(r.state("a").journal.evenParts).isZero();
      assertThat(r.state("a").journal.oddParts).isEqualTo(r.modelRecords.size());
    }
  }

  /** Parts that no version replaces stayed for ever, and every reader kept them. */
  @Test
  void aModelThatHasBecomeSmallerLeavesNoPartsBehind() throws Exception {
    int[] part = {PartCodec.MIN_PART_BYTES};
    Supplier<KeyedShell> shell =
        () ->
            Shells.learner(
                LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
                    .snapshots(Shells.snapshots(1, null, false, DType.F64, part[0]))
                    .build(),
                backend -> new TestLearner());
    Stream s = new Stream();
    for (int i = 0; i < 4; i++) {
      s.example("a", "", i, 1.0, 1, 2);
    }
    try (Runner r = new Runner(shell, HashMapStateBackend::new, 1)) {
      r.feed(s.items().subList(0, 2));
      int parts = r.modelRecords.size() / 2;
      assertThat(parts).isGreaterThan(1);
      part[0] = 1 << 20;
      r.restart(1);
      r.modelRecords.clear();
      r.feed(s.items().subList(2, 4));
      List<String> keys = new ArrayList<>();
      for (OutRecord record : r.modelRecords) {
        keys.add(
            new String(record.key, StandardCharsets.UTF_8) + (record.value == null ? "-" : ""));
        assertThat(record.place()).isEqualTo(Partitioner.hash(new byte[] {'a'}));
      }
      List<String> expected = new ArrayList<>();
      for (int slot : new int[] {1, 0}) {
        expected.add("a");
        for (int i = 0; i < parts; i++) {
          expected.add("a/" + slot + "/" + i + "-");
        }
      }
      assertThat(keys).isEqualTo(expected);
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
    try (Runner r =
        Runner.ofTestLearner(b -> b.warmStart(from).results(Results.PREDICTIONS)).feed(s)) {
      assertThat(r.predictions.get(0).getScores()).containsExactly(6.0);
      assertThat(r.predictions.get(1).getScores()).containsExactly(0.25);
      assertThat(r.models.get(0).getProvenance().getParent()).isEqualTo("old@17");
      assertThat(r.models.get(1).getProvenance().getParent()).isEmpty();
    }
  }
}

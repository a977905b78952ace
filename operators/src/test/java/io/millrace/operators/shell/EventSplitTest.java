package io.millrace.operators.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventRouter;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.RouterOptions;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleBatch;
import io.millrace.schemas.ExampleItem;
import io.millrace.schemas.Label;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Where among a partition's events the stages are told its time, whatever failed in between. */
class EventSplitTest {
  private static final int GROUPS = 4;
  private static final long STEP = 1000;
  private static final long RECORD = 1_700_000_000_000L;
  private static final List<String> TOPICS = List.of("events", "labels");
  private static final List<EventKind> KINDS =
      List.of(EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH, EventKind.LABEL);

  private final EventRouter router =
      new EventRouter(new RouterOptions(TOPICS, KINDS, 1 << 20, 256));
  private long offset;

  private static OneInputStreamOperatorTestHarness<RoutedEvent, RoutedEvent> harness(
      long step, int parallelism, int subtask) throws Exception {
    StageOptions options =
        new StageOptions(
            "learn",
            "test",
            TOPICS,
            new EventTimes(Duration.ofHours(1)),
            1,
            1 << 20,
            "auto",
            KeyLimit.AUTO,
            new Submission(1, Map.of()));
    Stage stage = new Stage("learner", Stage.KeyedBy.KEY, KINDS, List.of(), null, step);
    return new OneInputStreamOperatorTestHarness<>(
        new ProcessOperator<>(new EventSplit(options, List.of(stage))),
        GROUPS,
        parallelism,
        subtask);
  }

  private RoutedEvent event(int topic, int partition, SpecificRecordBase record) {
    byte[] key = "k".getBytes(StandardCharsets.UTF_8);
    return router.route(topic, partition, offset++, RECORD, key, SingleObject.encode(record));
  }

  private RoutedEvent example(int partition, long time) {
    DenseFeatures x = new DenseFeatures(List.of(1f));
    return event(0, partition, new Example("k", "id", Instant.ofEpochMilli(time), 1.0, 1.0, x));
  }

  /** What comes out behind an event: its partition and time, once for each key group. */
  private static List<String> told(
      OneInputStreamOperatorTestHarness<RoutedEvent, RoutedEvent> split, RoutedEvent event)
      throws Exception {
    split.processElement(new StreamRecord<>(event));
    List<RoutedEvent> out = split.extractOutputValues();
    split.getOutput().clear();
    assertThat(out.get(0)).usingRecursiveComparison().isEqualTo(event);
    List<String> told = new ArrayList<>();
    for (RoutedEvent e : out.subList(1, out.size())) {
      assertThat(e.kind).isEqualTo(RoutedEvent.TIME);
      told.add(e.partition + "@" + e.timestamp);
    }
    assertThat(told.size()).isIn(0, GROUPS);
    assertThat(out.subList(1, out.size())).extracting(e -> e.key).doesNotHaveDuplicates();
    return told.stream().distinct().toList();
  }

  @Test
  void tellsTheLeastTimeOfEachBlockOncePerStep() throws Exception {
    try (var split = harness(STEP, 1, 0)) {
      split.open();
      List<String> told = new ArrayList<>();
      for (int i = 1; i <= 8 * PartitionClock.BLOCK; i++) {
        for (String t : told(split, example(3, i * 20))) {
          told.add(i + ": " + t);
        }
      }
      assertThat(told)
          .containsExactly("32: 3@20", "96: 3@1300", "160: 3@2580", "192: 3@3220", "256: 3@4500");
    }
  }

  /** Flink refuses a stop with a savepoint when some sources with union state end before others. */
  @Test
  void whereNobodyAsksForTimesNothingIsKept() throws Exception {
    for (long step : new long[] {0, STEP}) {
      try (var split = harness(step, 1, 0)) {
        split.open();
        told(split, example(3, 20));
        assertThat(split.snapshot(1, 1).getManagedOperatorState()).hasSize(step == 0 ? 0 : 1);
      }
    }
  }

  @Test
  void aWrongClockMovesNothingUnlessItIsAllThereIs() throws Exception {
    try (var split = harness(STEP, 1, 0)) {
      split.open();
      List<String> told = new ArrayList<>();
      for (int i = 0; i < 20 * PartitionClock.BLOCK; i++) {
        long time = i % 10 == 0 ? 5 : RECORD + 3_000_000;
        told.addAll(told(split, example(0, i % 10 == 0 ? time + i : time)));
        // Further ahead than is allowed: is going to be a dead letter, and counts for nothing.
        assertThat(told(split, example(0, RECORD + 4_000_000))).isEmpty();
      }
      assertThat(told).containsExactly("0@5");
    }
  }

  @Test
  void onlyExamplesOfTheFirstTopicMoveTime() throws Exception {
    try (var split = harness(STEP, 1, 0)) {
      split.open();
      Instant time = Instant.ofEpochMilli(RECORD);
      for (int i = 0; i < 100; i++) {
        assertThat(told(split, event(0, 0, new Label("k", "id", time, 1.0, null)))).isEmpty();
        DenseFeatures x = new DenseFeatures(List.of(1f));
        assertThat(told(split, event(1, 0, new Example("k", "", time, 1.0, 1.0, x)))).isEmpty();
      }
      ExampleItem item =
          new ExampleItem("", Instant.ofEpochMilli(7), 1.0, null, new DenseFeatures(List.of(1f)));
      List<String> told = new ArrayList<>();
      for (int i = 0; i < PartitionClock.BLOCK; i++) {
        told.addAll(told(split, event(0, 0, new ExampleBatch("k", List.of(item, item)))));
        told.addAll(told(split, event(0, 0, new ExampleBatch("k", List.of()))));
      }
      assertThat(told).containsExactly("0@7");
    }
  }

  @Test
  void aJobThatDoesNotAskIsToldNothing() throws Exception {
    try (var split = harness(0, 1, 0)) {
      split.open();
      for (int i = 0; i < 100; i++) {
        assertThat(told(split, example(0, 1000L * i))).isEmpty();
      }
    }
  }

  /** Partitions move between subtasks at each restart; each keeps its place in its block. */
  @Test
  void restoredAndRescaledItTellsTheSameTimesAtTheSameEvents() throws Exception {
    List<String> expected = new ArrayList<>();
    try (var split = harness(STEP, 1, 0)) {
      split.open();
      for (int i = 0; i < 600; i++) {
        for (int partition = 0; partition < 3; partition++) {
          if (isSilent(i, partition)) {
            continue;
          }
          expected.addAll(told(split, example(partition, i * (20 + partition))));
        }
      }
    }
    assertThat(expected).hasSizeGreaterThan(20);
    List<String> found = new ArrayList<>();
    OperatorSubtaskState state = null;
    int before = 1;
    for (int run = 0; run < 6; run++) {
      int parallelism = 1 + run % 3;
      List<OneInputStreamOperatorTestHarness<RoutedEvent, RoutedEvent>> splits = new ArrayList<>();
      for (int i = 0; i < parallelism; i++) {
        var split = harness(STEP, parallelism, i);
        split.setup();
        if (state != null) {
          split.initializeState(
              AbstractStreamOperatorTestHarness.repartitionOperatorState(
                  state, GROUPS, before, parallelism, i));
        }
        split.open();
        splits.add(split);
      }
      for (int i = 100 * run; i < 100 * run + 100; i++) {
        for (int partition = 0; partition < 3; partition++) {
          if (isSilent(i, partition)) {
            continue;
          }
          var split = splits.get((partition + run) % parallelism);
          found.addAll(told(split, example(partition, i * (20 + partition))));
        }
      }
      OperatorSubtaskState[] states = new OperatorSubtaskState[parallelism];
      for (int i = 0; i < parallelism; i++) {
        states[i] = splits.get(i).snapshot(run, run);
        splits.get(i).close();
      }
      state = AbstractStreamOperatorTestHarness.repackageState(states);
      before = parallelism;
    }
    assertThat(found).containsExactlyElementsOf(expected);
  }

  /** A whole run long nothing comes from one of the partitions. */
  private static boolean isSilent(int i, int partition) {
    return partition == 1 && i / 100 == 2;
  }
}

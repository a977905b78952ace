package io.millrace.operators.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Who is sent what of the events. */
@SuppressWarnings("try") // harnesses may throw anything when they are closed
class EventSplitTest {
  private static final int GROUPS = 4;
  private static final RoutedEvent EXAMPLE =
      event(
          EventKind.EXAMPLE,
          "k",
          new Example("k", "id", Instant.EPOCH, 1.0, 1.0, new DenseFeatures(List.of(1f))));
  private static final RoutedEvent FOR_ALL =
      event(
          EventKind.CONTROL,
          ModelKeys.ALL,
          new Control(ModelKeys.ALL, ControlCommand.PAUSE, "", 0.0, Instant.EPOCH, "", 0L, 0));

  private static RoutedEvent event(EventKind kind, String key, SpecificRecordBase record) {
    byte[] value = SingleObject.encode(record);
    return new RoutedEvent(kind.code(), 0, 3, 42, 7, null, key, null, value, null, null);
  }

  private static Stage stage(String uid, long timeStep, EventKind... kinds) {
    return new Stage(uid, Stage.KeyedBy.KEY, List.of(kinds), List.of(), null, timeStep);
  }

  private static OneInputStreamOperatorTestHarness<RoutedEvent, RoutedEvent> harness(
      Stage... stages) throws Exception {
    StageOptions options =
        new StageOptions(
            "learn",
            "test",
            List.of("events"),
            new EventTimes(Duration.ofHours(1)),
            1,
            1 << 20,
            ComputeOptions.of("auto"),
            KeyLimit.AUTO,
            new Submission(1, Map.of()));
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new EventSplit(options, List.of(stages))), GROUPS, 1, 0);
    harness.open();
    return harness;
  }

  private static List<RoutedEvent> sent(
      OneInputStreamOperatorTestHarness<RoutedEvent, RoutedEvent> split, RoutedEvent event)
      throws Exception {
    split.getOutput().clear();
    split.processElement(new StreamRecord<>(event));
    return split.extractOutputValues();
  }

  @Test
  void whatIsForAllKeysGoesToEveryKeyGroupOnce() throws Exception {
    try (var split = harness(stage("learner", 1000, EventKind.EXAMPLE, EventKind.CONTROL))) {
      assertThat(sent(split, EXAMPLE))
          .singleElement()
          .usingRecursiveComparison()
          .isEqualTo(EXAMPLE);
      for (RoutedEvent event : List.of(FOR_ALL, EXAMPLE.time(5))) {
        List<RoutedEvent> sent = sent(split, event);
        assertThat(sent).hasSize(GROUPS).extracting(e -> e.key).doesNotHaveDuplicates();
        assertThat(sent)
            .allSatisfy(
                e -> {
                  assertThat(e.forGroup()).isTrue();
                  assertThat(e.kind)
                      .isEqualTo(event == FOR_ALL ? RoutedEvent.ORDER : RoutedEvent.TIME);
                  assertThat(e.timestamp).isEqualTo(event.timestamp);
                  assertThat(e.partition).isEqualTo(3);
                  assertThat(e.value).isEqualTo(event.value);
                });
      }
    }
  }

  @Test
  void aStageIsSentWhatItAsksFor() throws Exception {
    Stage asks = stage("asks", 1000, EventKind.EXAMPLE);
    try (var split = harness(stage("first", 0, EventKind.EXAMPLE), asks)) {
      assertThat(sent(split, EXAMPLE.time(5))).isEmpty();
      assertThat(split.getSideOutput(EventSplit.tag(asks))).hasSize(GROUPS);
      assertThat(sent(split, FOR_ALL)).isEmpty();
      assertThat(split.getSideOutput(EventSplit.tag(asks))).hasSize(GROUPS);
      assertThat(Stage.timeStep(List.of(stage("first", 0), asks, stage("second", 3000))))
          .isEqualTo(1000);
      assertThat(Stage.timeStep(List.of(stage("first", 0)))).isZero();
    }
  }

  /**
   * Flink refuses a stop with a savepoint when some subtasks that share state end before others.
   */
  @Test
  void nothingIsKept() throws Exception {
    try (var split = harness(stage("learner", 1000, EventKind.EXAMPLE, EventKind.CONTROL))) {
      sent(split, EXAMPLE);
      sent(split, EXAMPLE.time(5));
      assertThat(split.snapshot(1, 1).hasState()).isFalse();
    }
  }
}

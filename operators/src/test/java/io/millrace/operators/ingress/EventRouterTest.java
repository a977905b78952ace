package io.millrace.operators.ingress;

import static io.millrace.operators.ingress.Wire.TIMES;
import static io.millrace.operators.ingress.Wire.TOPICS;
import static io.millrace.operators.ingress.Wire.dense;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.features.InputSpec;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.Evidence;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Label;
import io.millrace.schemas.Partitioner;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRouterTest {
  private final EventRouter router =
      new EventRouter(new RouterOptions(TOPICS, Wire.ALL_KINDS, 1 << 20, 256));

  private static Control control(String key) {
    return new Control(
        key, ControlCommand.SET, "learning-rate", 0.5, Instant.ofEpochMilli(0), "me", 1L, 0);
  }

  @Test
  void routesByHeaderAndKeyAndLeavesTheBytesAlone() {
    byte[] value = Wire.example("clicks/\u00fc", "i", 5, 1, "UP", dense(1, 2, 3));
    byte[] recordKey = {1};
    RoutedEvent event = router.route(1, 3, 10442, 5000, recordKey, value);
    assertThat(event.kind).isEqualTo(EventKind.EXAMPLE.code());
    assertThat(event.key).isEqualTo("clicks/\u00fc");
    assertThat(event.value).isSameAs(value);
    assertThat(event.recordKey).isSameAs(recordKey);
    assertThat(event.topic).isEqualTo(1);
    assertThat(event.partition).isEqualTo(3);
    assertThat(event.offset).isEqualTo(10442);
    assertThat(event.timestamp).isEqualTo(5000);
    assertThat(event.reason).isNull();
  }

  @Test
  void knowsEveryKind() {
    byte[] batch = Wire.batch("a", Wire.item("i", 5, 1, "UP", dense(1, 2, 3)));
    byte[] label = SingleObject.encode(new Label("a", "i", Instant.EPOCH, "UP", null));
    assertThat(router.route(0, 0, 0, 0, null, batch).kind)
        .isEqualTo(EventKind.EXAMPLE_BATCH.code());
    assertThat(router.route(0, 0, 0, 0, null, label).kind).isEqualTo(EventKind.LABEL.code());
    RoutedEvent one = router.route(0, 0, 0, 0, null, SingleObject.encode(control("a")));
    assertThat(one.kind).isEqualTo(EventKind.CONTROL.code());
    assertThat(one.forAllKeys()).isFalse();
    RoutedEvent all = router.route(0, 0, 0, 0, null, SingleObject.encode(control("*")));
    assertThat(all.forAllKeys()).isTrue();
  }

  @Test
  void refusesWhatTheJobDoesNotTake() {
    EventRouter examplesOnly =
        new EventRouter(new RouterOptions(TOPICS, List.of(EventKind.EXAMPLE), 1 << 20, 256));
    RoutedEvent event = examplesOnly.route(0, 1, 2, 0, null, SingleObject.encode(control("a")));
    assertThat(event.kind).isEqualTo(RoutedEvent.UNUSABLE);
    assertThat(event.reason).isEqualTo(Reason.WRONG_TYPE);
    assertThat(event.message)
        .isEqualTo("examples-1@2: record is a Control, this job takes [Example]");
  }

  /** Nothing measured that the events of a key had no order. */
  @Test
  void aRecordThatStandsApartFromItsKeyIsMisplaced() {
    int partitions = 5;
    EventRouter counting =
        new EventRouter(
            new RouterOptions(TOPICS, Wire.ALL_KINDS, 1 << 20, 256), new int[] {partitions, 0});
    byte[] value = Wire.example("ctr", "i", 5, 1, "UP", dense(1, 2, 3));
    byte[] key = "ctr".getBytes(StandardCharsets.UTF_8);
    int home = Partitioner.partition("ctr", partitions);
    int other = (home + 1) % partitions;
    assertThat(misplaced(counting, 0, home, key, value)).isFalse();
    assertThat(misplaced(counting, 0, other, key, value)).isTrue();
    assertThat(misplaced(counting, 0, home, null, value)).isTrue();
    assertThat(misplaced(counting, 0, home, new byte[] {1}, value)).isTrue();
    assertThat(misplaced(counting, 1, other, key, value)).as("partitions not known").isFalse();
    assertThat(misplaced(counting, 1, other, null, value)).isTrue();
    byte[] all = SingleObject.encode(control("*"));
    assertThat(misplaced(counting, 0, other, null, all)).as("for every partition").isFalse();
    assertThat(misplaced(counting, 0, other, null, new byte[] {1})).as("no key").isFalse();
  }

  private static boolean misplaced(
      EventRouter router, int topic, int partition, byte[] recordKey, byte[] value) {
    router.route(topic, partition, 1, 0, recordKey, value);
    return router.misplaced();
  }

  @Test
  void sameKeyIsTheSameString() {
    byte[] value = Wire.example("ctr", "i", 5, 1, "UP", dense(1, 2, 3));
    RoutedEvent first = router.route(0, 0, 1, 0, null, value);
    RoutedEvent second = router.route(0, 0, 2, 0, null, value.clone());
    assertThat(second.key).isSameAs(first.key);
  }

  @Test
  void readsControls() {
    ControlReader reader = new ControlReader(TOPICS, TIMES);
    byte[] value = SingleObject.encode(control("*"));
    assertThat(reader.read(router.route(0, 0, 1, 70, null, value))).isTrue();
    assertThat(reader.control()).isEqualTo(control("*"));
    assertThat(reader.eventTime()).isEqualTo(70);
  }

  @Test
  void readsLabels() {
    InputSpec spec =
        new InputSpec(
            InputSpec.Kind.DENSE, 3, 0, InputSpec.Target.CLASS, List.of("DOWN", "UP"), 100);
    LabelReader reader = new LabelReader(spec, TOPICS, 1024, TIMES);
    byte[] named = SingleObject.encode(new Label("a", "e1", Instant.ofEpochMilli(9), "UP", null));
    assertThat(reader.read(router.route(0, 0, 1, 70, null, named))).isTrue();
    assertThat(reader.id()).isEqualTo("e1");
    assertThat(reader.eventTime()).isEqualTo(9);
    assertThat(reader.label()).isEqualTo(1);
    assertThat(reader.weight()).isNaN();
    byte[] index = SingleObject.encode(new Label("a", "e2", Instant.EPOCH, 0.0, 2.0));
    assertThat(reader.read(router.route(0, 0, 1, 70, null, index))).isTrue();
    assertThat(reader.id()).isEqualTo("e2");
    assertThat(reader.eventTime()).isEqualTo(70);
    assertThat(reader.label()).isZero();
    assertThat(reader.weight()).isEqualTo(2);
  }

  @Test
  void aDeadLetterFitsIntoARecord() throws Exception {
    DeadLetters letters = new DeadLetters("learn", 32 * 1024);
    byte[] large = new byte[100_000];
    RoutedEvent event = router.route(1, 3, 10442, 5000, large, large);
    byte[] letter = letters.of(Evidence.of(event, TOPICS), event.reason, event.message).value;
    assertThat(letter.length).isLessThanOrEqualTo(32 * 1024);
    DeadLetter read = SingleObject.standard().decode(DeadLetter.class, letter);
    assertThat(read.getMessage()).contains("cut to fit").contains("the whole is at events-3@10442");
    assertThat(read.getModelKey()).isNull();
    assertThat(read.getJob()).isEqualTo("learn");
    assertThat(read.getValue().remaining()).isGreaterThan(16_000);
  }

  @Test
  void aDeadLetterOfAnItemHoldsTheItem() throws Exception {
    DeadLetters letters = new DeadLetters("learn", 1 << 20);
    byte[] batch = Wire.batch("a", Wire.item("i", 5, 1, "UP", dense(1, 2, 3)));
    byte[] item = Wire.example("a", "i", 5, 1, "UP", dense(1, 2, 3));
    RoutedEvent event = router.route(1, 3, 10442, 5000, new byte[] {7}, batch);
    DeadLetter of =
        SingleObject.standard()
            .decode(
                DeadLetter.class,
                letters.of(Evidence.of(event, TOPICS, 0, item), Reason.DIVERGED, "m").value);
    assertThat(of.getIndex()).isZero();
    assertThat(of.getValue()).isEqualTo(ByteBuffer.wrap(item));
    assertThat(of.getModelKey()).isEqualTo("a");
    assertThat(of.getRecordKey()).isEqualTo(ByteBuffer.wrap(new byte[] {7}));
    assertThat(of.getTimestamp()).isEqualTo(Instant.ofEpochMilli(5000));
    DeadLetter whole =
        SingleObject.standard()
            .decode(
                DeadLetter.class,
                letters.of(Evidence.of(event, TOPICS, 4, null), Reason.MALFORMED, "m").value);
    assertThat(whole.getIndex()).isEqualTo(-1);
    assertThat(whole.getValue()).isEqualTo(ByteBuffer.wrap(batch));
  }
}

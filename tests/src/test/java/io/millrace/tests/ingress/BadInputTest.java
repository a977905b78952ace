package io.millrace.tests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.features.Rows;
import io.millrace.operators.ingress.ControlReader;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventRouter;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.ingress.ExampleReader;
import io.millrace.operators.ingress.LabelReader;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.RouterOptions;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.Evidence;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of bad input gets its reason, a sentence with its address, and a dead letter. */
class BadInputTest {
  private static final List<String> TOPICS = List.of("examples", "events");
  private static final EventTimes TIMES = new EventTimes(Duration.ofHours(1));
  private static final RouterOptions OPTIONS =
      new RouterOptions(
          TOPICS,
          List.of(EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH, EventKind.LABEL, EventKind.CONTROL),
          BadInputs.MAX_RECORD_BYTES,
          BadInputs.MAX_KEY_BYTES);

  /** Reasons that need more than one event, or a model, to come about. */
  private static final Set<Reason> NOT_OF_ONE_EVENT =
      EnumSet.of(
          Reason.UNKNOWN,
          Reason.DUPLICATE_ID,
          Reason.DUPLICATE_EVENT,
          Reason.LABEL_WITHOUT_EXAMPLE,
          Reason.LABEL_EXPIRED,
          Reason.TOO_MANY_PENDING,
          Reason.TOO_MANY_BYTES,
          Reason.TOO_MANY_KEYS,
          Reason.OUT_OF_DOMAIN,
          Reason.UNKNOWN_ARM,
          Reason.CONTROL_FOR_ABSENT_KEY,
          Reason.NOT_FINITE_GRADIENT,
          Reason.DIVERGED);

  static List<BadInputs.Case> all() {
    return BadInputs.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void hasItsReasonAndItsAddress(BadInputs.Case bad) throws DecodeException {
    byte[] before = bad.value() == null ? null : bad.value().clone();
    RoutedEvent event = new EventRouter(OPTIONS).route(1, 3, 10442, 1000, null, bad.value());
    Reason reason = event.reason;
    String message = event.message;
    if (event.is(EventKind.LABEL)) {
      LabelReader reader = new LabelReader(bad.spec(), TOPICS, BadInputs.MAX_ID_BYTES, TIMES);
      assertThat(reader.read(event)).isFalse();
      reason = reader.reason();
      message = reader.message();
    } else if (event.is(EventKind.CONTROL)) {
      ControlReader reader = new ControlReader(TOPICS, TIMES);
      assertThat(reader.read(event)).isFalse();
      reason = reader.reason();
      message = reader.message();
    } else if (event.usable()) {
      Rows rows = new Rows(bad.spec().dense());
      ExampleReader reader = new ExampleReader(bad.spec(), TOPICS, BadInputs.MAX_ID_BYTES, TIMES);
      reader.open(event);
      assertThat(reader.next(rows)).isTrue();
      reason = reader.reason();
      message = reader.message();
      assertThat(rows.count()).isZero();
      assertThat(reader.next(rows)).isFalse();
    }
    assertThat(message).startsWith("events-3@10442: ").contains(bad.says());
    assertThat(reason).isEqualTo(bad.reason());

    DeadLetters letters = new DeadLetters("learn", 1 << 20);
    byte[] encoded = letters.of(Evidence.of(event, TOPICS), reason, message).value;
    DeadLetter letter = SingleObject.standard().decode(DeadLetter.class, encoded);
    assertThat(letter.getReason()).isEqualTo(reason);
    assertThat(letter.getValue()).isEqualTo(before == null ? null : ByteBuffer.wrap(before));
    assertThat(letter.getTopic()).isEqualTo("events");
    assertThat(letter.getPartition()).isEqualTo(3);
    assertThat(letter.getOffset()).isEqualTo(10442);
  }

  @Test
  void coversEveryReasonThatOneEventCanHave() {
    Set<Reason> covered =
        BadInputs.all().stream()
            .map(BadInputs.Case::reason)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Reason.class)));
    assertThat(covered).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(NOT_OF_ONE_EVENT)));
    assertThat(BadInputs.all()).hasSizeGreaterThan(30);
    assertThat(BadInputs.all()).extracting(BadInputs.Case::name).doesNotHaveDuplicates();
  }
}

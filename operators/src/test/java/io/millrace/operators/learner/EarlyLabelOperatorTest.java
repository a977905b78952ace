package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.Example;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Labels in a topic of their own are read faster than examples while a job catches up: they wait
 * for their examples, within bounds.
 */
class EarlyLabelOperatorTest {
  private static final long HOUR = 3_600_000;
  private static final long START = 1_700_000_000_000L;
  private static final int LABELS = 1;

  private static Runner runner(UnaryOperator<LearnerOptions.Builder> with) throws Exception {
    LearnerOptions options =
        with.apply(
                LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
                    .labels(Duration.ofHours(1), 100)
                    .snapshots(
                        Shells.snapshots(0, null, true, DType.F64, PartCodec.DEFAULT_PART_BYTES)))
            .build();
    return new Runner(
        () -> Shells.learner(options, backend -> new TestLearner()), HashMapStateBackend::new, 1);
  }

  private static Stream labels() {
    return new Stream(Stream.TOPICS, LABELS).at(START + 50 * HOUR);
  }

  private static double y(int i) {
    return i % 7 - 3;
  }

  /** Each label five rounds after its example, its topic read ahead by more and more. */
  @ParameterizedTest
  @ValueSource(ints = {0, 4, 5, 6, 30, 80})
  void aBacklogLosesNoLabelHoweverFarTheLabelsAreAhead(int ahead) throws Exception {
    int rounds = 80;
    Stream examples = new Stream().at(START);
    Stream labels = labels();
    for (int i = 0; i < rounds; i++) {
      for (String key : List.of("a", "b")) {
        examples.example(key, "id" + i, START + 1000L * i, null, i % 3, i % 5);
        labels.label(key, "id" + i, START + 1000L * (i + 5), y(i));
      }
    }
    List<Object> read = new ArrayList<>();
    for (int i = 0; i < rounds + 5; i++) {
      int from = i == 0 ? 0 : Math.max(0, Math.min(rounds, i - 5 + ahead));
      int to = Math.max(0, Math.min(rounds, i - 4 + ahead));
      read.addAll(labels.items().subList(2 * Math.min(from, to), 2 * to));
      if (i < rounds) {
        read.addAll(examples.items().subList(2 * i, 2 * i + 2));
      }
    }
    try (Runner r = runner(b -> b)) {
      r.feed(read);
      assertThat(r.reasons()).isEmpty();
      for (String key : List.of("a", "b")) {
        Kept kept = r.state(key);
        assertThat(kept.journal.learned).isEqualTo(rounds);
        assertThat(kept.waiting).isEmpty();
        assertThat(kept.early).isEmpty();
        assertThat(kept.journal.keptBytes()).isZero();
      }
    }
  }

  @Test
  void anExampleWhoseLabelWasThereFirstIsLearnedLikeALabelledOne() throws Exception {
    Stream alone = labels();
    Stream without = new Stream().at(START);
    Stream with = new Stream().at(START);
    for (int i = 0; i < 10; i++) {
      alone.label("a", "id" + i, START + i, y(i));
    }
    // Mini-batches of four, filled by single examples, a batch and examples with labels.
    for (int i = 0; i < 2; i++) {
      without.example("a", "id" + i, START + i, null, i, 1);
      with.example("a", "id" + i, START + i, y(i), i, 1);
    }
    without.batch(
        "a",
        Stream.item("id2", START, null, 2, 1),
        Stream.item("", START, 9.0, 3, 1),
        Stream.item("id3", START, null, 1, 0),
        Stream.item("id4", START, null, 0, 2),
        Stream.item("", START, 8.0, 1, 2),
        Stream.item("id5", START, null, 3, 3));
    with.batch(
        "a",
        Stream.item("id2", START, y(2), 2, 1),
        Stream.item("", START, 9.0, 3, 1),
        Stream.item("id3", START, y(3), 1, 0),
        Stream.item("id4", START, y(4), 0, 2),
        Stream.item("", START, 8.0, 1, 2),
        Stream.item("id5", START, y(5), 3, 3));
    for (int i = 6; i < 9; i++) {
      without.example("a", "id" + i, START + i, null, i, 1);
      with.example("a", "id" + i, START + i, y(i), i, 1);
    }
    try (Runner early = runner(b -> b.miniBatch(4).results(Results.PREDICTIONS));
        Runner labelled = runner(b -> b.miniBatch(4).results(Results.PREDICTIONS))) {
      early.feed(alone).feed(without.items().subList(0, 3)).restart(2);
      early.feed(without.items().subList(3, 6));
      labelled.feed(with);
      assertThat(early.predictions).isEqualTo(labelled.predictions).hasSize(11);
      assertThat(early.reasons()).isEmpty();
      Kept a = early.state("a");
      Kept b = labelled.state("a");
      assertThat(a.learner.block("theta")).isEqualTo(b.learner.block("theta"));
      assertThat(a.journal.learned).isEqualTo(b.journal.learned).isEqualTo(8);
      assertThat(a.journal.total.lossSum).isEqualTo(b.journal.total.lossSum);
      assertThat(a.held).hasSize(3).allMatch(e -> e.labelTopic() >= 0);
      assertThat(a.early).containsOnlyKeys("id9");
      assertThat(a.journal.positions()).as("labels are covered too").isEqualTo(2);
    }
  }

  @Test
  void howManyWaitIsBounded() throws Exception {
    Stream s = labels();
    for (int i = 0; i < 5; i++) {
      s.label("a", "id" + i, START, 1.0);
    }
    s.label("a", "id0", START, 2.0);
    try (Runner r = runner(b -> b.labels(Duration.ofHours(1), 3)).feed(s)) {
      assertThat(r.reasons())
          .containsExactly(Reason.TOO_MANY_PENDING, Reason.TOO_MANY_PENDING, Reason.DUPLICATE_ID);
      assertThat(r.deadLetters.get(0).getMessage())
          .endsWith(
              "3 labels of key 'a' wait for their examples, as many as labels.max-pending allows");
      assertThat(r.deadLetters.get(2).getMessage())
          .endsWith("another label with id 'id0' already waits for its example; ids must differ");
    }
    try (Runner r = runner(b -> b.limits(600, 16)).feed(s)) {
      assertThat(r.reasons()).startsWith(Reason.TOO_MANY_BYTES).endsWith(Reason.DUPLICATE_ID);
    }
  }

  /** By the label's own time against the key's clock. */
  @Test
  void howLongTheyWaitIsBounded() throws Exception {
    Stream examples = new Stream().at(START + 9 * HOUR);
    for (long time : new long[] {START, START + HOUR, START + HOUR + 1, START + 3 * HOUR}) {
      examples.example("a", "", time, 1.0, 1, 1);
    }
    Stream labels = labels().label("a", "never", START, 1.0);
    labels.label("a", "future", START + 2 * HOUR, 1.0).label("a", "past", START, 1.0);
    try (Runner r = runner(b -> b).feed(labels.items().subList(0, 1))) {
      r.feed(examples.items().subList(0, 2)).feed(labels.items().subList(1, 2));
      assertThat(r.reasons()).isEmpty();
      r.feed(examples.items().subList(2, 3));
      assertThat(r.reasons()).containsExactly(Reason.LABEL_WITHOUT_EXAMPLE);
      assertThat(r.deadLetters.get(0).getTopic()).isEqualTo("labels");
      assertThat(r.deadLetters.get(0).getOffset()).isZero();
      assertThat(r.deadLetters.get(0).getMessage())
          .endsWith("no example with id 'never' came within labels.wait = PT1H of event time");
      r.feed(labels.items().subList(2, 3));
      assertThat(r.reasons()).as("too late when it comes").hasSize(2);
      r.feed(examples.items().subList(3, 4));
      assertThat(r.reasons()).as("at the bound").hasSize(2);
      assertThat(r.state("a").early).containsOnlyKeys("future");
    }
  }

  /** Nothing is there of it but its labels: no model, nothing to order, nothing to publish. */
  @Test
  void aKeyBeginsWithItsFirstExampleAllTheSame() throws Exception {
    Stream s = labels().label("a", "1", START, 1.0);
    Stream orders = new Stream().at(START).control("a", ControlCommand.SNAPSHOT);
    orders.set("*", "learning-rate", 0.01).control("*", ControlCommand.SNAPSHOT);
    try (Runner r = runner(b -> b.ttl(Duration.ofDays(1))).feed(s).feed(orders).restart(2)) {
      assertThat(r.reasons()).containsExactly(Reason.CONTROL_FOR_ABSENT_KEY);
      assertThat(r.models).isEmpty();
      assertThat(r.state("a").learner).isNull();
      assertThat(r.state("a").early).containsOnlyKeys("1");
      r.feed(new Stream().at(START).example("a", "1", START, null, 1, 1));
      assertThat(r.state("a").journal.learned).isEqualTo(1);
      assertThat(r.state("a").journal.overrides).containsEntry("learning-rate", 0.01);
      r.end();
      assertThat(r.models).hasSize(1);
    }
  }

  /** The last label of a key comes when the key has ended, and begins none that nobody ends. */
  @Test
  void labelsOfAKeyThatIsNotThereAreFreedByTheTimeOfThePartitions() throws Exception {
    Stream s = labels().label("gone", "1", START, 1.0).label("soon", "1", START + 9 * HOUR, 1.0);
    Stream examples = new Stream().at(START + 9 * HOUR);
    examples.until("busy", START + HOUR).until("busy", START + 2 * HOUR);
    try (Runner r = runner(b -> b.ttl(Duration.ofHours(2))).feed(s).feed(examples)) {
      assertThat(r.states()).containsOnlyKeys("busy", "soon");
      assertThat(r.reasons()).containsExactly(Reason.LABEL_WITHOUT_EXAMPLE);
    }
  }

  @Test
  void labelsThatAreEarlyStayWhenTheirKeyEndsAndBeginsAnew() throws Exception {
    Stream examples = new Stream().at(START + 50 * HOUR).example("a", "", START, 1.0, 1, 1);
    examples.example("a", "next", START + 40 * HOUR, null, 1, 1);
    Stream labels = labels().label("a", "next", START + 40 * HOUR, 1.0);
    try (Runner r = runner(b -> b.ttl(Duration.ofHours(9)))) {
      r.feed(examples.items().subList(0, 1)).feed(labels).feed(examples.items().subList(1, 2));
      assertThat(r.reasons()).isEmpty();
      assertThat(r.state("a").journal.predicted).as("in its second life").isEqualTo(1);
      assertThat(r.state("a").journal.learned).isEqualTo(1);
    }
  }

  @Test
  void aStepThatALabelWouldSpoilIsADeadLetterWithIt() throws Exception {
    Stream labels = labels().label("a", "1", START, 1e12);
    Stream examples = new Stream().at(START).example("a", "1", START, null, 1, 1);
    try (Runner r = runner(b -> b).feed(labels).feed(examples)) {
      assertThat(r.reasons()).containsExactly(Reason.DIVERGED);
      byte[] value = new byte[r.deadLetters.get(0).getValue().remaining()];
      r.deadLetters.get(0).getValue().duplicate().get(value);
      assertThat(SingleObject.standard().decode(Example.class, value).getLabel()).isEqualTo(1e12);
    }
  }
}

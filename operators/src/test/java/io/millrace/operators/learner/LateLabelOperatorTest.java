package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleItem;
import io.millrace.schemas.Label;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Labels that come after their examples, and examples that wait for them. */
class LateLabelOperatorTest {
  /** Its label was scored and learned from, unless the label said the weight itself. */
  @Test
  void anExampleOfWeightZeroIsNotJudgedByALabelThatComesLater() throws Exception {
    Stream s = new Stream();
    s.batch("a", waiting("zero", 0), waiting("one", 1), waiting("changed", 0));
    s.label("a", "zero", 1, 1e6).label("a", "one", 1, 1.25);
    s.label(new Label("a", "changed", Instant.ofEpochMilli(1), 1.25, 1.0));
    try (Runner r = Runner.ofTestLearner(b -> b.labels(Duration.ofMillis(100), 10)).feed(s)) {
      Kept a = r.state("a");
      assertThat(a.journal.total.scored).isEqualTo(2);
      assertThat(a.journal.total.lossSum).isEqualTo(1.0);
      assertThat(a.journal.learned).isEqualTo(2);
      assertThat(a.journal.skipped).isEqualTo(1);
      assertThat(r.reasons()).isEmpty();
    }
  }

  private static ExampleItem waiting(String id, double weight) {
    ExampleItem item = Stream.item(id, 1, null, 1, 2);
    item.setWeight(weight);
    return item;
  }

  @Test
  void scoresALateLabelAgainstThePredictionMadeWhenTheFeaturesCame() throws Exception {
    Stream s = new Stream().example("a", "w", 1, null, 1, 2);
    for (int i = 0; i < 5; i++) {
      s.example("a", "", 2 + i, 3.0, 1, 1);
    }
    s.label("a", "w", 9, 2.25);
    try (Runner r = Runner.ofTestLearner(b -> b.labels(Duration.ofMillis(100), 10))) {
      r.feed(s.items().subList(0, 6));
      double before = r.state("a").journal.total.lossSum;
      r.feed(s.items().subList(6, 7));
      assertThat(r.state("a").journal.total.lossSum - before).isEqualTo(2.0);
      assertThat(r.state("a").journal.learned).isEqualTo(6);
      assertThat(r.state("a").journal.waiting.count).isZero();
      double[][][] steps = new double[6][][];
      for (int i = 0; i < 5; i++) {
        steps[i] = new double[][] {{3, 1, 1}};
      }
      steps[5] = new double[][] {{2.25, 1, 2}};
      assertThat(r.theta("a")).isEqualTo(TestLearner.learned(Map.of(), steps));
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
            .label("a", "w", 152, 1)
            .example("a", "", 203, 1.0, 1, 1);
    try (Runner r = Runner.ofTestLearner(b -> b.labels(Duration.ofMillis(50), 10))) {
      r.feed(s.items().subList(0, 3));
      assertThat(r.deadLetters).isEmpty();
      r.feed(s.items().subList(3, 6));
      assertThat(r.reasons()).containsExactly(Reason.LABEL_EXPIRED, Reason.LABEL_WITHOUT_EXAMPLE);
      DeadLetter expired = r.deadLetters.get(0);
      assertThat(expired.getOffset()).isZero();
      assertThat(expired.getValue())
          .isEqualTo(ByteBuffer.wrap(((RoutedEvent) s.items().get(0)).value));
      assertThat(r.state("a").journal.deadLetters).isEqualTo(2);
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
    try (Runner r = Runner.ofTestLearner(b -> b.labels(Duration.ofMillis(50), 2)).feed(s)) {
      assertThat(r.reasons())
          .containsExactly(Reason.MISSING_ID, Reason.DUPLICATE_ID, Reason.TOO_MANY_PENDING);
      assertThat(r.state("a").waiting).containsOnlyKeys("1", "2");
      assertThat(r.state("new")).as("a bad event begins no key").isNull();
    }
  }

  /** 10,000 waiting records of 1 MiB were 10 GiB of one key. */
  @Test
  void waitingExamplesAreBoundedInBytesToo() throws Exception {
    Stream s = new Stream();
    for (int i = 0; i < 20; i++) {
      s.example("a", "id" + i, 1, null, 1, 1);
    }
    s.label("a", "id0", 1, 1).example("a", "id20", 1, null, 1, 1);
    UnaryOperator<LearnerOptions.Builder> bounded =
        b -> b.labels(Duration.ofMillis(50), 1000).limits(2000, 16);
    try (Runner r = Runner.ofTestLearner(bounded).feed(s)) {
      int waiting = r.state("a").journal.waiting.count;
      assertThat(waiting).isBetween(5, 12);
      assertThat(r.state("a").journal.waiting.bytes).isBetween(2000L, 2300L);
      assertThat(r.reasons()).containsOnly(Reason.TOO_MANY_BYTES).hasSize(20 - waiting);
      assertThat(r.deadLetters.get(0).getMessage())
          .contains("events kept for key 'a' take ")
          .contains("limits.kept-bytes is 2000");
      assertThat(r.state("a").waiting).as("a label makes room").containsKey("id20");
    }
  }

  @Test
  void anIdThatIsTooLongWaitsNowhere() throws Exception {
    Stream s = new Stream().example("a", "12345678", 1, null, 1, 1);
    s.example("a", "123456789", 1, null, 1, 1).label("a", "123456789", 1, 1);
    s.batch("a", Stream.item("größe", 1, null, 1, 2), Stream.item("größegr", 2, null, 2, 1));
    try (Runner r =
        Runner.ofTestLearner(b -> b.labels(Duration.ofMillis(50), 9).limits(2000, 8)).feed(s)) {
      assertThat(r.reasons())
          .containsExactly(Reason.ID_TOO_LONG, Reason.ID_TOO_LONG, Reason.ID_TOO_LONG);
      assertThat(r.state("a").waiting).containsOnlyKeys("12345678", "größe");
    }
  }

  @Test
  void withoutWaitingAnUnlabelledExampleIsPredictedAndDoneWith() throws Exception {
    Stream s = new Stream().example("a", "", 1, null, 1, 1).label("a", "x", 2, 1);
    try (Runner r = Runner.ofTestLearner(b -> b.results(Results.PREDICTIONS)).feed(s)) {
      assertThat(r.predictions).hasSize(1);
      assertThat(r.predictions.get(0).getLabel()).isNull();
      assertThat(r.reasons()).containsExactly(Reason.LABEL_WITHOUT_EXAMPLE);
      assertThat(r.state("a").journal.waiting.count).isZero();
    }
  }

  /** The letter held the example as it had come, without its label, which was then nowhere. */
  @Test
  void anExampleWhoseDelayedLabelSpoilsTheStepIsADeadLetterWithItsLabel() throws Exception {
    Stream s = new Stream().example("a", "w", 1, null, 1, 2);
    s.batch("a", Stream.item("v", 1, null, 1, 2)).label("a", "w", 2, 1e12);
    s.label("a", "v", 2, 1e13);
    try (Runner r = Runner.ofTestLearner(b -> b.labels(Duration.ofMillis(50), 10)).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.DIVERGED, Reason.DIVERGED);
      for (DeadLetter letter : r.deadLetters) {
        Example whole = SingleObject.standard().decode(Example.class, bytes(letter.getValue()));
        assertThat(whole.getLabel()).isEqualTo(whole.getId().equals("w") ? 1e12 : 1e13);
        assertThat(whole.getFeatures()).isInstanceOf(DenseFeatures.class);
      }
      assertThat(r.deadLetters.get(1).getIndex()).isZero();
    }
  }

  private static byte[] bytes(ByteBuffer b) {
    byte[] out = new byte[b.remaining()];
    b.duplicate().get(out);
    return out;
  }
}

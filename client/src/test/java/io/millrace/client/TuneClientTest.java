package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.DecisionSource;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.TuneDecision;
import io.millrace.schemas.TuneFeedback;
import io.millrace.schemas.TuneRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TuneClientTest {
  private static final TuneTopics TOPICS = TuneTopics.of("millrace");
  private static final TopicPartition DECISIONS = new TopicPartition(TOPICS.decisions(), 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private long offset = 5;

  private TuneClient client() {
    Node node = new Node(0, "host", 1);
    consumer.updatePartitions(
        TOPICS.decisions(),
        List.of(new PartitionInfo(TOPICS.decisions(), 0, node, new Node[] {node}, new Node[0])));
    consumer.updateBeginningOffsets(Map.of(DECISIONS, 0L));
    consumer.updateEndOffsets(Map.of(DECISIONS, offset));
    return new TuneClient(producer, consumer, TOPICS).begin(Duration.ofSeconds(1));
  }

  private TuneRequest sent(int i) throws Exception {
    ProducerRecord<byte[], byte[]> r = producer.history().get(i);
    assertThat(r.topic()).isEqualTo(TOPICS.requests());
    TuneRequest request = SingleObject.standard().decode(TuneRequest.class, r.value());
    assertThat(r.key()).isEqualTo(request.getKey().getBytes(StandardCharsets.UTF_8));
    return request;
  }

  private TuneFeedback reported(int i) throws Exception {
    return SingleObject.standard().decode(TuneFeedback.class, producer.history().get(i).value());
  }

  private void decide(String id, String arm) {
    TuneDecision d =
        new TuneDecision(
            "t",
            id,
            Instant.EPOCH,
            arm,
            0,
            1.0,
            List.of("a", "b"),
            List.of(0.25, 0.75),
            DecisionSource.POLICY,
            "",
            "ucb1",
            1,
            1L,
            0L,
            7L);
    byte[] value = SingleObject.encode(d);
    consumer.addRecord(
        new ConsumerRecord<>(TOPICS.decisions(), 0, offset++, new byte[] {'t'}, value));
  }

  @Test
  void findsTheDecisionOfItsRequestAmongThoseOfOthersAndReportsItsCost() throws Exception {
    try (TuneClient client = client()) {
      CompletableFuture<Decision> answer =
          client.decideAsync(TuneQuery.of("t", 0.5, 2).arms(List.of("b", "a")).times(17, 99));
      TuneRequest r = sent(0);
      assertThat(r.getContext()).containsExactly(0.5, 2.0);
      assertThat(r.getArms()).containsExactly("b", "a");
      assertThat(r.getEventTime().toEpochMilli()).isEqualTo(17);
      assertThat(r.getDeadline().toEpochMilli()).isEqualTo(99);
      decide("another's", "a");
      decide(r.getId(), "b");
      decide(r.getId(), "b");
      Decision d = answer.get(20, TimeUnit.SECONDS);
      assertThat(d.arm()).isEqualTo("b");
      assertThat(d.probability()).isEqualTo(0.75);
      assertThat(d.fallback()).isFalse();
      client.report(d.id(), 3.5);
      assertThat(reported(1))
          .isEqualTo(
              new TuneFeedback("t", d.id(), Instant.EPOCH, 3.5, FeedbackSource.DECISION, "b"));
      client.report("t", "from elsewhere", 1);
      assertThat(reported(2).getArm()).isEmpty();
      assertThatThrownBy(() -> client.report("another's", 1))
          .isInstanceOf(TuneException.class)
          .hasMessageContaining("'another's' is none of the last 100000");
    }
    assertThat(consumer.closed()).isTrue();
    assertThat(producer.closed()).isTrue();
  }

  @Test
  void aFallbackIsReportedAsOne() throws Exception {
    try (TuneClient client = client()) {
      Decision d = client.decide(TuneQuery.of("t").id("x").within(Duration.ofMillis(1), "a"));
      assertThat(d).isEqualTo(Decision.fallback("t", "x", "a"));
      client.report("x", 2);
      assertThat(reported(1))
          .isEqualTo(new TuneFeedback("t", "x", Instant.EPOCH, 2.0, FeedbackSource.FALLBACK, "a"));
      assertThatThrownBy(() -> client.decide(TuneQuery.of("t").within(Duration.ofMillis(1))))
          .isInstanceOf(TuneException.class)
          .hasMessageContaining("within PT0.001S")
          .hasMessageContaining("name a fallback");
    }
  }

  @Test
  void twoWhoAskUnderOneIdBothGetItsAnswer() throws Exception {
    try (TuneClient client = client()) {
      CompletableFuture<Decision> one = client.decideAsync(TuneQuery.of("t").id("x"));
      CompletableFuture<Decision> two = client.decideAsync(TuneQuery.of("t").id("x"));
      decide("x", "a");
      assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo(two.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aTopicThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new TuneClient(producer, consumer, TOPICS).begin(Duration.ofMillis(1)))
        .isInstanceOf(TuneException.class)
        .hasMessageContaining("topic 'millrace.tune.decisions' is not there");
  }
}

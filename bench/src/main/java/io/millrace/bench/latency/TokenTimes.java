package io.millrace.bench.latency;

import io.millrace.schemas.ChainDraws;
import io.millrace.schemas.ChainToken;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How long it takes from a token to its answer, and from an answer to the next token, by the
 * timestamps of their records. A timestamp is that of the sender, when it hands the record to its
 * Kafka client, or that of the broker, when it appends the record, as the topic says; either is
 * rounded down to a millisecond, which cancels in a mean of many.
 */
final class TokenTimes {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<String, Long> tokens = new HashMap<>();
  private final Map<String, Long> answers = new HashMap<>();

  /**
   * Means of a while, milliseconds.
   *
   * @param toAnswer from a token to its answer
   * @param toToken from an answer to the token of the next round
   * @param rounds that both are means of
   */
  record Means(double toAnswer, double toToken, int rounds) {}

  /** Follows both topics, of one partition each, from their ends on. */
  Means follow(String servers, String chains, String draws, int seconds) throws DecodeException {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", servers, "isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> both =
          List.of(new TopicPartition(chains, 0), new TopicPartition(draws, 0));
      consumer.assign(both);
      consumer.seekToEnd(both);
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      while (System.nanoTime() < end) {
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(POLL)) {
          take(r);
        }
      }
    }
    return means();
  }

  private void take(ConsumerRecord<byte[], byte[]> r) throws DecodeException {
    Object message = SingleObject.standard().decode(r.value());
    if (message instanceof ChainToken t) {
      tokens.putIfAbsent(t.getChain() + "@" + t.getRound(), r.timestamp());
    } else if (message instanceof ChainDraws d) {
      answers.putIfAbsent(d.getChain() + "@" + d.getRound(), r.timestamp());
    }
  }

  private Means means() {
    double toAnswer = 0;
    double toToken = 0;
    int rounds = 0;
    for (Map.Entry<String, Long> answer : answers.entrySet()) {
      String[] at = answer.getKey().split("@");
      Long sent = tokens.get(answer.getKey());
      Long next = tokens.get(at[0] + "@" + (Long.parseLong(at[1]) + 1));
      if (sent != null && next != null) {
        toAnswer += answer.getValue() - sent;
        toToken += next - answer.getValue();
        rounds++;
      }
    }
    return new Means(toAnswer / rounds, toToken / rounds, rounds);
  }
}

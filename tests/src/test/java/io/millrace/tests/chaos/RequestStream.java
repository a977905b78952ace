package io.millrace.tests.chaos;

import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.schemas.ArmChange;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.TuneFeedback;
import io.millrace.schemas.TuneRequest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Everything a `tune` job takes: requests, some of them twice; costs that come later, sooner than
 * their request, or twice; more exploration and one more arm from half way on; and one event in
 * twenty that cannot be used.
 */
final class RequestStream extends ChaosStream {
  private static final int LONGEST_LAG = 20;

  private final Map<String, TuneRequest> asked = new TreeMap<>();
  private final Map<String, TuneFeedback> told = new TreeMap<>();
  private final Deque<Due> due = new ArrayDeque<>();
  private EventWriter writer;

  /** A cost on its way: sent before event number {@code at}. */
  private record Due(int at, TuneFeedback feedback) {}

  RequestStream(String topic, int events) {
    super(topic, events);
  }

  @Override
  void produce(String bootstrapServers) {
    KafkaAccess kafka = KafkaAccess.to(bootstrapServers);
    try (EventWriter open =
        EventWriter.open(kafka, "chaos-requests", EventTopics.single(topic), 1)) {
      writer = open;
      for (int k = 0; k < KEYS; k++) {
        ask(key(k), -KEYS + k, false);
      }
      write(0, events / 2);
      for (int k = 0; k < KEYS; k++) {
        writer.send(control(k, ControlCommand.SET, "epsilon", 0.25));
        String key = key(k);
        send(
            key,
            new ArmChange(key, ArmCommand.ADD, "e", 5.0, "a", 10.0, Instant.EPOCH, "chaos", 1L));
      }
      write(events / 2, events);
      tell(Integer.MAX_VALUE);
      for (int k = 0; k < KEYS; k++) {
        writer.send(control(k, ControlCommand.SNAPSHOT, "", 0));
      }
    }
  }

  private void write(int from, int to) {
    for (int i = from; i < to; i++) {
      tell(i);
      String key = key(random.nextInt(KEYS));
      switch (i % 97) {
        case 13, 67 -> {
          send(key, request(key, i, List.of("a", "nobody")));
          spoil(key);
        }
        case 41 -> {
          send(key, feedback(key, i, Double.NaN));
          spoil(key);
        }
        case 29, 83 -> send(key, asked.get(key));
        case 53 -> {
          if (told.containsKey(key)) {
            send(key, told.get(key));
            spoil(key);
          }
        }
        case 77 -> sendUndecodable(writer, key, i);
        default -> ask(key, i, i % 11 == 5);
      }
    }
  }

  /**
   * Sends a request and, then or earlier, its cost.
   *
   * @param first whether the cost comes first
   */
  private void ask(String key, int i, boolean first) {
    TuneRequest request = request(key, i, List.of());
    TuneFeedback cost = feedback(key, i, random.nextDouble());
    if (first) {
      send(key, cost);
    } else {
      due.add(new Due(i + random.nextInt(LONGEST_LAG), cost));
    }
    send(key, request);
    asked.put(key, request);
    use(key);
  }

  private void tell(int now) {
    while (!due.isEmpty() && due.peek().at() < now) {
      TuneFeedback cost = due.poll().feedback();
      send(cost.getKey(), cost);
      told.put(cost.getKey(), cost);
    }
  }

  private static TuneRequest request(String key, int i, List<String> arms) {
    Instant time = Instant.ofEpochMilli(START_MILLIS + i);
    return new TuneRequest(key, "r" + i, time, Instant.EPOCH, List.of(), arms, List.of());
  }

  private static TuneFeedback feedback(String key, int i, double cost) {
    Instant time = Instant.ofEpochMilli(START_MILLIS + i);
    return new TuneFeedback(key, "r" + i, time, cost, FeedbackSource.DECISION, "");
  }

  private void send(String key, SpecificRecordBase record) {
    writer.sendRaw(topic, null, bytes(key), SingleObject.encode(record));
  }
}

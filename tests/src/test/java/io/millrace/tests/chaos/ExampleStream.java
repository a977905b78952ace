package io.millrace.tests.chaos;

import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.Label;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Everything a job that learns from examples takes, in one topic so that the order of each key's
 * events is recorded: examples alone and in batches, labels that come later if the family has any,
 * orders half way, and one event in thirty that cannot be used. Each key ends with an order to
 * publish, so the newest snapshot covers all of it. The same in every run.
 */
final class ExampleStream extends ChaosStream {
  private static final int DIMENSION = 6;
  private static final int BATCH = 8;
  private static final int LONGEST_LABEL_LAG = 20;

  private final boolean labelled;
  private final List<Order> turn;
  private final Deque<Due> due = new ArrayDeque<>();

  /** An order that each key gets half way. */
  record Order(ControlCommand command, String name, double value) {}

  /** A label on its way: sent before event number {@code at}. */
  private record Due(int at, Label label) {}

  /**
   * A stream.
   *
   * @param labelled whether examples have labels, some of which come later
   * @param turn what each key is ordered half way
   */
  ExampleStream(String topic, int events, boolean labelled, Order... turn) {
    super(topic, events);
    this.labelled = labelled;
    this.turn = List.of(turn);
  }

  @Override
  void produce(String bootstrapServers) {
    KafkaAccess kafka = KafkaAccess.to(bootstrapServers);
    EventTopics topics = EventTopics.single(topic);
    try (EventWriter writer = EventWriter.open(kafka, "chaos-singles", topics, 1)) {
      write(writer, 0, events / 2);
    }
    try (EventWriter writer = EventWriter.open(kafka, "chaos-batches", topics, BATCH)) {
      for (int k = 0; k < KEYS; k++) {
        for (Order o : turn) {
          writer.send(control(k, o.command(), o.name(), o.value()));
        }
      }
      write(writer, events / 2, events);
      sendLabels(writer, Integer.MAX_VALUE);
      for (int k = 0; k < KEYS; k++) {
        writer.send(control(k, ControlCommand.SNAPSHOT, "", 0));
      }
    }
  }

  private void write(EventWriter writer, int from, int to) {
    for (int i = from; i < to; i++) {
      sendLabels(writer, i);
      String key = key(random.nextInt(KEYS));
      float[] x = new float[DIMENSION];
      double score = 0.3;
      for (int j = 0; j < DIMENSION; j++) {
        x[j] = (float) random.nextDouble(-1 - j, 1 + j);
        score += x[j] * (j % 2 == 0 ? 0.8 : -0.4);
      }
      String label = random.nextDouble() < 1 / (1 + Math.exp(-score)) ? "yes" : "no";
      long time = START_MILLIS + i;
      switch (i % 97) {
        case 13 -> {
          x[2] = Float.NaN;
          writer.send(labelled(Event.dense(key, x).eventTime(time), label));
          spoil(key);
        }
        case 41 -> {
          writer.send(labelled(Event.dense(key, Arrays.copyOf(x, 5)).eventTime(time), label));
          spoil(key);
        }
        case 77 -> sendUndecodable(writer, key, i);
        default -> {
          Event event = Event.dense(key, x).eventTime(time);
          if (labelled && i % 11 == 5) {
            String id = "e" + i;
            writer.send(event.id(id));
            Label late = new Label(key, id, Instant.ofEpochMilli(time), label, null);
            due.add(new Due(i + random.nextInt(LONGEST_LABEL_LAG), late));
          } else {
            writer.send(labelled(event, label));
          }
          use(key);
        }
      }
    }
  }

  private Event labelled(Event event, String label) {
    return labelled ? event.label(label) : event;
  }

  private void sendLabels(EventWriter writer, int now) {
    while (!due.isEmpty() && due.peek().at() < now) {
      writer.send(due.poll().label());
    }
  }
}

package io.millrace.tests.chaos;

import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.Label;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Everything a job that learns from examples takes, in one topic so that the order of each key's
 * events is recorded: examples alone and in batches, labels that come later if the family has any,
 * hyperparameters that change, and one event in thirty that cannot be used. Each key ends with an
 * order to publish, so the newest snapshot covers all of it. The same in every run.
 */
final class ExampleStream implements ChaosStream {
  private static final int DIMENSION = 6;
  private static final int BATCH = 8;
  private static final int LONGEST_LABEL_LAG = 20;

  private final SplittableRandom random = new SplittableRandom(20_260_721);
  private final String topic;
  private final int events;
  private final boolean labelled;
  private final String setting;
  private final double value;
  private final Map<String, Integer> usable = new TreeMap<>();
  private final Map<String, Integer> spoiled = new TreeMap<>();
  private final Deque<Due> due = new ArrayDeque<>();
  private int undecodable;

  /** A label on its way: sent before event number {@code at}. */
  private record Due(int at, Label label) {}

  /**
   * A stream.
   *
   * @param labelled whether examples have labels, some of which come later
   * @param setting a hyperparameter that is changed half way
   * @param value what it is changed to
   */
  ExampleStream(String topic, int events, boolean labelled, String setting, double value) {
    this.topic = topic;
    this.events = events;
    this.labelled = labelled;
    this.setting = setting;
    this.value = value;
  }

  @Override
  public Map<String, Integer> usable() {
    return usable;
  }

  @Override
  public Map<String, Integer> spoiled() {
    return spoiled;
  }

  @Override
  public int undecodable() {
    return undecodable;
  }

  @Override
  public void produce(String bootstrapServers) {
    KafkaAccess kafka = KafkaAccess.to(bootstrapServers);
    EventTopics topics = EventTopics.single(topic);
    try (EventWriter writer = EventWriter.open(kafka, "chaos-singles", topics, 1)) {
      write(writer, 0, events / 2);
    }
    try (EventWriter writer = EventWriter.open(kafka, "chaos-batches", topics, BATCH)) {
      for (int k = 0; k < KEYS; k++) {
        writer.send(ChaosStream.control(k, ControlCommand.SET, setting, value));
      }
      write(writer, events / 2, events);
      sendLabels(writer, Integer.MAX_VALUE);
      for (int k = 0; k < KEYS; k++) {
        writer.send(ChaosStream.control(k, ControlCommand.SNAPSHOT, "", 0));
      }
    }
  }

  private void write(EventWriter writer, int from, int to) {
    for (int i = from; i < to; i++) {
      sendLabels(writer, i);
      String key = ChaosStream.key(random.nextInt(KEYS));
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
          spoiled.merge(key, 1, Integer::sum);
        }
        case 41 -> {
          writer.send(labelled(Event.dense(key, Arrays.copyOf(x, 5)).eventTime(time), label));
          spoiled.merge(key, 1, Integer::sum);
        }
        case 77 -> {
          byte[] value = ("no event: " + i).getBytes(StandardCharsets.UTF_8);
          writer.sendRaw(topic, null, key.getBytes(StandardCharsets.UTF_8), value);
          undecodable++;
        }
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
          usable.merge(key, 1, Integer::sum);
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

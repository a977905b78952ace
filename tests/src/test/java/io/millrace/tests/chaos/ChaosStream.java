package io.millrace.tests.chaos;

import io.millrace.client.EventWriter;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A stream of everything a job takes, in one topic so that the order of each key's events is
 * recorded, the same in every run. Each key ends with an order to publish, so the newest snapshot
 * covers all of it. What is to become of each event is counted as it is sent.
 */
abstract class ChaosStream {
  /** How many keys there are. */
  static final int KEYS = 8;

  /** Event time of the first event. */
  static final long START_MILLIS = 1_700_000_000_000L;

  final SplittableRandom random = new SplittableRandom(20_260_721);
  final String topic;
  final int events;
  private final Map<String, Integer> usable = new TreeMap<>();
  private final Map<String, Integer> spoiled = new TreeMap<>();
  private int undecodable;

  /**
   * A stream.
   *
   * @param events how many, about
   */
  ChaosStream(String topic, int events) {
    this.topic = topic;
    this.events = events;
  }

  /** Writes all of it; may be called once. */
  abstract void produce(String bootstrapServers);

  /** Events to be learned from, by key. */
  final Map<String, Integer> usable() {
    return usable;
  }

  /** Events that become dead letters, by key. */
  final Map<String, Integer> spoiled() {
    return spoiled;
  }

  /** Records that become dead letters before they have a key. */
  final int undecodable() {
    return undecodable;
  }

  /** Counts an event that is to be learned from. */
  final void use(String key) {
    usable.merge(key, 1, Integer::sum);
  }

  /** Counts an event that is to become a dead letter. */
  final void spoil(String key) {
    spoiled.merge(key, 1, Integer::sum);
  }

  /** Sends a record that is none. */
  final void sendUndecodable(EventWriter writer, String key, int i) {
    writer.sendRaw(topic, null, bytes(key), bytes("no event: " + i));
    undecodable++;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** An order to a key. */
  static Control control(int k, ControlCommand command, String name, double value) {
    return new Control(key(k), command, name, value, Instant.EPOCH, "", 0L, 0);
  }

  /** Name of a key. */
  static String key(int k) {
    return "model-" + k;
  }
}

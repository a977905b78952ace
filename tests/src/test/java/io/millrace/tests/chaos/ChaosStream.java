package io.millrace.tests.chaos;

import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import java.time.Instant;
import java.util.Map;

/**
 * A stream of everything a job takes, in one topic so that the order of each key's events is
 * recorded, the same in every run. Each key ends with an order to publish, so the newest snapshot
 * covers all of it.
 */
interface ChaosStream {
  /** How many keys there are. */
  int KEYS = 8;

  /** Event time of the first event. */
  long START_MILLIS = 1_700_000_000_000L;

  /** Events to be learned from, by key. */
  Map<String, Integer> usable();

  /** Events that become dead letters, by key. */
  Map<String, Integer> spoiled();

  /** Records that become dead letters before they have a key. */
  int undecodable();

  /** Writes all of it; may be called once. */
  void produce(String bootstrapServers);

  /** An order to a key. */
  static Control control(int k, ControlCommand command, String name, double value) {
    return new Control(key(k), command, name, value, Instant.EPOCH, "", 0L, 0);
  }

  /** Name of a key. */
  static String key(int k) {
    return "model-" + k;
  }
}

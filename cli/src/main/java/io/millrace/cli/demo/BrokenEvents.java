package io.millrace.cli.demo;

import io.millrace.client.Event;
import io.millrace.client.EventWriter;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Events no job can use, one of each kind; the demo strews them among the good ones. */
final class BrokenEvents {
  /**
   * One kind.
   *
   * @param reason the job must give
   * @param send writes it
   */
  record Broken(Reason reason, Consumer<EventWriter> send) {}

  private BrokenEvents() {}

  /**
   * The kinds that every job of dense events knows.
   *
   * @param good features whose spoilt copies they are, at least four
   * @param complete adds what else a good event has
   */
  static List<Broken> of(String topic, String key, double[] good, UnaryOperator<Event> complete) {
    double[] infinite = good.clone();
    infinite[2] = Double.POSITIVE_INFINITY;
    double[] notANumber = good.clone();
    notANumber[3] = Double.NaN;
    double[] tooShort = Arrays.copyOf(good, good.length - 1);
    List<Broken> all = unreadable(topic, key, complete.apply(Event.dense(key, good)).encode());
    // These travel in batches, between good examples.
    all.add(sent(Reason.DIMENSION_MISMATCH, complete.apply(Event.dense(key, tooShort))));
    all.add(sent(Reason.NOT_FINITE, complete.apply(Event.dense(key, infinite))));
    all.add(sent(Reason.NOT_FINITE, complete.apply(Event.dense(key, notANumber))));
    all.add(sent(Reason.BAD_WEIGHT, complete.apply(Event.dense(key, good)).weight(-1)));
    return all;
  }

  /**
   * Records that no job can read.
   *
   * @param whole a record that can be read
   */
  static List<Broken> unreadable(String topic, String key, byte[] whole) {
    byte[] foreign = whole.clone();
    Arrays.fill(foreign, 2, SingleObject.HEADER_BYTES, (byte) 0x5A);
    byte[] json = "{\"price\": 0.05, \"class\": \"UP\"}".getBytes(StandardCharsets.UTF_8);
    return new ArrayList<>(
        List.of(
            raw(Reason.EMPTY, topic, key, new byte[0]),
            raw(Reason.NOT_SINGLE_OBJECT, topic, key, json),
            raw(Reason.UNKNOWN_SCHEMA, topic, key, foreign),
            raw(Reason.MALFORMED, topic, key, Arrays.copyOf(whole, whole.length / 2)),
            raw(Reason.TRAILING_BYTES, topic, key, Arrays.copyOf(whole, whole.length + 3))));
  }

  /** An event with a label that is none of the job's classes. */
  static Broken unknownClass(String key, double[] features) {
    return sent(Reason.UNKNOWN_CLASS, Event.dense(key, features).label("SIDEWAYS"));
  }

  /** A record as it is. */
  static Broken raw(Reason reason, String topic, String key, byte[] value) {
    byte[] recordKey = key.getBytes(StandardCharsets.UTF_8);
    return new Broken(reason, writer -> writer.sendRaw(topic, null, recordKey, value));
  }

  private static Broken sent(Reason reason, Event event) {
    return new Broken(reason, writer -> writer.send(event));
  }
}

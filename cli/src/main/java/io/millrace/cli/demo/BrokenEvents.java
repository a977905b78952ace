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
    byte[] recordKey = key.getBytes(StandardCharsets.UTF_8);
    byte[] whole = complete.apply(Event.dense(key, good)).encode();
    byte[] foreign = whole.clone();
    Arrays.fill(foreign, 2, SingleObject.HEADER_BYTES, (byte) 0x5A);
    double[] infinite = good.clone();
    infinite[2] = Double.POSITIVE_INFINITY;
    double[] notANumber = good.clone();
    notANumber[3] = Double.NaN;
    double[] tooShort = Arrays.copyOf(good, good.length - 1);
    return new ArrayList<>(
        List.of(
            raw(Reason.EMPTY, topic, recordKey, new byte[0]),
            raw(
                Reason.NOT_SINGLE_OBJECT,
                topic,
                recordKey,
                "{\"price\": 0.05, \"class\": \"UP\"}".getBytes(StandardCharsets.UTF_8)),
            raw(Reason.UNKNOWN_SCHEMA, topic, recordKey, foreign),
            raw(Reason.MALFORMED, topic, recordKey, Arrays.copyOf(whole, whole.length / 2)),
            raw(Reason.TRAILING_BYTES, topic, recordKey, Arrays.copyOf(whole, whole.length + 3)),
            // These travel in batches, between good examples.
            sent(Reason.DIMENSION_MISMATCH, complete.apply(Event.dense(key, tooShort))),
            sent(Reason.NOT_FINITE, complete.apply(Event.dense(key, infinite))),
            sent(Reason.NOT_FINITE, complete.apply(Event.dense(key, notANumber))),
            sent(Reason.BAD_WEIGHT, complete.apply(Event.dense(key, good)).weight(-1))));
  }

  /** An event with a label that is none of the job's classes. */
  static Broken unknownClass(String key, double[] features) {
    return sent(Reason.UNKNOWN_CLASS, Event.dense(key, features).label("SIDEWAYS"));
  }

  private static Broken raw(Reason reason, String topic, byte[] key, byte[] value) {
    return new Broken(reason, writer -> writer.sendRaw(topic, null, key, value));
  }

  private static Broken sent(Reason reason, Event event) {
    return new Broken(reason, writer -> writer.send(event));
  }
}

package io.millrace.cli.demo;

import io.millrace.client.Event;
import io.millrace.client.EventWriter;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

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
   * All kinds.
   *
   * @param good row whose spoilt copies they are
   */
  static List<Broken> of(String topic, String key, ElectricityStream.Row good) {
    byte[] recordKey = key.getBytes(StandardCharsets.UTF_8);
    byte[] whole = event(key, good).encode();
    byte[] foreign = whole.clone();
    Arrays.fill(foreign, 2, SingleObject.HEADER_BYTES, (byte) 0x5A);
    float[] infinite = good.features().clone();
    infinite[2] = Float.POSITIVE_INFINITY;
    float[] notANumber = good.features().clone();
    notANumber[3] = Float.NaN;
    return List.of(
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
        sent(
            Reason.DIMENSION_MISMATCH,
            Event.dense(key, Arrays.copyOf(good.features(), ElectricityStream.DIMENSION - 1))
                .label(good.label())),
        sent(Reason.NOT_FINITE, Event.dense(key, infinite).label(good.label())),
        sent(Reason.NOT_FINITE, Event.dense(key, notANumber).label(good.label())),
        sent(Reason.UNKNOWN_CLASS, Event.dense(key, good.features()).label("SIDEWAYS")),
        sent(Reason.BAD_WEIGHT, event(key, good).weight(-1)));
  }

  /** A row as an event. */
  static Event event(String key, ElectricityStream.Row row) {
    return Event.dense(key, row.features())
        .id("elec2-" + row.number())
        .eventTime(row.eventTimeMillis())
        .label(row.label());
  }

  private static Broken raw(Reason reason, String topic, byte[] key, byte[] value) {
    return new Broken(reason, writer -> writer.sendRaw(topic, key, value));
  }

  private static Broken sent(Reason reason, Event event) {
    return new Broken(reason, writer -> writer.send(event));
  }
}

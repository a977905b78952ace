package io.millrace.operators.learner;

import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.AvroSink;

/**
 * Examples kept in state as bytes, in Avro's encoding:
 *
 * <pre>
 * int topic, partition | long offset | int index | long timestamp, event time
 * | int 0, or 1 and bytes: record key | bytes: Example record
 * | int -1, or topic of the label: double label, weight | int partition | long offset
 * </pre>
 *
 * A pending one has its id, the number of raw outputs and these in front.
 */
final class ExampleBlock {
  private ExampleBlock() {}

  static void putPending(AvroSink sink, String id, PendingExample p) {
    sink.writeString(id).writeInt(p.raw().length);
    for (double v : p.raw()) {
      sink.writeDouble(v);
    }
    put(sink, p.example());
  }

  static void put(AvroSink sink, HeldExample e) {
    sink.writeInt(e.topic()).writeInt(e.partition()).writeLong(e.offset()).writeInt(e.index());
    sink.writeLong(e.timestamp()).writeLong(e.eventTime());
    sink.writeInt(e.recordKey() == null ? 0 : 1);
    if (e.recordKey() != null) {
      sink.writeBytes(e.recordKey(), 0, e.recordKey().length);
    }
    sink.writeBytes(e.value(), 0, e.value().length);
    sink.writeInt(e.labelTopic());
    if (e.labelTopic() >= 0) {
      sink.writeDouble(e.label()).writeDouble(e.weight());
      sink.writeInt(e.labelPartition()).writeLong(e.labelOffset());
    }
  }

  static HeldExample take(AvroCursor cursor) {
    int topic = cursor.readInt();
    int partition = cursor.readInt();
    long offset = cursor.readLong();
    int index = cursor.readInt();
    long timestamp = cursor.readLong();
    long eventTime = cursor.readLong();
    byte[] recordKey = cursor.readInt() == 0 ? null : cursor.readBytes();
    byte[] value = cursor.readBytes();
    int labelTopic = cursor.readInt();
    boolean later = labelTopic >= 0;
    return new HeldExample(
        topic,
        partition,
        offset,
        index,
        timestamp,
        recordKey,
        value,
        eventTime,
        later ? cursor.readDouble() : Double.NaN,
        later ? cursor.readDouble() : Double.NaN,
        labelTopic,
        later ? cursor.readInt() : -1,
        later ? cursor.readLong() : -1);
  }

  /** What of a pending example stands behind its id. */
  static PendingExample takePending(AvroCursor cursor) {
    double[] raw = new double[Math.max(0, Math.min(cursor.readInt(), cursor.remaining()))];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = cursor.readDouble();
    }
    return new PendingExample(take(cursor), raw);
  }
}

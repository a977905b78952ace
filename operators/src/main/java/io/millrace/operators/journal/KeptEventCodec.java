package io.millrace.operators.journal;

import io.millrace.core.state.StateException;
import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.AvroSink;

/**
 * {@link KeptEvent} and {@link WaitingEvent} to bytes and back, in Avro's encoding:
 *
 * <pre>
 * int format
 * WaitingEvent only: long place | int numbers, then doubles: what was made of it
 * int topic, partition | long offset | int index | long timestamp, event time
 * int 0, or 1 and bytes: record key | bytes: value
 * int -1, or topic of the label: double label, weight | int partition | long offset
 * </pre>
 */
public final class KeptEventCodec {
  private static final int FORMAT = 1;

  private KeptEventCodec() {}

  /** Of events held. */
  public static final class Held implements ByteCodec<KeptEvent> {
    private final AvroSink sink = new AvroSink();
    private final AvroCursor cursor = new AvroCursor();

    @Override
    public int encode(KeptEvent e) {
      put(sink.clear().writeInt(FORMAT), e);
      return sink.size();
    }

    @Override
    public byte[] array() {
      return sink.array();
    }

    @Override
    public KeptEvent decode(byte[] bytes, int length) {
      begin(cursor.reset(bytes, 0, length));
      return whole(take(cursor), cursor);
    }
  }

  /** Of events that wait. */
  public static final class Waiting implements ByteCodec<WaitingEvent> {
    private final AvroSink sink = new AvroSink();
    private final AvroCursor cursor = new AvroCursor();

    @Override
    public int encode(WaitingEvent w) {
      sink.clear().writeInt(FORMAT).writeLong(w.place()).writeInt(w.made().length);
      for (double v : w.made()) {
        sink.writeDouble(v);
      }
      put(sink, w.event());
      return sink.size();
    }

    @Override
    public byte[] array() {
      return sink.array();
    }

    @Override
    public WaitingEvent decode(byte[] bytes, int length) {
      AvroCursor c = cursor.reset(bytes, 0, length);
      begin(c);
      long place = c.readLong();
      int n = c.readInt();
      if (n < 0 || n > c.remaining() / Double.BYTES) {
        c.fail();
        n = 0;
      }
      double[] made = new double[n];
      for (int i = 0; i < made.length; i++) {
        made[i] = c.readDouble();
      }
      return whole(new WaitingEvent(place, take(c), made), c);
    }
  }

  private static void begin(AvroCursor c) {
    int format = c.readInt();
    if (!c.failed() && format != FORMAT) {
      throw new StateException(
          "event kept for a key was written by format "
              + format
              + "; this build reads "
              + FORMAT
              + "; upgrade the job or restore an older savepoint");
    }
  }

  private static void put(AvroSink sink, KeptEvent e) {
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

  private static KeptEvent take(AvroCursor c) {
    int topic = c.readInt();
    int partition = c.readInt();
    long offset = c.readLong();
    int index = c.readInt();
    long timestamp = c.readLong();
    long eventTime = c.readLong();
    byte[] recordKey = c.readInt() == 0 ? null : c.readBytes();
    byte[] value = c.readBytes();
    int labelTopic = c.readInt();
    boolean later = labelTopic >= 0;
    return new KeptEvent(
        topic,
        partition,
        offset,
        index,
        timestamp,
        recordKey,
        value,
        eventTime,
        later ? c.readDouble() : Double.NaN,
        later ? c.readDouble() : Double.NaN,
        labelTopic,
        later ? c.readInt() : -1,
        later ? c.readLong() : -1);
  }

  private static <T> T whole(T value, AvroCursor c) {
    if (c.failed()) {
      throw new StateException("event kept for a key makes no sense; restore another savepoint");
    }
    return value;
  }
}

package io.millrace.operators.journal;

import io.millrace.core.state.StateException;
import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.AvroSink;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * {@link Journal} to bytes and back.
 *
 * <pre>
 * int     format
 * int     how many numbers, then the numbers in the order of {@code numbers()}, only ever appended to;
 *         those of a chain of deltas only where the key has one
 * double  loss total, double loss of the window
 * string  parent
 * int     topics, then strings
 * int     positions, then int topic, int partition, long offset of each
 * int     overrides, then string, double of each
 * int     origins, then string, long of each
 * string  champion, string former champion, empty: none
 * ...     what a newer build appends, which this one passes over
 * 4       CRC-32C of everything before, little-endian
 * </pre>
 *
 * Ints, longs, doubles and strings are in Avro's encoding, so that a journal in which little has
 * happened is small: RocksDB writes it at every event.
 */
public final class JournalCodec implements ByteCodec<Journal> {
  /** Format this build writes. It reads 1 to this. */
  public static final int FORMAT = 1;

  private static final int NUMBERS = 45;

  /** So many of them have a key without deltas, whose other numbers follow from its version. */
  private static final int WITHOUT_DELTAS = 42;

  private static final int VERSION = 1;
  private static final int SLOT = 42;
  private static final int CRC_BYTES = 4;

  private final AvroSink sink = new AvroSink();
  private final AvroCursor cursor = new AvroCursor();
  private final CRC32C crc = new CRC32C();
  private final long[] numbers = new long[NUMBERS];
  private final byte[] check = new byte[CRC_BYTES];

  @Override
  public int encode(Journal j) {
    numbers(j);
    boolean plain = j.deltas == 0 && j.described == 0 && j.slot == slot(j.version);
    int count = plain ? WITHOUT_DELTAS : NUMBERS;
    sink.clear().writeInt(FORMAT).writeInt(count);
    for (int i = 0; i < count; i++) {
      sink.writeLong(numbers[i]);
    }
    sink.writeDouble(j.total.lossSum).writeDouble(j.window.lossSum).writeString(j.parent);
    sink.writeInt(j.topics());
    for (int i = 0; i < j.topics(); i++) {
      sink.writeString(j.topicName(i));
    }
    sink.writeInt(j.positions());
    for (int i = 0; i < j.positions(); i++) {
      sink.writeInt(j.positionTopic(i)).writeInt(j.positionPartition(i));
      sink.writeLong(j.positionOffset(i));
    }
    sink.writeInt(j.overrides == null ? 0 : j.overrides.size());
    if (j.overrides != null) {
      j.overrides.forEach((name, v) -> sink.writeString(name).writeDouble(v));
    }
    sink.writeInt(j.hasOrigins() ? j.origins().last().size() : 0);
    if (j.hasOrigins()) {
      j.origins().last().forEach((name, v) -> sink.writeString(name).writeLong(v));
    }
    sink.writeString(j.champion == null ? "" : j.champion);
    sink.writeString(j.former == null ? "" : j.former);
    crc.reset();
    crc.update(sink.array(), 0, sink.size());
    int value = (int) crc.getValue();
    for (int i = 0; i < CRC_BYTES; i++) {
      check[i] = (byte) (value >>> (8 * i));
    }
    sink.append(check, 0, CRC_BYTES);
    return sink.size();
  }

  private void numbers(Journal j) {
    long[] n = numbers;
    n[0] = j.incarnation;
    n[VERSION] = j.version;
    n[2] = j.evenParts;
    n[3] = j.oddParts;
    n[4] = j.learnedAtSnapshot;
    n[5] = j.timeAtSnapshot;
    n[6] = j.eventTime;
    n[7] = j.timerAt;
    n[8] = j.controlEpoch;
    n[9] = j.ordersSeen;
    n[10] = j.home;
    n[11] = j.paused ? 1 : 0;
    n[12] = j.predicted;
    n[13] = j.predictedAtMetric;
    n[14] = j.learned;
    n[15] = j.learnedTime;
    n[16] = j.deadLetters;
    n[17] = j.rollbacks;
    n[18] = j.skipped;
    n[19] = j.abandoned;
    n[20] = j.total.scored;
    n[21] = j.total.judged;
    n[22] = j.total.correct;
    n[23] = j.window.scored;
    n[24] = j.window.judged;
    n[25] = j.window.correct;
    n[26] = j.held;
    put(n, 27, j.waiting);
    n[32] = j.heldBytes;
    n[33] = j.recentWindow;
    n[34] = j.recentCount;
    put(n, 35, j.early);
    n[40] = j.refused;
    n[41] = j.restores;
    n[SLOT] = j.slot;
    n[43] = j.deltas;
    n[44] = j.described;
  }

  /** Where there are no deltas every version has the other slot than the one before. */
  private static int slot(long version) {
    return (int) (version % 2);
  }

  private static void put(long[] n, int at, Queue q) {
    n[at] = q.count;
    n[at + 1] = q.first;
    n[at + 2] = q.next;
    n[at + 3] = q.oldest;
    n[at + 4] = q.bytes;
  }

  private static void take(long[] n, int at, Queue q) {
    q.count = (int) n[at];
    q.first = n[at + 1];
    q.next = n[at + 2];
    q.oldest = n[at + 3];
    q.bytes = n[at + 4];
  }

  @Override
  public byte[] array() {
    return sink.array();
  }

  @Override
  public Journal decode(byte[] bytes, int length) {
    int body = length - CRC_BYTES;
    requireChecksum(bytes, body);
    AvroCursor c = cursor.reset(bytes, 0, body);
    int format = c.readInt();
    if (format < 1 || format > FORMAT) {
      throw new StateException(
          "journal of a key was written by format "
              + format
              + "; this build reads 1 to "
              + FORMAT
              + "; upgrade the job or restore an older savepoint");
    }
    int count = c.readInt();
    for (int i = 0; i < count; i++) {
      long n = c.readLong();
      if (i < NUMBERS) {
        numbers[i] = n;
      }
    }
    for (int i = Math.max(0, count); i < NUMBERS; i++) {
      numbers[i] = 0;
    }
    if (count <= WITHOUT_DELTAS) {
      numbers[SLOT] = slot(numbers[VERSION]);
    }
    Journal j = new Journal();
    take(j);
    j.total.lossSum = c.readDouble();
    j.window.lossSum = c.readDouble();
    j.parent = c.readString();
    for (int n = c.readInt(); n > 0 && !c.failed(); n--) {
      j.topic(c.readString().intern());
    }
    for (int n = c.readInt(); n > 0 && !c.failed(); n--) {
      int topic = c.readInt();
      int partition = c.readInt();
      j.covers(topic, partition, c.readLong());
    }
    for (int n = c.readInt(); n > 0 && !c.failed(); n--) {
      j.overrides = j.overrides == null ? new TreeMap<>() : j.overrides;
      String name = c.readString();
      j.overrides.put(name, c.readDouble());
    }
    for (int n = c.readInt(); n > 0 && !c.failed(); n--) {
      String origin = c.readString();
      j.origins().put(origin, c.readLong());
    }
    j.champion = name(c.readString());
    j.former = name(c.readString());
    if (c.failed()) {
      throw new StateException("journal of a key makes no sense; restore another savepoint");
    }
    return j;
  }

  private static String name(String written) {
    return written.isEmpty() ? null : written.intern();
  }

  private void requireChecksum(byte[] bytes, int body) {
    int found = 0;
    crc.reset();
    if (body > 0) {
      crc.update(bytes, 0, body);
      for (int i = 0; i < CRC_BYTES; i++) {
        found |= (bytes[body + i] & 0xff) << (8 * i);
      }
    }
    if (body <= 0 || found != (int) crc.getValue()) {
      throw new StateException(
          "journal of a key: checksum of "
              + (body + CRC_BYTES)
              + " bytes is wrong; the state is damaged; restore another savepoint");
    }
  }

  private void take(Journal j) {
    long[] n = numbers;
    j.incarnation = n[0];
    j.version = n[VERSION];
    j.evenParts = (int) n[2];
    j.oddParts = (int) n[3];
    j.learnedAtSnapshot = n[4];
    j.timeAtSnapshot = n[5];
    j.eventTime = n[6];
    j.timerAt = n[7];
    j.controlEpoch = n[8];
    j.ordersSeen = n[9];
    j.home = (int) n[10];
    j.paused = n[11] != 0;
    j.predicted = n[12];
    j.predictedAtMetric = n[13];
    j.learned = n[14];
    j.learnedTime = n[15];
    j.deadLetters = n[16];
    j.rollbacks = n[17];
    j.skipped = n[18];
    j.abandoned = n[19];
    j.total.scored = n[20];
    j.total.judged = n[21];
    j.total.correct = n[22];
    j.window.scored = n[23];
    j.window.judged = n[24];
    j.window.correct = n[25];
    j.held = (int) n[26];
    take(n, 27, j.waiting);
    j.heldBytes = n[32];
    j.recentWindow = (int) n[33];
    j.recentCount = n[34];
    take(n, 35, j.early);
    j.refused = n[40];
    j.restores = n[41];
    j.slot = (int) n[SLOT];
    j.deltas = (int) n[43];
    j.described = n[44];
  }
}

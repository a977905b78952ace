package io.millrace.state;

import io.millrace.operators.ingress.KeyCache;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.schemas.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a {@link RoutedEvent} across the shuffle, and into the channel state of unaligned
 * checkpoints.
 *
 * <pre>
 * 1       NO_RECORD_KEY, RECORD_KEY_IS_KEY, NO_VALUE, SECOND_KEY
 * 1       kind
 * varint  topic, then varint partition
 * 8       offset, big-endian
 * 8       timestamp, big-endian
 * string  key
 * string  second key; only with SECOND_KEY
 * bytes   record key; absent with NO_RECORD_KEY or RECORD_KEY_IS_KEY
 * bytes   value; absent with NO_VALUE
 * varint  reason (position in the append-only enum), then string message; UNUSABLE only
 * </pre>
 *
 * <p>{@code bytes} is a varint length and the bytes, {@code string} the same in UTF-8; {@code
 * varint} is LEB128 of an int taken as unsigned.
 *
 * <p>{@link #copy} returns its argument: a RoutedEvent is immutable. An instance has scratch space
 * and is for one thread, {@link #duplicate} gives another. This class name is part of savepoints.
 */
public final class RoutedEventSerializer extends StateSerializer<RoutedEvent> {
  private static final long serialVersionUID = 1;

  /** Type of the events between source and stages. */
  public static final TypeInformation<RoutedEvent> TYPE =
      new SerializedType<>(RoutedEvent.class, new RoutedEventSerializer());

  private static final int NO_RECORD_KEY = 1;
  private static final int RECORD_KEY_IS_KEY = 2;
  private static final int NO_VALUE = 4;
  private static final int SECOND_KEY = 8;

  /** Bytes in front of the key at most: flags, kind, two varints, two longs, one varint. */
  private static final int HEAD_BYTES = 1 + 1 + 5 + 5 + 8 + 8 + 5;

  private static final byte[] EMPTY = {};
  private static final Reason[] REASONS = Reason.values();

  private transient byte[] scratch;
  private transient KeyCache keys;

  @Override
  public void serialize(RoutedEvent e, DataOutputView out) throws IOException {
    int chars = e.key.length();
    byte[] b = scratch(HEAD_BYTES + chars);
    int keyAt = HEAD_BYTES;
    int keyBytes = chars;
    for (int i = 0; i < chars; i++) {
      char c = e.key.charAt(i);
      if (c >= 0x80) {
        byte[] utf8 = e.key.getBytes(StandardCharsets.UTF_8);
        keyBytes = utf8.length;
        b = scratch(HEAD_BYTES + keyBytes);
        System.arraycopy(utf8, 0, b, keyAt, keyBytes);
        break;
      }
      b[keyAt + i] = (byte) c;
    }
    boolean sameKey =
        e.recordKey != null
            && Arrays.equals(e.recordKey, 0, e.recordKey.length, b, keyAt, keyAt + keyBytes);
    b[0] =
        (byte)
            ((e.recordKey == null ? NO_RECORD_KEY : 0)
                | (sameKey ? RECORD_KEY_IS_KEY : 0)
                | (e.value == null ? NO_VALUE : 0)
                | (e.secondKey == null ? 0 : SECOND_KEY));
    b[1] = (byte) e.kind;
    int p = putVarint(b, 2, e.topic);
    p = putVarint(b, p, e.partition);
    p = putLong(b, p, e.offset);
    p = putLong(b, p, e.timestamp);
    p = putVarint(b, p, keyBytes);
    out.write(b, 0, p);
    out.write(b, keyAt, keyBytes);
    if (e.secondKey != null) {
      writeBytes(e.secondKey.getBytes(StandardCharsets.UTF_8), out);
    }
    if (e.recordKey != null && !sameKey) {
      writeBytes(e.recordKey, out);
    }
    if (e.value != null) {
      writeBytes(e.value, out);
    }
    if (e.kind == RoutedEvent.UNUSABLE) {
      int n = putVarint(b, 0, e.reason.ordinal());
      out.write(b, 0, n);
      writeBytes(e.message.getBytes(StandardCharsets.UTF_8), out);
    }
  }

  @Override
  public RoutedEvent deserialize(DataInputView in) throws IOException {
    int flags = in.readUnsignedByte();
    int kind = in.readUnsignedByte();
    int topic = readVarint(in);
    int partition = readVarint(in);
    long offset = in.readLong();
    long timestamp = in.readLong();
    KeyCache.Entry key = readKey(in);
    String secondKey = (flags & SECOND_KEY) == 0 ? null : readKey(in).text;
    byte[] recordKey = null;
    if ((flags & RECORD_KEY_IS_KEY) != 0) {
      recordKey = key.bytes;
    } else if ((flags & NO_RECORD_KEY) == 0) {
      recordKey = readBytes(in);
    }
    byte[] value = (flags & NO_VALUE) != 0 ? null : readBytes(in);
    Reason reason = null;
    String message = null;
    if (kind == RoutedEvent.UNUSABLE) {
      int r = readVarint(in);
      reason = r >= 0 && r < REASONS.length ? REASONS[r] : Reason.UNKNOWN;
      message = new String(readBytes(in), StandardCharsets.UTF_8);
    }
    return new RoutedEvent(
        kind, topic, partition, offset, timestamp, recordKey, key.text, secondKey, value, reason,
        message);
  }

  private KeyCache.Entry readKey(DataInputView in) throws IOException {
    int bytes = readLength(in);
    byte[] b = scratch(bytes);
    in.readFully(b, 0, bytes);
    if (keys == null) {
      keys = new KeyCache();
    }
    KeyCache.Entry key = keys.get(b, 0, bytes);
    if (key == null) {
      throw new IOException("key of an event is not UTF-8; the stream is damaged");
    }
    return key;
  }

  @Override
  public TypeSerializer<RoutedEvent> duplicate() {
    return new RoutedEventSerializer();
  }

  @Override
  public TypeSerializerSnapshot<RoutedEvent> snapshotConfiguration() {
    return new RoutedEventSerializerSnapshot();
  }

  private byte[] scratch(int bytes) {
    if (scratch == null || scratch.length < bytes) {
      scratch = new byte[Math.max(bytes, 256)];
    }
    return scratch;
  }

  private void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
    int n = putVarint(scratch, 0, bytes.length);
    out.write(scratch, 0, n);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputView in) throws IOException {
    int n = readLength(in);
    if (n == 0) {
      return EMPTY;
    }
    byte[] bytes = new byte[n];
    in.readFully(bytes);
    return bytes;
  }

  private static int putLong(byte[] b, int at, long v) {
    for (int i = 0; i < 8; i++) {
      b[at + i] = (byte) (v >>> (56 - 8 * i));
    }
    return at + 8;
  }

  private static int putVarint(byte[] b, int at, int v) {
    while ((v & ~0x7f) != 0) {
      b[at++] = (byte) (v | 0x80);
      v >>>= 7;
    }
    b[at++] = (byte) v;
    return at;
  }

  private static int readLength(DataInputView in) throws IOException {
    int n = readVarint(in);
    if (n < 0) {
      throw new IOException("length of a field of an event is " + n + "; the stream is damaged");
    }
    return n;
  }

  private static int readVarint(DataInputView in) throws IOException {
    int v = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte x = in.readByte();
      v |= (x & 0x7f) << shift;
      if (x >= 0) {
        return v;
      }
    }
    throw new IOException("a varint of an event has more than 5 bytes; the stream is damaged");
  }
}
